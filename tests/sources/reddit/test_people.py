"""People and accounts on Reddit: names as people write them, and a code in the profile that proves who asks to be let
alone."""

import pytest
from django.utils import timezone

from dashboard.opting_out import provable, request_of
from ingest.stepping_out import check
from listening.handles import normal
from listening.models import Mention, OptOut, Source
from listening.secrets import person_key, seal
from tests.builders import a_brand, a_mention, a_source, an_author
from tests.sources.loopback import Loopback
from tests.sources.reddit.server import SECRET, Server, settings


@pytest.mark.parametrize(
    "written",
    ["u/Acme_Mugs", "/u/acme_mugs", "acme_mugs", "@acme_mugs", "https://www.reddit.com/user/Acme_Mugs/",
     "https://old.reddit.com/u/acme_mugs/comments", "/user/acme_mugs"],
)  # fmt: skip
def test_a_name_is_known_however_it_is_written(written: str) -> None:
    assert normal("reddit", written) == "acme_mugs"


@pytest.mark.parametrize("written", ["r/acme", "ac", "acme mugs", "a" * 21, "https://reddit.com/r/acme", "acme!"])
def test_what_is_no_name_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match="is not a name on Reddit"):
        normal("reddit", written)


@pytest.mark.django_db
def test_a_code_is_looked_for_where_a_source_has_keys_and_proves_the_account(net: Loopback, server: Server) -> None:
    assert not provable("reddit") and request_of("reddit", "rosa", "listen").state == "asked"
    brand = a_brand()
    row = a_source(brand, kind="reddit", settings=settings(net), credentials=seal(SECRET))
    assert provable("reddit")
    version, key = person_key("reddit", "t2_rosa1")
    a_mention(brand, network="reddit", author=an_author(network="reddit", key=key, key_version=version, handle="rosa"))
    request = request_of("reddit", "rosa", "listen")
    server.people["rosa"] = {"id": "rosa1", "subreddit": {"public_description": f"hello {request.code}"}}
    check(request.pk, timezone.now())
    request.refresh_from_db()
    assert (request.state, request.proven, request.sealed) == ("done", True, "")
    assert not Mention.objects.exists() and OptOut.objects.filter(key=key, scope="listen").exists()
    Source.objects.filter(pk=row.pk).update(state="paused")
    assert not provable("reddit") and provable("hackernews") and not provable("x")

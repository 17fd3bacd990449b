"""Client: Mastodon.py pointed at one instance through the network door, and its errors in our words.

https://docs.joinmastodon.org/api/ and https://mastodonpy.readthedocs.io/. The library sleeps at rate limits unless
told to throw, and takes a token that happens to name a file for that file's content: both are prevented here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import mastodon
import requests

from ingest.sources.base import SourceError
from listening.guarded import mount
from listening.http import USER_AGENT, ForbiddenAddress, guard

ASSUMED = "4.3.0"
"""The version taken for granted: asked for it, Mastodon.py 2.3.3 recurses for ever where an instance does not tell."""

REST = timedelta(minutes=5)  # the length of Mastodon's rate limit window


class Instance:
    """One server; `url` without a slash at its end, `host` as people name it."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.host = urlsplit(url).netloc
        self.token = token
        self.answer = ""
        session = requests.Session()
        session.hooks["response"].append(self._remember)
        mount(session)
        self.client: Any = mastodon.Mastodon(
            api_base_url=url,
            session=session,
            ratelimit_method="throw",
            version_check_mode="none",
            mastodon_version=ASSUMED,
            user_agent=USER_AGENT,
        )
        self.client.mastodon_major, self.client.mastodon_minor, _ = map(int, ASSUMED.split("."))
        self.client.access_token = token or None

    def _remember(self, response: requests.Response, *args: Any, **more: Any) -> None:
        """Keep the network's own words: the library's errors lose them."""
        self.answer = f"{response.status_code} {response.text[:1000]}"

    def rest_until(self) -> datetime | None:
        """When the next request is allowed, if the last answer said that none is left."""
        if self.client.ratelimit_remaining or not self.client.ratelimit_reset:
            return None
        return datetime.fromtimestamp(self.client.ratelimit_reset, UTC)

    @contextmanager
    def told(self, now: datetime, only: bool) -> Iterator[None]:
        """Errors of the library as SourceErrors. `only`: a refusal by this instance is one by the whole source."""
        try:
            guard(self.url)
            yield
        except ForbiddenAddress as error:
            raise SourceError(error.sentence, code="settings", permanent=only) from error
        except mastodon.MastodonRatelimitError as error:
            reset = self.client.ratelimit_reset
            at = max(datetime.fromtimestamp(reset, UTC), now) if reset else now + REST
            raise SourceError(
                f"{self.host} asks for fewer requests; Earshot waits.", code="rate_limit", retry_at=at, raw=repr(error)
            ) from error
        except mastodon.MastodonNetworkError as error:
            if isinstance(error.__context__, ForbiddenAddress):
                raise SourceError(error.__context__.sentence, code="settings", permanent=only) from error
            raise SourceError(
                f"{self.host} could not be reached or took too long. Earshot tries again by itself.",
                code="network",
                raw=repr(error),
            ) from error
        except mastodon.MastodonError as error:
            raise self._failure(error, only) from error
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            # Mastodon.py stumbles over answers whose shape it does not know.
            raise unknown_shape(self.host, self.answer) from error

    def _failure(self, error: mastodon.MastodonError, only: bool) -> SourceError:
        status = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else None
        raw = self.answer if status else repr(error)
        if status == 401 and self.token:
            sentence = f"{self.host} does not accept the token any more. Create a new one there and enter it again."
            return SourceError(sentence, code="auth", permanent=only, raw=raw)
        if status == 401:
            sentence = f"{self.host} shows this only to its members. Enter a token, or choose another instance."
            return SourceError(sentence, code="auth", permanent=only, raw=raw)
        if status == 403:
            sentence = f"{self.host} refuses (403): the token may lack a scope, or the server blocks Earshot."
            return SourceError(sentence, code="auth", raw=raw)
        if status == 404:
            sentence = f"{self.host} does not know this address (404). Is it a Mastodon server, and up to date?"
            return SourceError(sentence, code="not_found", raw=raw)
        if status and status >= 500:
            sentence = f"{self.host} has trouble of its own ({status}). Earshot tries again by itself."
            return SourceError(sentence, code="server", raw=raw)
        return unknown_shape(self.host, raw)


def unknown_shape(host: str, raw: str) -> SourceError:
    return SourceError(
        f"{host} answered in an unknown way; nothing was stored and the place is kept. Check that it is a Mastodon "
        "server; if it is, look for an update of Earshot.",
        code="schema",
        raw=raw,
    )

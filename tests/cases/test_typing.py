"""Typing: colleagues see who is writing on a case, for seconds; nobody else ever does."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.test import Client
from django.utils import timezone

from dashboard.cases import typing
from dashboard.live import events, frame
from listening.models import Brand, Case, User
from tests.builders import a_brand, a_case, a_complaint, a_member
from tests.cases.conftest import SignIn

NOW = timezone.now()


@pytest.fixture
def case(acme: Brand) -> Case:
    return a_case(a_complaint(acme))


@pytest.fixture(autouse=True)
def fresh(valkey: "redis.Redis") -> None:
    typing.broker.cache_clear()


def test_who_writes_is_known_to_the_others_for_seconds(case: Case, acme: Brand, maria: User) -> None:
    tom = a_member(acme)
    typing.tell(case, maria, "note", NOW)
    assert typing.writing(case, tom, NOW) == [maria]
    assert typing.writing(case, maria, NOW) == []
    assert typing.writing(case, tom, NOW + timedelta(seconds=9)) == []


def test_what_is_kept_is_numbers_and_goes_away(case: Case, maria: User, valkey: "redis.Redis") -> None:
    typing.tell(case, maria, "note", NOW)
    key = f"earshot:typing:{case.pk}"
    assert valkey.zrange(key, 0, -1) == [str(maria.pk).encode()]
    assert 0 < int(str(valkey.ttl(key))) <= typing.SECONDS


def test_the_case_page_says_who_is_writing_when_it_opens(as_role: SignIn, case: Case, maria: User) -> None:
    typing.tell(case, maria, "reply", timezone.now())
    assert "Maria is writing" in as_role("manager").get(f"/b/acme/inbox/{case.pk}/").content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 403), ("stranger", 404), ("logged out", 302), ("marketer", 204)]
)
def test_only_those_who_work_are_writing(as_role: SignIn, case: Case, role: str, status: int) -> None:
    where = f"/b/acme/inbox/{case.pk}/typing/"
    assert as_role(role).post(where, {"place": "note"}).status_code == status


def test_it_takes_no_other_place_and_no_case_of_another_brand(as_maria: Client, case: Case) -> None:
    assert as_maria.post(f"/b/acme/inbox/{case.pk}/typing/", {"place": "<b>"}).status_code == 422
    other = a_case(a_complaint(a_brand("Other")))
    assert as_maria.post(f"/b/acme/inbox/{other.pk}/typing/", {"place": "note"}).status_code == 404


def test_without_a_broker_nobody_is_told_and_nothing_breaks(
    as_maria: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.cases.typing.settings.REDIS_URL", "redis://127.0.0.1:1/0")
    assert as_maria.post(f"/b/acme/inbox/{case.pk}/typing/", {"place": "note"}).status_code == 204
    assert as_maria.get(f"/b/acme/inbox/{case.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("told", "name"), [({"new": 1}, "mentions"), ({"type": "typing"}, "typing"), ({"type": "x\nevent: y"}, "mentions")]
)
def test_each_frame_says_what_it_is(told: dict[str, Any], name: str) -> None:
    assert frame(json.dumps(told).encode()).startswith(f"event: {name}\ndata: ".encode())


async def test_the_stream_of_the_brand_alone_carries_it() -> None:
    maria, case = User(pk=5, email="maria@example.org", name="Maria"), Case(pk=77, brand_id=1_000_003)
    mine, other = events(1_000_003), events(1_000_004)
    assert [await anext(mine), await anext(other)] == [b"retry: 3000\n\n"] * 2
    await asyncio.to_thread(typing.tell, case, maria, "note", timezone.now())
    heard = b":"
    while heard.startswith(b":"):  # signs of life
        heard = await asyncio.wait_for(anext(mine), 5)
    assert heard.startswith(b"event: typing\n") and b'"who":"Maria"' in heard and b"example.org" not in heard
    assert (await asyncio.wait_for(anext(other), 5)).startswith(b":")
    await mine.aclose()  # type: ignore[attr-defined]
    await other.aclose()  # type: ignore[attr-defined]

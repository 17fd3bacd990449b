"""Credentials at rest survive a change of keys and nothing else; people's hashes need the pepper."""

import pytest
from hypothesis import given, strategies as st
from pytest_django import Settings

from listening.secrets import (
    Unreadable,
    person_hash,
    person_key,
    person_keys,
    rotate,
    rotate_with,
    seal,
    seal_with,
    unseal,
    unseal_with,
)

OLD, NEW = "the former key, long enough to be random", "a fresh key, long enough to be random"


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=5))
def test_it_gives_back_what_was_sealed(mapping: dict[str, str]) -> None:
    assert unseal_with([OLD], seal_with([OLD], mapping)) == mapping


def test_it_hides_what_was_sealed() -> None:
    token = seal_with([OLD], {"password": "hunter2"})
    assert "hunter2" not in token
    assert token != seal_with([OLD], {"password": "hunter2"})


def test_it_opens_old_seals_after_a_new_key_came_in_front() -> None:
    token = seal_with([OLD], {"token": "a"})
    assert unseal_with([NEW, OLD], token) == {"token": "a"}


def test_it_needs_no_old_key_after_rotation() -> None:
    turned = rotate_with([NEW, OLD], seal_with([OLD], {"token": "a"}))
    assert unseal_with([NEW], turned) == {"token": "a"}
    with pytest.raises(Unreadable):
        unseal_with([OLD], turned)


@pytest.mark.parametrize("token", ["nonsense", "gAAAAA==", "ü"])
def test_it_says_what_to_do_when_no_key_fits(token: str) -> None:
    with pytest.raises(Unreadable, match="EARSHOT_CREDENTIAL_KEYS"):
        unseal_with([NEW], token)
    with pytest.raises(Unreadable, match="EARSHOT_CREDENTIAL_KEYS"):
        rotate_with([NEW], token)


def test_it_refuses_a_changed_seal() -> None:
    token = seal_with([OLD], {"token": "a"})
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    with pytest.raises(Unreadable):
        unseal_with([OLD], changed)


@pytest.mark.parametrize("keys", [[], [""], [OLD, ""]])
def test_it_seals_nothing_without_a_key(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="EARSHOT_SECRET_KEY"):
        seal_with(keys, {"token": "a"})


def test_it_treats_no_credentials_as_none() -> None:
    assert unseal_with([OLD], "") == {}
    assert rotate_with([OLD], "") == ""


def test_it_reads_keys_and_peppers_from_the_settings(settings: Settings) -> None:
    settings.EARSHOT_CREDENTIAL_KEYS = [OLD]
    token = seal({"token": "a"})
    settings.EARSHOT_CREDENTIAL_KEYS = [NEW, OLD]
    assert unseal(token) == {"token": "a"}
    assert unseal_with([NEW], rotate(token)) == {"token": "a"}
    settings.EARSHOT_PEPPERS = {1: "first", 2: "second"}
    assert person_key("x", "42") == (2, person_hash("second", "x", "42"))
    assert person_keys("x", "42") == [person_key("x", "42"), (1, person_hash("first", "x", "42"))]


def test_it_knows_a_person_only_with_the_pepper_and_on_one_network() -> None:
    hashes = {person_hash("a", "x", "42"), person_hash("b", "x", "42"), person_hash("a", "bluesky", "42")}
    assert len(hashes) == 3
    assert all(len(digest) == 64 for digest in hashes)
    # RFC 2104 over "x:42" with key "a", computed with openssl dgst -sha256 -hmac a
    assert person_hash("a", "x", "42") == "46d8f0e7d608e238cd5c891a9afc315a0549bc90b589f7a8d73e6f2298ccf0d5"


def test_it_hashes_nobody_without_a_pepper() -> None:
    with pytest.raises(ValueError, match="EARSHOT_PEPPER"):
        person_hash("", "x", "42")

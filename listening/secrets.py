"""Secrets: credentials at rest, and keyed hashes of people.

Credentials are sealed with Fernet (AES-128-CBC and HMAC-SHA256). The first key seals, all keys unseal, so a key is
rotated by putting a new one in front, running `rotate` over the rows and dropping the old one. People are known by
HMAC-SHA256 under a pepper that lives outside the database: a plain hash of an account's id could be undone by trying
all ids. A pepper can't be replaced in stored hashes, therefore each hash carries the version of its pepper.

Functions that take keys are pure; `seal`, `unseal`, `rotate` and `person_key` read Django's settings on their behalf.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"earshot credentials v1"


class Unreadable(ValueError):
    """Sealed credentials that no key opens; `sentence` says what to do."""

    def __init__(self) -> None:
        self.sentence = (
            "The stored credentials can't be read with the keys of this installation. "
            "Put the former key back into EARSHOT_CREDENTIAL_KEYS, or enter the credentials again."
        )
        super().__init__(self.sentence)


def seal_with(keys: Sequence[str], mapping: Mapping[str, str]) -> str:
    """Encrypt with the first key; the same mapping gives another text each time."""
    return _box(tuple(keys)).encrypt(json.dumps(dict(mapping), sort_keys=True).encode()).decode("ascii")


def unseal_with(keys: Sequence[str], token: str) -> dict[str, str]:
    """What was sealed with any of the keys; "" holds nothing. Raises Unreadable."""
    if not token:
        return {}
    try:
        opened: dict[str, str] = json.loads(_box(tuple(keys)).decrypt(token.encode()))
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error
    return opened


def rotate_with(keys: Sequence[str], token: str) -> str:
    """The same content under the first key. Raises Unreadable."""
    if not token:
        return token
    try:
        return _box(tuple(keys)).rotate(token.encode()).decode("ascii")
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error


@lru_cache(maxsize=16_384)
def person_hash(pepper: str, network: str, stable_id: str) -> str:
    """64 hex digits: HMAC-SHA256(pepper, network + ":" + stable id). A page of posts asks for each several times."""
    if not pepper:
        raise ValueError("People can't be hashed with an empty pepper: set EARSHOT_PEPPER.")
    return hmac.digest(pepper.encode(), f"{network}:{stable_id}".encode(), "sha256").hex()


def seal(mapping: Mapping[str, str]) -> str:
    return seal_with(settings.EARSHOT_CREDENTIAL_KEYS, mapping)


def unseal(token: str) -> dict[str, str]:
    return unseal_with(settings.EARSHOT_CREDENTIAL_KEYS, token)


def rotate(token: str) -> str:
    return rotate_with(settings.EARSHOT_CREDENTIAL_KEYS, token)


def person_key(network: str, stable_id: str) -> tuple[int, str]:
    """(version of the newest pepper, hash): what is stored."""
    version = max(settings.EARSHOT_PEPPERS)
    return version, person_hash(settings.EARSHOT_PEPPERS[version], network, stable_id)


def person_keys(network: str, stable_id: str) -> list[tuple[int, str]]:
    """The hash under every pepper, newest first: what to look for where older rows may exist."""
    return [(version, person_hash(pepper, network, stable_id)) for version, pepper in peppers()]


def peppers() -> list[tuple[int, str]]:
    """(version, pepper), the newest first."""
    return sorted(settings.EARSHOT_PEPPERS.items(), reverse=True)


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys or not all(keys):
        raise ValueError(
            "Credentials can't be stored without a key: set EARSHOT_SECRET_KEY or EARSHOT_CREDENTIAL_KEYS."
        )
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    """A Fernet key out of any text of enough randomness (HKDF-SHA256, RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)

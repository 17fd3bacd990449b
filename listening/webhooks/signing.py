"""Signing: how a receiver knows that a message came from here, is whole and is not an old one played again.

Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
HMAC-SHA256 over `id.timestamp.body`, so that its libraries can check it. The key is what stands behind "whsec_", in
base64. While a secret is being replaced, a message carries a signature of each.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
NEW_BYTES = 32
FEWEST_BYTES, MOST_BYTES = 24, 64  # as the standard says


class NoSecret(ValueError):
    """A text that is no secret of a webhook; the message says what one looks like."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(NEW_BYTES)).decode("ascii")


def key_of(secret: str) -> bytes:
    """The bytes that sign. Raises NoSecret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise NoSecret(f"A secret is {PREFIX} and then {FEWEST_BYTES} to {MOST_BYTES} random bytes in base64.")
    return key


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """ "v1," and the base64 of HMAC-SHA256(key, "message.timestamp.body")."""
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode("ascii")


def headers(secrets: Sequence[str], message: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """What goes with the body; `now` is when it is tried, not when it happened."""
    timestamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message, timestamp, body) for secret in secrets),
    }

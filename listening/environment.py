"""Reading settings from the environment: typed, and with a sentence when a value is wrong."""

import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def load_env_file(path: Path) -> None:
    """Put the lines `NAME=value` of a .env file into the environment; what is set already wins."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write true or false.")


def integer(name: str, default: int, at_least: int = 0) -> int:
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number of at least {at_least}.")
    return int(value)


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """Values separated by commas or spaces."""
    return [word for word in text(name, " ".join(default)).replace(",", " ").split() if word]


def networks(name: str) -> list[str]:
    """CIDRs such as 127.0.0.0/8, checked."""
    for word in words(name):
        try:
            ipaddress.ip_network(word)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {word!r}, which is not a network ({error}): write CIDRs such as 10.0.0.0/8."
            ) from error
    return words(name)

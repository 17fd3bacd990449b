"""Which addresses Earshot may speak to: public ones, and private ones that the operator listed.

An admin types addresses of feeds and instances, strangers' servers answer with redirects: without this check either
could make Earshot read the host's own network (server-side request forgery). Names are checked by the addresses they
resolve to, never by how they are spelt, so "127.1", "0x7f000001" or a public name that points inwards change nothing.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

ALLOW_VARIABLE = "EARSHOT_ALLOW_PRIVATE"

_PORTS = {"http": 80, "https": 443}
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Beyond what `ipaddress` calls private; older Pythons also miss some of the IANA special-purpose registry.
_FORBIDDEN: tuple[IPNetwork, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and Alibaba's metadata service
        "168.63.129.16/32",  # Azure's wire server stands on a public address
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "3fff::/20",
    )
)


class ForbiddenAddress(ValueError):
    """An address that Earshot must not speak to; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnknownHost(OSError):
    """A name that resolves to nothing."""


@lru_cache(maxsize=32)
def networks(text: str) -> tuple[IPNetwork, ...]:
    """CIDRs out of "127.0.0.0/8, ::1/128". Raises ValueError with a sentence for anything else."""
    try:
        return tuple(ipaddress.ip_network(part, strict=False) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ValueError(
            f"{ALLOW_VARIABLE} must list address ranges such as 10.0.0.0/8, separated by commas: {error}."
        ) from error


def allowed_by_operator(text: str | None = None) -> tuple[IPNetwork, ...]:
    """The private ranges that may be reached; `None` reads the environment."""
    return networks(os.environ.get(ALLOW_VARIABLE, "") if text is None else text)


def is_public(address: IPAddress) -> bool:
    """True for an address of the open internet, after `unwrap`."""
    if address.version == 6 and address not in _PUBLIC_V6:
        return False
    return address.is_global and not any(_inside(address, network) for network in _FORBIDDEN)


def unwrap(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv4-mapped, IPv4-compatible, NAT64 or 6to4 one; others stay as they are."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if inner := address.ipv4_mapped or address.sixtofour:
        return inner
    high, low = divmod(int(address), 2**32)
    if address in _NAT64 or (high == 0 and low > 1):
        return ipaddress.IPv4Address(low)
    return address


def may_reach(text: str, allow: Sequence[IPNetwork]) -> bool:
    """May a connection be opened to this literal address?"""
    address = unwrap(ipaddress.ip_address(text.partition("%")[0]))
    return is_public(address) or any(_inside(address, network) for network in allow)


def split(url: str) -> tuple[SplitResult, str, int]:
    """The parts of a URL with its host and port. Raises ForbiddenAddress unless it is plain http or https."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ForbiddenAddress(f"{shown(url)} is not an address: {error}. Check how it is spelt.") from error
    if parts.scheme not in _PORTS:
        raise ForbiddenAddress(f"{shown(url)} can't be read: only http:// and https:// addresses can.")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress(
            f"The address of {parts.hostname} holds a name or password. Remove it: credentials have their own fields."
        )
    if not parts.hostname:
        raise ForbiddenAddress(f"{shown(url)} names no host. Check how it is spelt.")
    return parts, parts.hostname, port or _PORTS[parts.scheme]


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, in the system's order. Raises UnknownHost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise UnknownHost(f"The name {host} is not known. Check how it is spelt, and this machine's DNS.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(host: str, port: int, allow: Sequence[IPNetwork], resolver: Resolver = resolve) -> Sequence[str]:
    """The addresses of a host, every one of them permitted; connect to these and don't ask again.

    Asking twice is how DNS rebinding works. Raises ForbiddenAddress, UnknownHost.
    """
    addresses = resolver(host, port)
    for address in addresses:
        if not may_reach(address, allow):
            raise ForbiddenAddress(_refusal(host, address))
    return addresses


def guard(url: str, allow: str | None = None) -> None:
    """Check an address that a client library with its own HTTP is about to use.

    `allow` lists CIDRs as EARSHOT_ALLOW_PRIVATE does, which is read where it is None. Raises ForbiddenAddress.
    A name that does not resolve passes: the library's own error says so better. ws:// and wss:// count as http(s).
    """
    web = "http" + url.strip()[2:] if url.strip().lower().startswith(("ws://", "wss://")) else url
    _, host, port = split(web)
    try:
        checked(host, port, allowed_by_operator(allow))
    except UnknownHost:
        return


def shown(url: str) -> str:
    """A URL fit for messages and logs: without credentials, query or fragment, which may hold keys."""
    plain = url.strip().partition("?")[0].partition("#")[0]
    scheme, colon, rest = plain.partition("://")
    if not colon:
        return plain[:200]
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"[:200]


def _inside(address: IPAddress, network: IPNetwork) -> bool:
    return address.version == network.version and address in network


def _refusal(host: str, address: str) -> str:
    where = host if host == address else f"{host} ({address})"
    return (
        f"{where} is inside a private or reserved network, which Earshot does not read. "
        f"If that is meant, list its range in {ALLOW_VARIABLE}."
    )

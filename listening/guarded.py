"""The network door for client libraries that use requests: mount it on their session.

Each connection, redirects included, goes to an address that was checked; answers are bounded in size and time.
Streams (`stream=True`) are unbounded by nature and only their connections are checked.
"""

import time
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from listening.addresses import Resolver, UnknownHost, allowed_by_operator, checked, resolve, shown

CHUNK = 65_536


class AnswerTooLarge(requests.RequestException):
    """More bytes, or more time, than an answer may take."""


class GuardedAdapter(HTTPAdapter):
    """`timeout` is (connect, between two bytes) in seconds where the library sets none, `total` for the whole answer,
    `max_bytes` after decompression; `allow_private` as for `listening.http.Door`. Never retries, ignores proxies.
    """

    def __init__(
        self,
        *,
        timeout: tuple[float, float] = (6.0, 15.0),
        total: float = 60.0,
        max_bytes: int = 20_000_000,
        allow_private: str | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self.timeout = timeout
        self.total = total
        self.max_bytes = max_bytes
        self.allow_private = allow_private
        self.resolver = resolver
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = _pools(self.allow_private, self.resolver)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        end = time.monotonic() + self.total
        response = super().send(request, stream=True, timeout=timeout or self.timeout, verify=verify, cert=cert)
        if not stream:
            response._content = self._read(response, end)
            response._content_consumed = True  # type: ignore[attr-defined]
        return response

    def _read(self, response: requests.Response, end: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > self.max_bytes or time.monotonic() > end:
                response.close()
                raise AnswerTooLarge(
                    f"{shown(response.url)} answered more than {self.max_bytes:,} bytes or took more than "
                    f"{self.total:.0f} seconds, the most that is read.",
                    response=response,
                )
        return bytes(content)


def mount(session: requests.Session, adapter: GuardedAdapter | None = None) -> None:
    """Let a session speak through the door only; `session.trust_env` goes off with it."""
    door = adapter or GuardedAdapter()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, door)


def _pools(allow_private: str | None, resolver: Resolver) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools with connections that look before they leap; the TLS host name stays the one asked for."""

    def connect(connection: HTTPConnection) -> Any:
        host = connection._dns_host
        try:
            addresses = checked(host, connection.port, allowed_by_operator(allow_private), resolver)
        except UnknownHost as error:
            raise NameResolutionError(host, connection, error.__cause__ or error) from error  # type: ignore[arg-type]
        failure: OSError | None = None
        for address in addresses:
            try:
                return create_connection(
                    (address, connection.port),
                    connection.timeout,
                    source_address=connection.source_address,
                    socket_options=connection.socket_options,
                )
            except OSError as error:
                failure = error
        raise NewConnectionError(connection, f"Could not connect: {failure}")

    class Plain(HTTPConnection):
        _new_conn = connect

    class Secure(HTTPSConnection):
        _new_conn = connect

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}

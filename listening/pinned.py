"""Connections that go only to addresses that were checked, and that end with the time of the whole request.

The check and the connection share one look-up of the name: asking twice is how DNS rebinding works.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from listening.addresses import IPNetwork, Resolver, UnknownHost, checked

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Everything that is read or written inside must be done after so many seconds, however slowly bytes drip."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


class Pinned(httpx.HTTPTransport):
    """httpx's own transport with the pool's connector replaced.

    httpx offers no argument for it; `tests/http` fails if a new version stops using `_pool`.
    """

    def __init__(self, allow: tuple[IPNetwork, ...], resolver: Resolver) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=10,
            keepalive_expiry=20.0,
            network_backend=_Backend(allow, resolver),
        )


class _Backend(httpcore.SyncBackend):
    """Opens connections only to addresses that were checked, and to exactly those."""

    def __init__(self, allow: tuple[IPNetwork, ...], resolver: Resolver) -> None:
        self.allow = allow
        self.resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = UnknownHost(f"The name {host} has no address.")
        for address in checked(host, port, self.allow, self.resolver):
            try:
                stream = super().connect_tcp(address, port, _left(timeout), local_address, socket_options)
                return _Stream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection whose reads end with the request's total time, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self.inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole request is spent")
    return left if timeout is None else min(timeout, left)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()

"""Google's client library, pointed at any address and sent through the network door.

It brings httplib2, which would go anywhere, and takes any object with `request` in its place. Its description of the
API lies in the installed package, so nothing is asked for it. The key travels in addresses, so addresses stay out of
logs and errors.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httplib2
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from listening.addresses import split
from listening.guarded import GuardedAdapter, mount
from listening.http import USER_AGENT

OFFICIAL = "https://youtube.googleapis.com"
TOKENS = "https://oauth2.googleapis.com/token"
TIMEOUT = (6.0, 20.0)
"""Seconds until a connection stands, and between two bytes."""
BUSY = (408, 429)
KEYS = ("client_id", "client_secret", "refresh_token")

for talkative in ("googleapiclient", "google_auth_httplib2", "urllib3.connectionpool"):
    logging.getLogger(talkative).setLevel(logging.ERROR)  # their lesser lines hold addresses, and these the key


class Transport:
    """What the client takes for httplib2. Nothing is followed, kept or tried twice.

    `tokens` is the address of the sign-in: where that is busy, Google's library would sleep and ask again.
    """

    def __init__(self, tokens: str = "") -> None:
        self._tokens = tokens
        self._session = requests.Session()
        mount(self._session, GuardedAdapter(timeout=TIMEOUT))

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: Any = None,
    ) -> tuple[Any, bytes]:
        """Raises requests.RequestException, ForbiddenAddress, RefreshError."""
        split(uri)
        told = {**(headers or {}), "user-agent": f"{USER_AGENT} (gzip)"}
        answer = self._session.request(method, uri, data=body, headers=told, allow_redirects=False)
        if uri == self._tokens and (answer.status_code in BUSY or answer.status_code >= 500):
            raise RefreshError(str(answer.status_code), retryable=True)  # type: ignore[no-untyped-call]
        response = httplib2.Response({**answer.headers, "status": str(answer.status_code)})
        response.reason = answer.reason
        return response, answer.content

    def close(self) -> None:
        self._session.close()


def reading(api_url: str, key: str) -> Any:
    """The API as anybody with this key sees it."""
    return _api(api_url, Transport(), key)


def writing(api_url: str, token_url: str, keys: tuple[str, ...]) -> Any:
    """The API in the name of the channel that gave this refresh token."""
    client_id, client_secret, refresh_token = keys
    credentials = Credentials(  # type: ignore[no-untyped-call]
        None, refresh_token=refresh_token, token_uri=token_url, client_id=client_id, client_secret=client_secret
    )
    return _api(api_url, AuthorizedHttp(credentials, http=Transport(token_url)))


def _api(api_url: str, http: Any, key: str | None = None) -> Any:
    address = {"api_endpoint": api_url.rstrip("/")}
    return build("youtube", "v3", http=http, developerKey=key, static_discovery=True, client_options=address)


def check_address(url: str) -> None:
    """Raises ValueError with a sentence for an address that nothing can be appended to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"The address must look like {OFFICIAL}.")

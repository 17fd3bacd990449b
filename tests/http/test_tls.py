"""The pinned address does not weaken TLS: the certificate must be of the name that was asked for."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listening import pinned
from listening.guarded import GuardedAdapter, mount
from listening.http import Door, NetworkError
from tests.sources.loopback import Loopback, reply


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for secure.example and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "secure.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "secure.pem"
    unprotected = serialization.NoEncryption()
    told = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unprotected)
    path.write_bytes(told + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def net(certificate: Path) -> Iterator[Loopback]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Loopback(tls=context) as network:
        network.script("GET", "/", reply(200, "private"))
        yield network


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def a_door() -> Door:
    return Door(allow_private="127.0.0.0/8", resolver=here, retries=0)


def test_the_door_checks_the_name_and_not_the_address(
    net: Loopback, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(pinned, "_tls", lambda: trusting)
    with a_door() as door:
        assert door.get(f"https://secure.example:{net.port}/").content == b"private"
        with pytest.raises(NetworkError, match="no valid certificate"):
            door.get(f"https://other.example:{net.port}/")


def test_the_door_trusts_nobody_unknown(net: Loopback) -> None:
    with a_door() as door, pytest.raises(NetworkError, match="no valid certificate"):
        door.get(f"https://secure.example:{net.port}/")


def test_sessions_check_the_name_too(net: Loopback, certificate: Path) -> None:
    session = requests.Session()
    mount(session, GuardedAdapter(allow_private="127.0.0.0/8", resolver=here))
    with pytest.raises(requests.exceptions.SSLError):
        session.get(f"https://secure.example:{net.port}/")
    session.verify = str(certificate)
    assert session.get(f"https://secure.example:{net.port}/").text == "private"
    with pytest.raises(requests.exceptions.SSLError):
        session.get(f"https://other.example:{net.port}/")

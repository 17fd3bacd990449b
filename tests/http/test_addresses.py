"""Only public addresses and those that the operator listed may be spoken to."""

import pytest

from listening.addresses import ForbiddenAddress, may_reach, networks, shown
from listening.http import guard

INWARD = """
127.0.0.1 127.255.0.1 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200
168.63.129.16 192.0.0.192 192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1
::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 ::a00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::a00:1 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:53aa:64c::1 2001:db8::1 3fff::1 fe80::1 fe80::1%eth0 fec0::1
fc00::1 fd00:ec2::254 ff02::1 100::1 5f00::1
"""
OUTWARD = """
8.8.8.8 1.1.1.1 172.32.0.1 100.128.0.1 169.255.0.1 2606:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808
2002:808:808::1
"""
URLS_INWARD = """
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://017700000001/ http://0/ http://localhost/
http://[::1]/ http://[::ffff:127.0.0.1]:8080/ https://169.254.169.254/latest ws://127.0.0.1:6379/ wss://[fd00::1]/
http://127.0.0.1%2f@127.0.0.1/ http://user@8.8.8.8/ http://:pass@8.8.8.8/ ftp://8.8.8.8/ file:///etc/passwd
gopher://8.8.8.8/ //8.8.8.8/ 8.8.8.8 http:// http:///x http://8.8.8.8:99999/ javascript:alert(1)
"""


@pytest.mark.parametrize("address", INWARD.split())
def test_it_reaches_nothing_inside(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", OUTWARD.split())
def test_it_reaches_the_open_internet(address: str) -> None:
    assert may_reach(address, ())


@pytest.mark.parametrize("url", URLS_INWARD.split())
def test_it_guards_addresses_however_they_are_spelt(url: str) -> None:
    with pytest.raises(ForbiddenAddress) as caught:
        guard(url, allow="")
    assert len(caught.value.sentence) > 20
    assert "pass" not in caught.value.sentence.replace("password", "").replace("/etc/passwd", "")


def test_it_lets_the_operator_list_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "10.0.0.0/8, ::1/128")
    guard("http://10.1.2.3/")
    guard("http://[::1]:99/")
    guard("http://[::ffff:10.1.2.3]/")
    with pytest.raises(ForbiddenAddress, match="EARSHOT_ALLOW_PRIVATE"):
        guard("http://127.0.0.1/")
    with pytest.raises(ForbiddenAddress):
        guard("http://10.1.2.3/", allow="")


def test_it_lets_the_library_complain_about_unknown_names() -> None:
    guard("https://nobody.invalid/")


def test_it_names_a_wrong_range() -> None:
    with pytest.raises(ValueError, match="such as 10.0.0.0/8"):
        networks("10.0.0.0/8, everywhere")
    assert networks("") == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a:b@h.example/p?key=1#x", "https://h.example/p"),
        ("https://h.example?key=1", "https://h.example"),
        ("https://h.example/a@b", "https://h.example/a@b"),
        ("nonsense?key", "nonsense"),
    ],
)
def test_it_shows_addresses_without_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected

"""Targets: which URLs a webhook may have, and which addresses the server may send to."""

from ipaddress import ip_address, ip_network

import pytest

from tasks.domain import targets

pytestmark = pytest.mark.once

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
]
NOT_PUBLIC = [
    *("127.0.0.1", "127.255.0.1", "10.0.0.8", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
    *(
        "169.254.169.254",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
    ),
    *("192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
    ),
    # The same addresses, written or translated into IPv6.
    *(
        "::ffff:127.0.0.1",
        "::ffff:a00:8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.8",
        "64:ff9b:1::1",
    ),
    *("2002:7f00:1::", "2001:0:7f00:1::", "3fff::1", "5f00::1", "4000::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address):
    assert targets.may_reach(ip_address(address), [])


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_is(address):
    assert not targets.may_reach(ip_address(address), [])


def test_what_the_operator_allows_is_reached_in_whatever_way_it_is_written():
    allowed = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    for address in ("10.0.0.8", "::ffff:10.0.0.8", "64:ff9b::10.0.0.8", "fd12::1"):
        assert targets.may_reach(ip_address(address), allowed)
    for address in ("127.0.0.1", "192.168.1.1", "fc00::1", "::1"):
        assert not targets.may_reach(ip_address(address), allowed)


def test_a_url_is_taken_apart():
    plain = targets.parse("https://Hooks.Example/a/b?c=d&e")
    assert (plain.scheme, plain.host, plain.port, plain.path) == ("https", "hooks.example", 443, "/a/b?c=d&e")
    assert plain.authority == "hooks.example"
    assert targets.parse("http://hooks.example").path == "/"
    assert targets.parse("http://hooks.example:443/").authority == "hooks.example:443"
    assert targets.parse("http://[2606:4700::1111]:8080/x").authority == "[2606:4700::1111]:8080"


REFUSED = {
    "ftp://hooks.example/": "begins with https",
    "file:///etc/passwd": "begins with https",
    "//hooks.example/": "begins with https",
    "hooks.example": "begins with https",
    "https:///x": "begins with https",
    "https://user:word@hooks.example/": "no user",
    "https://hooks.example@10.0.0.8/": "no user",
    "https://hooks.example/#part": "no user",
    "https://hooks.example/ x": "no spaces",
    "https://hooks.example/\r\nHost: other": "no spaces",
    "https://hooks.example\\@10.0.0.8/": "no spaces",
    "https://h\u00f6oks.example/": "ASCII",
    "https://hooks.example:99999/": "no URL",
    "https://hooks.example:0/": "no host's name",
    "https://[::1/": "no URL",
    "https://hooks..example/": "no host's name",
    "https://-x.example/": "no host's name",
    f"https://hooks.example/{'x' * 2000}": "2000",
}


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_url_of_a_receiver_is_refused_in_a_sentence(url):
    with pytest.raises(ValueError, match=REFUSED[url]):
        targets.parse(url)

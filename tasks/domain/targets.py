"""Targets: which URLs a webhook may have, and which network addresses the server may send to.

Whoever makes a webhook makes the server send requests, from inside its network: to a database beside it, to the
metadata service of its cloud, to itself. So only public addresses are reached, and others where the operator allows
them (AGENTBOARD_WEBHOOK_PRIVATE). A name is judged by the addresses it leads to, at the time of sending.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LONGEST = 2000
_PRINTABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?")
_PORTS = {"http": 80, "https": 443}
# The one range of IPv6 that is given to the public; what is special within it, and within IPv4, by their registries.
_GIVEN = IPv6Network("2000::/3")
_SPECIAL = [
    ip_network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Tunnels (Teredo, 6to4) lead to any IPv4 address; the others are not routed.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
_TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """Where a request goes: `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """The parts of a webhook's URL. Raises ValueError with a sentence about what is not taken."""
    if len(url) > _LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise ValueError(f"A URL has up to {_LONGEST} ASCII characters and no spaces.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"This is no URL: {error}.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("A webhook's URL begins with https:// or http:// and names a host.")
    if "@" in parts.netloc or "#" in url:
        raise ValueError("A webhook's URL holds no user, no password and no #fragment.")
    if port == 0 or not (_literal(parts.hostname) or _NAME.fullmatch(parts.hostname)):
        raise ValueError("This is no host's name or address; names of other scripts are written as xn--….")
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def refusal(target: Target, allowed: Sequence[Network]) -> str | None:
    """Why the target cannot be reached whatever names lead to: it is itself an address that may not be reached."""
    address = _literal(target.host)
    if address is None or may_reach(address, allowed):
        return None
    return f"{target.host} is no public address, and AGENTBOARD_WEBHOOK_PRIVATE does not allow it."


def may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the server may send to this address: a public one, or one of the networks that are `allowed`."""
    plain = _plain(address)
    if any(plain in network for network in allowed if network.version == plain.version):
        return True
    if isinstance(plain, IPv6Address) and plain not in _GIVEN:
        return False
    return not any(plain in network for network in _SPECIAL if network.version == plain.version)


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 address is another way to write for, or that it is translated to."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None

"""The loopback guard: a board that believes whoever calls it may be reachable from its own machine only."""

from __future__ import annotations

import ipaddress
import socket


class Exposed(Exception):
    """The board would listen where others can reach it, without asking who they are."""


def refuse_exposure(host: str, auth: str) -> None:
    """Raise Exposed if `auth` is "open" and `host` is, or leads to, any address that is not loopback.

    A name counts as loopback if every address it resolves to is; one that cannot be resolved is refused as well.
    """
    if auth != "open" or _is_loopback(host):
        return
    raise Exposed(
        f"AGENTBOARD_HOST is '{host}', which others can reach, and AGENTBOARD_AUTH=open believes every caller: "
        "set AGENTBOARD_HOST to 127.0.0.1 (or ::1, or localhost), or AGENTBOARD_AUTH=token, which asks who is calling."
    )


def _is_loopback(host: str) -> bool:
    if not host:
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(str(address[0])).is_loopback for *_, address in found)

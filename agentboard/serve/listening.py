"""Listening sockets, and room for as many connections as may wait."""

from __future__ import annotations

import contextlib
import errno
import resource
import socket

BACKLOG = 2048
# Systems start a process with room for 256 to 1,024 open files, and every caller that waits is one.
OPEN_FILES = (16_384, 10_240, 4_096)


class CannotListen(Exception):
    """No socket can listen there; the message says why and what to set."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen on every address of `host`, all on the same port; port 0 takes a free one.

    They listen at once, so that a caller who comes while the board still loads waits instead of being turned away.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise CannotListen(f"'{host}' is no address of this machine: set AGENTBOARD_HOST to one.") from None
    listening: list[socket.socket] = []
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            listening.append(_listen(family, (*address[:1], port, *address[2:])))
        except OSError as error:
            # A name such as localhost often has an IPv6 address on machines where IPv6 is switched off.
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT) and len(found) > 1:
                continue
            for sock in listening:
                sock.close()
            raise CannotListen(_reason(error, host, port)) from None
        port = listening[0].getsockname()[1]
    if not listening:
        raise CannotListen(f"'{host}' is no address of this machine: set AGENTBOARD_HOST to one.")
    return listening


def url(sockets: list[socket.socket]) -> str:
    """The address to open for the first of `sockets`."""
    host, port = sockets[0].getsockname()[:2]
    return address(host, port)


def address(host: str, port: int) -> str:
    """Where this machine finds what listens on a host's port."""
    # What listens on every address goes by neither of these two names.
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"


def allow_many_connections() -> None:
    """Raise this process's limit of open files to the first of OPEN_FILES that the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for count in OPEN_FILES:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return
        # macOS refuses what is above a limit of its own, which getrlimit does not tell.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return


def _listen(family: int, address: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use: end what listens there, or set AGENTBOARD_PORT to another port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs privileges: set AGENTBOARD_PORT to a port above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"'{host}' is no address of this machine: set AGENTBOARD_HOST to one."
    return f"Cannot listen on port {port} of {host}: {error.strerror or error}."

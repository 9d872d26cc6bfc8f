"""Outbound: the one place from which the server sends a request to somebody else.

A name is resolved once, here; each address it leads to is checked, and the connection goes to the very address that
was checked, so a name that leads elsewhere a moment later changes nothing. With TLS the certificate must still be the
name's. No redirect is followed, no proxy is asked, and the whole of it ends in time.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from tasks.domain import targets

SECONDS = 10.0
# Of the answer, its status and headers included.
READ_AT_MOST = 16 * 1024
_SHOWN = 300
# Addresses of a name that are tried.
_TRIED = 4

Resolve = Callable[[str, int], Sequence[str]]


class NotSent(Exception):
    """There was no answer; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What the other side said: the status, and the beginning of the text."""

    status: int
    text: str


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that a name leads to. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Sequence[targets.Network] = (),
    resolving: Resolve = resolve,
    context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send `body` to `url`, and give the answer whatever its status. Raises NotSent.

    `allowed` are networks that may be reached although they are not public. `context` is for certificates of one's own.
    """
    deadline = time.monotonic() + seconds
    try:
        target = targets.parse(url)
        addresses = _checked(target, _in_time(resolving, target, deadline), allowed)
        line = _connect(target, addresses, deadline, context)
    except (OSError, ValueError) as error:
        raise NotSent(_said(error)) from error
    with line:
        try:
            return _exchange(line, target, body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotSent(_said(error)) from error


def _in_time(resolving: Resolve, target: targets.Target, deadline: float) -> Sequence[str]:
    """What the name leads to. The system's resolver knows no deadline, so it is left behind when that has come."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(resolving(target.host, target.port))
        except (OSError, UnicodeError) as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, deadline - time.monotonic()))
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise NotSent(f"{target.host} cannot be resolved: {found[0]}")
    return list(found[0])


def _checked(
    target: targets.Target, addresses: Sequence[str], allowed: Sequence[targets.Network]
) -> list[str]:
    fine = [address for address in addresses if targets.may_reach(ip_address(address), allowed)]
    if not fine:
        leads = ", ".join(addresses[:_TRIED]) or "nothing"
        raise NotSent(f"{target.host} leads to {leads}, which AGENTBOARD_WEBHOOK_PRIVATE does not allow")
    return fine[:_TRIED]


def _connect(
    target: targets.Target, addresses: Sequence[str], deadline: float, context: ssl.SSLContext | None
) -> _Line:
    refused: OSError = TimeoutError()
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(deadline))
            connection.connect((address, target.port))
            if target.scheme == "https":
                secure = context or _trusting()
                connection = secure.wrap_socket(connection, server_hostname=target.host)
            return _Line(connection, deadline)
        except OSError as error:
            connection.close()
            refused = error
    raise refused


def _exchange(line: _Line, target: targets.Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    client = http.client.HTTPConnection(target.host, target.port)
    client.sock = line
    told = {"Host": target.authority, **headers, "Connection": "close"}
    client.request("POST", target.path, body, told)
    with client.getresponse() as response:
        return Answer(response.status, _beginning(response))


def _beginning(response: http.client.HTTPResponse) -> str:
    # The status has decided; what follows it is only shown.
    try:
        return response.read(_SHOWN).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        return ""


class _Line:
    """A connection as `http.client` uses a socket, which ends at the deadline and after READ_AT_MOST bytes."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def sendall(self, data: bytes) -> None:
        """Send all of it, in time."""
        self._connection.settimeout(_left(self._deadline))
        self._connection.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What comes back."""
        return io.BufferedReader(_Bounded(self._connection, self._deadline))

    def close(self) -> None:
        """Closed by whoever opened it; http.client closes before the answer is read."""


class _Bounded(io.RawIOBase):
    """Reads from a connection until the deadline, and up to READ_AT_MOST bytes: what comes after them is not there."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._rest = READ_AT_MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_left(self._deadline))
        wanted = memoryview(buffer)[: self._rest]
        read = self._connection.recv_into(wanted) if wanted else 0
        self._rest -= read
        return read


@functools.cache
def _trusting() -> ssl.SSLContext:
    """Trusts whom the system trusts; reading that takes longer than many a request."""
    return ssl.create_default_context()


def _left(deadline: float) -> float:
    if (left := deadline - time.monotonic()) > 0:
        return left
    raise TimeoutError


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is refused: {error.verify_message}"
    if isinstance(error, http.client.HTTPException):
        return f"the answer is no HTTP ({type(error).__name__})"
    return (str(error) or type(error).__name__)[:_SHOWN]

"""Readers of streams under test: sockets that speak just enough HTTP, as many as a test wants."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self


class Reader:
    """An open stream: `read()` gives what has arrived of its body, `lines(n)` waits for so many non-empty lines."""

    def __init__(self, port: int, path: str, *, timeout: float = 10, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        named = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        self._received = b""
        self.head = self._until(b"\r\n\r\n").decode("latin-1").lower()
        self.body = self._line = b""
        self._data: list[str] = []
        self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def data(self, count: int) -> list[str]:
        """What the `data:` lines say that have arrived, waited for until there are `count` or the stream ends."""
        while len(self._data) < count and not self.ended:
            self.more()
        return list(self._data)

    def rest(self) -> bytes:
        """The whole body, when it has ended."""
        while not self.ended:
            self.more()
        return self.body

    def more(self) -> None:
        """Wait for the next chunk of the body."""
        size = int(self._until(b"\r\n"), 16)
        while len(self._received) < size + 2:
            self._receive()
        part, self._received = self._received[:size], self._received[size + 2 :]
        self.body += part
        self.ended = size == 0
        *lines, self._line = (self._line + part).split(b"\n")
        self._data += [line.decode().removeprefix("data: ") for line in lines if line.startswith(b"data: ")]

    def _until(self, mark: bytes) -> bytes:
        while (at := self._received.find(mark)) < 0:
            self._receive()
        found, self._received = self._received[:at], self._received[at + len(mark) :]
        return found

    def _receive(self) -> None:
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection in the middle of the stream")
        self._received += data

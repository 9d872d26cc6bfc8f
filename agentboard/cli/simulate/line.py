"""The line of one session to the board: its calls, timed, and the ways in which a call ends without an answer."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from agentboard.cli import connection
from agentboard.cli.callers import Caller
from agentboard.cli.simulate.members import Member
from agentboard.cli.simulate.timings import Timings

# The board is away for a moment, says so, and has written nothing.
_AWAY = (429, 502, 503, 504)


class CutOff(Exception):
    """No answer came, or one that says to come back later."""


@dataclass(frozen=True)
class Call:
    """One call to make: its name in the summary, method and path, and which answers are in order."""

    name: str
    method: str
    path: str
    query: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    expected: tuple[int, ...] = (200,)
    patience: float = 0.0

    def request(self) -> dict[str, Any]:
        """What httpx2 takes."""
        content = None if self.body is None else json.dumps(self.body).encode()
        return {"method": self.method, "url": self.path, "params": self.query, "content": content}


@dataclass(frozen=True)
class Reply:
    """What the board answered."""

    status: int
    body: dict[str, Any]


class Line:
    """An HTTP client of one session; hang up with `close`."""

    def __init__(self, caller: Caller, member: Member, timings: Timings) -> None:
        self._client = connection.client(caller)
        self._member = member
        self._timings = timings

    def send(self, call: Call) -> Reply:
        """Make the call. Raises CutOff where there is no answer; an answer that is no JSON object has an empty body."""
        limits = httpx2.Timeout(connection.ANSWER_SECONDS + call.patience, connect=connection.CONNECT_SECONDS)
        began = time.perf_counter()
        try:
            response = self._client.request(**call.request(), timeout=limits)
        except httpx2.RequestError as error:
            raise CutOff(str(error)) from None
        self._member.ms = (time.perf_counter() - began) * 1000
        self._timings.add(call.name, self._member.ms)
        if response.status_code in _AWAY:
            raise CutOff(f"{call.name}: {response.status_code}")
        return Reply(response.status_code, _parsed(response.content))

    def hang_up_during(self, call: Call, *, after: float) -> None:
        """Make the call and be gone `after` seconds later at most, whether the answer has begun or not."""
        try:
            self._client.request(**call.request(), timeout=httpx2.Timeout(after, connect=1.0))
        except httpx2.RequestError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Drop the connection without a word to the board."""
        self._client.close()


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

"""The connection: one call to the board, with everything that can go wrong on the way made a Failure."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from agentboard.cli import exits
from agentboard.cli.callers import Caller

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
# A stream shows every 15 s that it lives.
SILENCE_SECONDS = 40.0
# How often a GET is sent in all, and the longest pause between two of them, whatever Retry-After asks for.
TRIES = 4
LONGEST_PAUSE = 10.0
_PASSING = (429, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Answer:
    """What the board answered: `content` is its JSON as it came, `body` the same as values."""

    content: bytes
    body: dict[str, Any]


class Connection:
    """Calls to the caller's board. Every method gives the answer to a success and raises Failure for all else."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._client: httpx2.Client | None = None

    def get(self, path: str, *, patience: float = 0, **query: Any) -> Answer:
        """Read; `next` counts as that, because it gives the same task again.

        `patience` is how many seconds longer than usual the board may take. Sent again, TRIES times in all, while
        the board is away for a moment (429, 502, 503, 504, an answer cut off). Parameters that are None are left out.
        """
        given = {name: value for name, value in query.items() if value is not None}
        for _ in range(TRIES - 1):
            try:
                return self._send("GET", path, query=given, timeout=ANSWER_SECONDS + patience)
            except ForAMoment as away:
                time.sleep(away.pause)
        return self._send("GET", path, query=given, timeout=ANSWER_SECONDS + patience)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Write. Never sent twice: whoever gets no answer cannot know whether it was written."""
        return self._send("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Change. Never sent twice."""
        return self._send("PATCH", path, body=body)

    def stream(self, path: str, *, last: str | None = None, **query: Any) -> Iterator[tuple[str, str]]:
        """The fields (`id`, `data`, …) of a stream of events as they come; one without a name ends an event.

        `last` is the id of the last event there was. Ends when the board ends it. Raises ForAMoment when it breaks off
        or the board cannot be reached.
        """
        import httpx2

        given = {name: value for name, value in query.items() if value is not None}
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        limits = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        self._client = self._client or client(self.caller)
        try:
            with self._client.stream("GET", path, params=given, headers=headers, timeout=limits) as response:
                if not response.is_success:
                    response.read()
                    self._read(response)
                yield from _fields(response.iter_bytes())
        except httpx2.RequestError as error:
            failure = self._unreachable(error, "GET")
            raise ForAMoment(failure.exit_code, failure.detail, fix=failure.fix) from None

    def close(self) -> None:
        if self._client:
            self._client.close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float = ANSWER_SECONDS,
    ) -> Answer:
        import httpx2

        content = None if body is None else json.dumps(body).encode()
        limits = httpx2.Timeout(timeout, connect=CONNECT_SECONDS)
        try:
            self._client = self._client or client(self.caller)
            response = self._client.request(method, path, params=query, content=content, timeout=limits)
        except httpx2.InvalidURL as error:
            raise exits.Failure(
                exits.BAD_INPUT, f"AGENTBOARD_URL is '{self.caller.url}': {error}.", fix="Correct it."
            ) from None
        except httpx2.RequestError as error:
            raise self._unreachable(error, method) from None
        return self._read(response)

    def _unreachable(self, error: httpx2.RequestError, method: str) -> exits.Failure:
        import httpx2

        url = self.caller.url
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return exits.Failure(
                exits.UNREACHABLE,
                f"Nothing answers at {url}: {error}.",
                fix="Start the board with `agentboard up`, or set AGENTBOARD_URL to its address.",
            )
        reason = (
            "did not answer in time" if isinstance(error, httpx2.TimeoutException) else "cut the call off"
        )
        if method == "GET":
            kind = exits.Failure if isinstance(error, httpx2.TimeoutException) else ForAMoment
            return kind(exits.UNREACHABLE, f"{url} {reason}.", fix="Run the same command again.")
        return exits.Failure(
            exits.UNREACHABLE,
            f"{url} {reason}; whether it was written is not known.",
            fix="Read the task or its log before you send it again.",
        )

    def _read(self, response: httpx2.Response) -> Answer:
        content, body = response.content, _parsed(response.content)
        if body is not None and response.is_success:
            return Answer(content, body)
        if body is None or "code" not in body:
            failure = exits.Failure(
                exits.UNREACHABLE if response.status_code < 400 else exits.of_status(response.status_code),
                f"{self.caller.url} answered {response.status_code}, and not as a board does.",
                fix="Set AGENTBOARD_URL to the address of the board.",
            )
        else:
            failure = exits.of_problem(response.status_code, body, answer=content)
        if response.status_code in _PASSING and response.request.method == "GET":
            raise ForAMoment.of(failure, pause=_pause(response.headers.get("Retry-After")))
        raise failure


class ForAMoment(exits.Failure):
    """A failure that may be gone in `pause` seconds."""

    pause = 1.0

    @classmethod
    def of(cls, failure: exits.Failure, *, pause: float) -> ForAMoment:
        one = cls(
            failure.exit_code, failure.detail, fix=failure.fix, code=failure.code, answer=failure.answer
        )
        one.pause = pause
        return one


def client(caller: Caller, **options: Any) -> httpx2.Client:
    """An HTTP client that calls the board as the caller; `options` are httpx2's."""
    # Late: it takes longer to load than everything else a command does.
    import ssl

    import httpx2

    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers |= {"X-Agent": caller.agent} if caller.agent else {}
    headers |= {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
    parts = urlsplit(caller.url)
    if parts.scheme == "http":
        # Reading the machine's certificates takes 20 ms; a context without any trusts nobody, and is not asked.
        options.setdefault("verify", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    # A proxy of the environment is no way to reach this very machine.
    options.setdefault("trust_env", parts.hostname not in _LOOPBACK)
    return httpx2.Client(base_url=caller.url, headers=headers, **options)


def task_path(ref: str, *parts: str) -> str:
    """The path of a task or of something below it; `ref` as the user wrote it, which the board will judge."""
    if not ref.strip(". "):
        raise exits.Failure(exits.BAD_INPUT, "The task's id is empty.", fix="Give one such as T-12.")
    return "/".join(["/tasks", quote(ref, safe=""), *parts])


def _fields(parts: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The fields of a stream of events, without comments."""
    begun = b""
    for part in parts:
        # Not by `splitlines`: a line ends nowhere but here, whatever characters it holds.
        *lines, begun = (begun + part).split(b"\n")
        for line in lines:
            name, colon, value = line.decode().partition(":")
            if name or not colon:
                yield name, value.removeprefix(" ")


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _pause(retry_after: str | None) -> float:
    """Seconds to wait: what the board asks for, as far as it is a number and bearable."""
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else ForAMoment.pause
    return min(asked, LONGEST_PAUSE)

"""Answers as the serving side handles them: whole, in memory, ready to be sent or to be kept back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from asgiref.typing import ASGISendCallable, HTTPResponseBodyEvent, HTTPResponseStartEvent

Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """A whole answer. `park` and `stream` are what the board's private headers said, which are never in `headers`."""

    status: int
    headers: Headers
    body: bytes
    park: str | None = None
    stream: str | None = None


class Rerun(Protocol):
    """Runs the request again with `told` in its environ, unless `wanted` says no by then; None when there is nothing to
    send."""

    async def __call__(self, told: Mapping[str, object], wanted: Callable[[], bool], /) -> Answer | None: ...


def problem(status: int, code: str, *, title: str, detail: str, fix: str) -> Answer:
    """An `application/problem+json` answer with the fields of the contract's section 5."""
    fields = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "fix": fix,
    }
    body = json.dumps(fields).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    return Answer(status, headers, body)


async def send(answer: Answer, *, to: ASGISendCallable) -> None:
    """Send all of `answer`; its headers must fit its body already."""
    await to(start(answer.status, answer.headers))
    await to(part(answer.body, more=False))


def start(status: int, headers: Headers) -> HTTPResponseStartEvent:
    """The event that opens an answer."""
    return {"type": "http.response.start", "status": status, "headers": headers, "trailers": False}


def part(body: bytes, *, more: bool) -> HTTPResponseBodyEvent:
    """The event that carries a piece of an answer's body; `more=False` ends the answer."""
    return {"type": "http.response.body", "body": body, "more_body": more}

"""Request bodies: read whole before the board is called, and refused above 1 MiB."""

from __future__ import annotations

import asyncio

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

from agentboard.serve import answers

MAX_BODY = 1024 * 1024
# What is read and thrown away of a refused body, so that the client gets to read the refusal.
MAX_DRAINED = 64 * 1024 * 1024
DRAIN_SECONDS = 5.0


class TooLarge(Exception):
    """The body is, or says it will be, larger than `MAX_BODY`."""


class Gone(Exception):
    """The client left before its request was complete."""


async def read(scope: HTTPScope, receive: ASGIReceiveCallable) -> bytes:
    """The whole body, at most `MAX_BODY` bytes. Raises TooLarge (at once if the length was announced) and Gone."""
    if _announced(scope) > MAX_BODY:
        raise TooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        parts.append(message["body"])
        size += len(message["body"])
        if size > MAX_BODY:
            raise TooLarge
        if not message["more_body"]:
            return b"".join(parts)


async def refuse(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer `413 too_large` and end the connection."""
    refusal = answers.problem(
        413,
        "too_large",
        title="Too large",
        detail=f"The request body is larger than the {MAX_BODY} bytes that are taken.",
        fix="Send it in several smaller requests, and link to long material instead of pasting it.",
    )
    await send(answers.start(refusal.status, [*refusal.headers, (b"connection", b"close")]))
    await send(answers.part(refusal.body, more=True))
    # Closing a socket with unread bytes resets it, and the client would lose the answer it was just sent.
    await _drain(receive)
    await send(answers.part(b"", more=False))


async def _drain(receive: ASGIReceiveCallable) -> None:
    drained = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while drained < MAX_DRAINED:
                message = await receive()
                if message["type"] != "http.request" or not message["more_body"]:
                    return
                drained += len(message["body"])
    except TimeoutError:
        return


def _announced(scope: HTTPScope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return 0

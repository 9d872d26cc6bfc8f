"""The stream of events: what a server-sent event looks like, and what the server is told to go on with.

The view answers with the first events and the private header `X-Agentboard-Stream: AFTER;TAGS;TAGS`. Our server
(agentboard/serve) keeps the answer open: it runs the call again, with `agentboard.after` in its environ, until the
reader has caught up, and then adds what comes. A new event is for this reader if each TAGS, separated by commas, names
one of its tags. Any other server sends the answer as it is, and the reader comes again after RETRY milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from tasks.api.json import dumps
from tasks.models import Agent, Task
from tasks.queries import event_log

CONTENT_TYPE = "text/event-stream"
GO_ON_AFTER = "agentboard.after"
RETRY = 2000

_GO_ON = "X-Agentboard-Stream"


def is_wanted(request: Request) -> bool:
    """Whether the answer is to be a stream: unless Accept names application/json, and no stream before it."""
    weights = dict(_weight(part) for part in reversed(request.headers.get("Accept", "").split(",")))
    json = weights.get("application/json", 0.0)
    return weights.get(CONTENT_TYPE, 0.0) >= json if CONTENT_TYPE in weights else not json


def answer(page: event_log.Page, *, tags: Sequence[str], opening: bytes = b"") -> HttpResponse:
    """The events of a page as a stream that goes on after it for readers who want these `tags`."""
    body = b"".join([opening, *(frame(entry) for entry in page.entries)])
    return HttpResponse(
        body,
        content_type=CONTENT_TYPE,
        headers={
            _GO_ON: ";".join([str(page.next), *tags]),
            "Cache-Control": "no-store",
            # Proxies such as nginx would gather events until their buffer is full.
            "X-Accel-Buffering": "no",
        },
    )


def opening(first: int | None) -> bytes:
    """What a stream begins with: how soon to come again and, for a reader that did not say where it was, where it is.

    An id without an event is kept by the readers of browsers, but baffles simpler ones, so others are spared it.
    """
    retry = b"retry: %d\n" % RETRY
    return retry if first is None else retry + b"id: %d\n\n" % first


def frame(entry: event_log.Entry) -> bytes:
    """An event as it is sent. It has no name: readers of named events miss those they have never heard of."""
    return b"id: %d\ndata: %s\n\n" % (entry.seq, dumps(fact(entry)))


def fact(entry: event_log.Entry) -> dict[str, Any]:
    """An event as the API shows it everywhere."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "task": f"T-{entry.task_id}" if entry.task_id else None,
        "by": entry.by or "system",
        "data": entry.data,
    }


def tags(entry: event_log.Entry) -> tuple[str, ...]:
    """What an event can be wanted for."""
    return (f"kind:{entry.kind}", f"by:{entry.by or ''}", f"task:{entry.task_id or ''}")


def wanted(*, task: Task | None, agent: Agent | None, kinds: Sequence[str]) -> list[str]:
    """What a reader wants who asked for these, as `answer` takes it; it wants all of them to hold."""
    groups = [
        ",".join(f"kind:{kind}" for kind in kinds),
        f"by:{agent.name}" if agent else "",
        f"task:{task.pk}" if task else "",
    ]
    return [group for group in groups if group]


def _weight(part: str) -> tuple[str, float]:
    """A part of an Accept header: its type, and how much it is wanted; 0 if that is not to be read."""
    name, *parameters = [one.strip().lower() for one in part.split(";")]
    given = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
    try:
        return name, float(given[0]) if given else 1.0
    except ValueError:
        return name, 0.0

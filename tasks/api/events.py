"""Events: the history of a task, and the log of the whole board as pages or as a stream."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, event_answers, event_stream
from tasks.api.calls import Call, find_task
from tasks.domain import agents, sequence
from tasks.models import Agent, Task
from tasks.queries import event_log

_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_ID = re.compile(r"[0-9]{1,18}")
_LAST_ID = "Last-Event-ID"
_LARGEST = 2**63 - 1


class Kinds(serializers.CharField):
    """Kinds of events such as `task.claimed`, several with commas."""

    def to_internal_value(self, data: Any) -> Any:
        kinds = super().to_internal_value(data).split(",")
        if not all(_KIND.fullmatch(kind) for kind in kinds):
            raise serializers.ValidationError("This takes kinds such as task.claimed, several with commas.")
        return kinds


class Page(serializers.Serializer[Any]):
    """Which events of a task to list."""

    since = serializers.IntegerField(min_value=0, max_value=_LARGEST, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class Selection(serializers.Serializer[Any]):
    """Which events of the board to list: after `since`, of a task, by an agent, of these kinds."""

    since = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False)
    task = serializers.CharField(required=False)
    agent = serializers.CharField(required=False)
    kind = Kinds(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class TaskEvents(Call):
    """`GET /tasks/{id}/events`."""

    @extend_schema(operation_id="task_events", parameters=[Page], responses=event_answers.EventPage)
    def get(self, request: Request, ref: str) -> Response:
        """What happened to a task, oldest first; `next_since` is there when there is more."""
        asked = self.read_query(Page)
        callers.notice(request, now=self.now)
        task = find_task(ref)
        page = sequence.after(asked["since"], limit=asked["limit"] + 1, task_id=task.pk)
        shown = page.entries[: asked["limit"]]
        answer: dict[str, Any] = {"events": [event_stream.fact(entry) for entry in shown]}
        if len(page.entries) > len(shown):
            answer["next_since"] = shown[-1].seq
        return Response(answer)


class Events(Call):
    """`GET /events`."""

    @extend_schema(
        operation_id="events",
        parameters=[
            Selection,
            OpenApiParameter(
                _LAST_ID, int, OpenApiParameter.HEADER, description="Stands for `since`, and wins over it."
            ),
        ],
        responses={
            (200, event_stream.CONTENT_TYPE): OpenApiTypes.STR,
            (200, "application/json"): event_answers.BoardEventPage,
        },
    )
    def get(self, request: Request) -> Response | HttpResponse:
        """What happens on the board, in order: a stream (server-sent events), or pages with Accept: application/json.

        `since` is the `seq` of the last event you have; without it pages begin with the first event, and a stream
        with the next one.
        """
        asked = self.read_query(Selection)
        callers.notice(request, now=self.now, by_query=False)
        task = find_task(asked["task"]) if "task" in asked else None
        agent = agents.find(asked["agent"]) if "agent" in asked else None
        if event_stream.is_wanted(request):
            return self._stream(request, asked, task, agent)
        since = self._known(asked.get("since", 0))
        page = self._page(since, asked, task, agent)
        return Response(
            {"events": [event_stream.fact(e) for e in page.entries], "next": page.next, "more": page.more}
        )

    def _stream(
        self, request: Request, asked: dict[str, Any], task: Task | None, agent: Agent | None
    ) -> HttpResponse:
        """The beginning of a stream, or what comes next of it, and word to the server to go on with it."""
        given, opening = self._given(request, asked), b""
        if (first := request.META.get(event_stream.GO_ON_AFTER)) is None:
            first = self._now() if given is None else self._known(given)
            opening = event_stream.opening(None if given is not None else first)
        page = self._page(first, asked, task, agent)
        tags = event_stream.wanted(task=task, agent=agent, kinds=asked.get("kind", ()))
        return event_stream.answer(page, tags=tags, opening=opening)

    def _given(self, request: Request, asked: dict[str, Any]) -> int | None:
        """The last event that the reader has: from before it was cut off, or else `since`; None if it has none."""
        last = request.headers.get(_LAST_ID)
        if last is not None:
            if not _ID.fullmatch(last):
                raise serializers.ValidationError(
                    {_LAST_ID: ["This takes the id of the last event you have."]}
                )
            return int(last)
        return asked.get("since")

    def _now(self) -> int:
        """The newest event that has been committed."""
        sequence.catch_up()
        return event_log.newest()

    def _known(self, since: int) -> int:
        """`since`, refused if no event has come so far: its reader knows another board, or this one before a loss."""
        if since > event_log.newest() and since > (newest := self._now()):
            raise serializers.ValidationError({"since": [f"The newest event is {newest}."]})
        return since

    def _page(
        self, since: int, asked: dict[str, Any], task: Task | None, agent: Agent | None
    ) -> event_log.Page:
        return sequence.after(
            since,
            limit=asked["limit"],
            task_id=task.pk if task else None,
            agent_id=agent.pk if agent else None,
            kinds=asked.get("kind", ()),
        )

"""The history of a task."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers
from tasks.api.calls import Call, find_task
from tasks.models import Event


class Page(serializers.Serializer[Any]):
    """Which events to list."""

    since = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class TaskEvents(Call):
    """`GET /tasks/{id}/events`."""

    @extend_schema(operation_id="task_events", parameters=[Page], responses=answers.EventPage)
    def get(self, request: Request, ref: str) -> Response:
        """What happened to a task, oldest first; `next_since` is there when there is more."""
        asked = self.read_query(Page)
        callers.notice(request, now=self.now)
        task = find_task(ref)
        limit = asked["limit"]
        events = Event.objects.filter(task=task, pk__gt=asked["since"]).select_related("agent").order_by("pk")
        found = list(events[: limit + 1])
        answer: dict[str, Any] = {"events": [fact(event) for event in found[:limit]]}
        if len(found) > limit:
            answer["next_since"] = found[limit - 1].pk
        return Response(answer)


def fact(event: Event) -> dict[str, Any]:
    """One event as the API shows it."""
    return {
        "id": event.pk,
        "at": event.at,
        "kind": event.kind,
        "by": event.agent.name if event.agent else "system",
        "data": event.data,
    }

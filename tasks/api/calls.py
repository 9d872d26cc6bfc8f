"""What every call of the REST door has in common: the time, the body, the task in the path."""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from tasks.api import callers, showing
from tasks.api.json import JSONRenderer
from tasks.domain.refusals import Denied, Missing
from tasks.models import Agent, Task
from tasks.queries import references

_S = TypeVar("_S", bound=serializers.Serializer)


class Prefetched(Denied):
    """A browser fetching ahead must not be given work."""


_RENDERER = JSONRenderer()


class UnknownTask(Missing):
    """No task of that id; the nearest ones are in the fix."""


class Call(APIView):
    """A view of the API. `now` is the time of the call; a view reads the clock nowhere else.

    `public` calls are answered whoever calls, and look at no token.
    """

    now: datetime
    public: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Instead of DRF's: there is one representation, one version and no throttle on this path.
        request.accepted_renderer, request.accepted_media_type = _RENDERER, _RENDERER.media_type
        self.now = timezone.now()
        if not self.public:
            callers.authenticate(request, now=self.now)

    def refuse_prefetch(self, request: Request) -> None:
        """Refuse a browser that fetches ahead, on a GET that hands something over."""
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
            raise Prefetched(
                "This call hands over work, so it is not prefetched.", fix="Call it when you want work."
            )

    def read(self, serializer: type[_S], *, partial: bool = False) -> dict[str, Any]:
        """The body, checked. Refused as DRF's ValidationError (422)."""
        return dict(_checker(serializer, partial).run_validation(self.request.data))

    def read_query(self, serializer: type[_S]) -> dict[str, Any]:
        """The query string, checked. Refused as DRF's ValidationError (422)."""
        return dict(_checker(serializer, False).run_validation(self.request.query_params))


@functools.cache
def _checker(serializer: type[_S], partial: bool) -> _S:
    """One instance for all calls: an instance copies all its fields, which takes longer than checking with them."""
    return serializer(partial=partial)


def find_task(ref: str) -> Task:
    """The task of a path (`T-12`, `t-12` or `12`). Refused as UnknownTask with the nearest ones."""
    task_id = references.task_id(ref)
    task = Task.objects.select_related("lane").filter(pk=task_id).first() if task_id else None
    if task is None:
        near = references.nearest(ref)
        hint = (
            f"The nearest are {', '.join(near)}."
            if near
            else "There are no tasks yet; POST /tasks makes one."
        )
        raise UnknownTask(f"There is no task {ref[:60]}.", fix=hint)
    return task


def expires_in(task_id: int, *, agent: Agent, now: datetime) -> int | None:
    """Seconds left on the agent's lease of the task; None if it holds none."""
    held = Task.objects.filter(pk=task_id, status="doing", assignee=agent)
    time = held.values_list("lease_expires_at", flat=True).first()
    return max(0, int((time - now).total_seconds())) if time else None


def with_task(receipt: dict[str, Any], request: Request, task: Task, *, now: datetime) -> dict[str, Any]:
    """The receipt of a write, with the whole task if the call asked for it (`?include=task`)."""
    if request.query_params.get("include") != "task":
        return receipt
    return receipt | {"task": showing.whole(find_task(task.ref), now=now)}

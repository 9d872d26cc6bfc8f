"""Filters over logs that have no index for them: they look at the newest rows and say so."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tasks.domain import lifecycle
from tasks.models import Comment, Event

# A rare kind must not turn a filter into a scan of every event there ever was.
LOOKED_AT = 100_000
_SAMPLE = 2_000


class _KindOfNewest(admin.SimpleListFilter):
    title = f"kind (newest {LOOKED_AT:,})"
    parameter_name = "kind"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the kind, among the newest unless they are narrowed to a task."""
        if not self.value():
            return queryset
        if request.GET.get("q"):
            return queryset.filter(kind=self.value())
        newest = queryset.model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        return queryset.filter(kind=self.value(), pk__gt=newest - LOOKED_AT)


class CommentKind(_KindOfNewest):
    """Comments of one kind."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds there can be."""
        return list(Comment.Kind.choices)


class EventKind(_KindOfNewest):
    """Events of one kind."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The moves of a task, and whatever else has happened lately."""
        lately = Event.objects.order_by("-pk").values_list("kind", flat=True)[:_SAMPLE]
        kinds = {move.event for move in lifecycle.MOVES.values()} | set(lately)
        return [(kind, kind) for kind in sorted(kinds)]

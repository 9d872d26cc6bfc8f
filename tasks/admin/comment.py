"""Comments: the logs of all tasks, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.safestring import SafeString

from tasks.admin import newest, showing
from tasks.admin.listing import PartOfATask
from tasks.models import Comment

_SHOWN = 160


@admin.register(Comment)
class CommentAdmin(PartOfATask):
    """The beginnings of comments, newest first; an entry is written by an action on its task."""

    filled_by = "Agents write to the log of a task while they work on it; people can from its page."
    list_display = ["id", "of_task", "by", "kind", "beginning", "ago"]
    list_filter = [newest.CommentKind]
    list_select_related = ["author"]
    fields = ["task", "author", "kind", "text", "created_at"]

    def slim(self, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        # A comment may hold a megabyte, and a page a hundred of them.
        return queryset.defer("text").annotate(beginning=Substr("text", 1, _SHOWN))

    @admin.display(description="Task")
    def of_task(self, comment: Comment) -> SafeString | str:
        """Its task."""
        return showing.task_link(comment.task_id)

    @admin.display(description="By")
    def by(self, comment: Comment) -> SafeString | str:
        """Who wrote it."""
        return showing.agent_link(comment.author) or "system"

    @admin.display(description="Text")
    def beginning(self, comment: Any) -> str:
        """Its first characters."""
        text: str = comment.beginning
        return f"{text}…" if len(text) == _SHOWN else text

    @admin.display(description="Ago")
    def ago(self, comment: Comment) -> SafeString | str:
        """How long ago it was written."""
        return showing.age(comment.created_at, now=timezone.now())

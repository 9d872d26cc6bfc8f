"""News: what happened, with the task it happened to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from channels_app.domain.delivery import Saying
from tasks.domain.followers import Happening
from tasks.models import Agent, Comment, Task


class Tasks:
    """The tasks of some happenings, read in one query by whoever needs the first of them."""

    def __init__(self, happenings: Sequence[Happening]) -> None:
        self._ids = {happening.task_id for happening in happenings if happening.task_id is not None}

    def __getitem__(self, task_id: int) -> Task:
        return self._by_id[task_id]

    @cached_property
    def _by_id(self) -> dict[int, Task]:
        tasks = Task.objects.select_related("reviewer").only(
            "title", "status", "asks_human", "reviewer__name"
        )
        return {task.pk: task for task in tasks.filter(pk__in=self._ids)}


@dataclass(frozen=True)
class Item:
    """One happening to one task."""

    happening: Happening
    tasks: Tasks

    @property
    def task_id(self) -> int:
        """The task's id."""
        assert self.happening.task_id is not None
        return self.happening.task_id

    @property
    def task(self) -> Task:
        """The task as the transaction leaves it."""
        return self.tasks[self.task_id]

    @property
    def title(self) -> str:
        """How a message names the task: a link, and its title."""
        return f"{self.task.ref} {self.task.title}"

    @property
    def by(self) -> Agent | None:
        """Who did it; None: the board itself."""
        return self.happening.by

    @property
    def author(self) -> str:
        """The name of who did it."""
        return self.by.name if self.by else "the board"

    def said(self, name: str) -> Any:
        """A fact of the event; None if it does not hold it."""
        return self.happening.data.get(name)

    def log_entry(self) -> Comment | None:
        """What the move wrote into the task's log."""
        newest = Comment.objects.filter(task_id=self.task_id).order_by("-pk").first()
        is_its_own = newest and newest.kind == Comment.Kind.MOVE and newest.created_at == self.happening.now
        return newest if is_its_own else None

    def saying(self, text: str, **options: Any) -> Saying:
        """What is said about it."""
        return Saying(text, by=self.by, task_id=self.task_id, event=self.happening.kind, **options)


Say = Callable[[Item], Saying | None]

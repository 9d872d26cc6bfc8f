"""What the page of a task asks of the database, for its plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tasks.domain import agents, allowed
from tasks.models import Comment, Task
from tasks.queries import sheets, timelines

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HANDFUL = 150
PAGE = 30


def sheet(status: str) -> Callable[[], object]:
    return lambda: sheets.of(Task.objects.filter(status=status).order_by("-pk")[0].pk, now=NOW)


def story(kind: str) -> Callable[[], object]:
    """Of the task with ten thousand entries."""

    def look() -> object:
        task_id = Comment.objects.order_by("-pk")[0].task_id
        first = timelines.page(task_id, limit=PAGE, kind=kind)
        return timelines.page(task_id, limit=PAGE, kind=kind, before=first.older)

    return look


def may() -> object:
    task = Task.objects.select_related("assignee", "lane").filter(status="doing").order_by("-pk")[0]
    return allowed.verbs(task, by=agents.find("zed"), now=NOW)


# What is asked, how many rows of the large tables one statement may read, and the indexes it cannot do without.
QUESTIONS: dict[str, tuple[Callable[[], object], int, str | None]] = {
    **{
        f"the page of a task that is {status}": (sheet(status), HANDFUL, None) for status in ("doing", "done")
    },
    **{f"a story, {kind}": (story(kind), HANDFUL, None) for kind in timelines.FILTERS},
    "what is allowed": (may, HANDFUL, None),
}

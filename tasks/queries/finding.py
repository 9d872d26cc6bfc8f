"""Finding tasks by what a person types into one search box."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Left

from tasks.models import Project, Task
from tasks.queries import references, search

# Characters of a description that a page looks for the words in.
_OPENING = 10_000


def page(text: str, *, status: str | None, limit: int, before: int | None) -> tuple[list[Task], int | None]:
    """Up to `limit` tasks that `text` may mean, newest first, with ids below `before`, and the `before` of the next
    page. They come with their assignee and the `opening` of their description."""
    found = tasks(Task.objects.order_by("-pk"), text)
    if status:
        found = found.filter(status=status)
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = found.select_related("assignee", "project").defer("description", "origin")
    rows: list[Task] = list(shown.annotate(opening=Left("description", _OPENING))[: limit + 1])
    return rows[:limit], (rows[limit - 1].pk if len(rows) > limit else None)


def named(text: str) -> Task | None:
    """The task whose id `text` is, written `T-12`; a bare number is not enough."""
    asked = text.strip()
    task_id = references.task_id(asked)
    return Task.objects.filter(pk=task_id).first() if task_id and not asked.isdigit() else None


def tasks(among: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Those of `among` that `text` may mean: the task of that id (`T-12`), else of that external id, else every task
    with those words; a bare number is an id as well as a word."""
    asked = text.replace("\0", "").strip()
    task_id = references.task_id(asked)
    if task_id and not asked.isdigit():
        return among.filter(pk=task_id)
    # Project by project, because the index of external ids begins with the project.
    projects = list(Project.objects.values_list("pk", flat=True))
    called = list(
        Task.objects.filter(project__in=projects, external_id=asked[:200]).values_list("pk", flat=True)[:100]
    )
    if task_id:
        called += Task.objects.filter(pk=task_id).values_list("pk", flat=True)
        worded = search.matching(Task.objects.order_by(), asked).values("pk")
        return among.filter(pk__in=worded.union(Task.objects.filter(pk__in=called).order_by().values("pk")))
    return among.filter(pk__in=called) if called else search.matching(among, asked)

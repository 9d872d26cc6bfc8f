"""Tasks: the list that answers what is stuck, and the page of a task."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import operators
from tasks.admin import showing, standings, task_filters, task_page, task_verbs
from tasks.admin.acting import Acting
from tasks.admin.refusing import Refusable
from tasks.admin.task_form import TaskForm
from tasks.admin.task_page import TaskPage
from tasks.domain import authoring, editing
from tasks.models import DoneVia, Status, Task
from tasks.queries import finding

_FORM = [
    ("What it says", ["title", "description", "done_criteria", "labels", "external_id"]),
    ("Who does it, and after what", ["priority", "project", "skills", "depends_on", "assignee", "reviewer"]),
    ("Times", ["due_at", "not_before", "stale_after"]),
]
# What stands in the place of a field that only the form has, for those who may not change it.
_READ = {
    "done_criteria": "criteria_in_force",
    "labels": "label_names",
    "skills": "required_skills",
    "depends_on": "waits_for",
}
_KEPT_BY_THE_BOARD = [
    *("status", "status_since", "reserved_until", "lane", "claimable", "open_blockers", "deferred"),
    *("lease_token", "lease_expires_at", "stale_at", "last_word_at", "attempts", "rejections"),
    *("review_until", "criteria_version", "criteria_count", "done_via", "finished_at"),
    *("parent", "origin", "created_by", "created_at", "updated_at"),
]
_ASKS = SafeString(' <b class="stale">asks a human</b>')
_STALE = SafeString(' <b class="stale">stale</b>')
_BELONGS_TO_IT = ["waits_for", "waited_for_by", "log", "attempt_list", "submission_list", "event_list"]


@admin.register(Task)
class TaskAdmin(TaskPage, Acting, Refusable):
    """Found by id, words and filters; edited through `editing.edit`, moved by actions only."""

    filled_by = "Add a task here or on the board, or have an agent write one."
    form = TaskForm
    verbs = task_verbs.VERBS
    acted_on_with = ("assignee", "reviewer", "lane")
    list_display = [
        "ref",
        "called",
        "shown_priority",
        "state_and_age",
        "who",
        "project",
        "judge",
        "tries",
        "seen_on_board",
    ]
    list_display_links = ["ref", "called"]
    list_filter = ["status", task_filters.Standing, task_filters.Priority, task_filters.OfProject]
    list_select_related = ["assignee", "reviewer", "project"]
    search_fields = ["title"]
    search_help_text = "T-12, an external id, or the beginnings of words of the title and description."
    autocomplete_fields = ["project", "assignee", "reviewer"]
    readonly_fields = ["state", "asks_human", *_READ.values(), *_BELONGS_TO_IT, *_KEPT_BY_THE_BOARD]

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        only_read = obj is not None and not self.has_change_permission(request, obj)
        said = [
            (title, {"fields": [_READ.get(name, name) for name in names] if only_read else names})
            for title, names in _FORM
        ]
        if obj is None:
            return said
        shown = {name for _, options in said for name in options["fields"]}
        return [
            (None, {"fields": ["state", "asks_human"] if obj.asks_human else ["state"]}),
            *said,
            ("What belongs to it", {"fields": [name for name in _BELONGS_TO_IT if name not in shown]}),
            ("Kept by the board", {"fields": _KEPT_BY_THE_BOARD, "classes": ["collapse"]}),
        ]

    def described(self, row: Task) -> tuple[str, str, str]:
        return row.ref, row.title, f"{row.status}, {row.assignee}" if row.assignee else row.status

    def get_ordering(self, request: HttpRequest) -> Any:
        return standings.ORDERS.get(request.GET.get("is", ""), ["-id"])

    def slim(self, queryset: QuerySet[Task]) -> QuerySet[Task]:
        return queryset.defer("description", "origin")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Task], search_term: str
    ) -> tuple[QuerySet[Task], bool]:
        return (finding.tasks(queryset, search_term) if search_term.strip() else queryset), False

    def save_model(self, request: HttpRequest, obj: Task, form: Any, change: bool) -> None:
        now = timezone.now()
        by = operators.acting(request, now=now)
        changes = form.changes()
        if not change:
            given = {name: value for name, value in changes.items() if value is not None}
            obj.pk = authoring.write([authoring.Draft(**given)], by=by, now=now).tasks[0].pk
        elif changes:
            editing.edit(obj, by=by, now=now, **changes)
        obj.refresh_from_db()

    @admin.display(description="Task")
    def ref(self, task: Task) -> str:
        """The id people write."""
        return task.ref

    @admin.display(description="Title")
    def called(self, task: Task) -> str:
        """The title."""
        return task.title

    @admin.display(description="State")
    def state_and_age(self, task: Task) -> SafeString:
        """The status, and how long the task has been in it; whether it was overridden, and whether it asks a human."""
        overridden = ", overridden" if task.done_via == DoneVia.OVERRIDE else ""
        age = showing.age(task.status_since, now=timezone.now())
        return format_html("{} {}{}{}", task.status, age, overridden, _ASKS if task.asks_human else "")

    @admin.display(description="Prio")
    def shown_priority(self, task: Task) -> str:
        """P0 to P3."""
        return f"P{task.priority}"

    @admin.display(description="Assignee")
    def who(self, task: Task) -> SafeString | str:
        """Who holds the task or has it next, and whether it is stale."""
        stale = task.status == Status.DOING and task.stale_at is not None and task.stale_at <= timezone.now()
        return format_html("{}{}", task_page.holder(task), _STALE if stale else "")

    @admin.display(description="Reviewer")
    def judge(self, task: Task) -> SafeString | str:
        """Who reviews it, or did."""
        return showing.agent_link(task.reviewer)

    @admin.display(description="On the")
    def seen_on_board(self, task: Task) -> SafeString:
        """Where people read it."""
        return showing.board_link(task)

    def view_on_site(self, task: Task) -> str:
        """The button on its page that leads there."""
        return f"/board/{task.ref}"

    @admin.display(description="Tries")
    def tries(self, task: Task) -> str:
        """Attempts, and how many of them were rejected."""
        rejected = f" ({task.rejections} rejected)" if task.rejections else ""
        return f"{task.attempts}{rejected}" if task.attempts else ""

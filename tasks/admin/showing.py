"""How things are shown: links, times, and tables of a bounded number of rows. Everything is escaped here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import durations
from tasks.models import Agent, Task

_DATA_SHOWN = 160


def task_link(task_id: int | None) -> SafeString | str:
    """`T-12`, leading to the task's page."""
    if task_id is None:
        return ""
    address = reverse("admin:tasks_task_change", args=[task_id])
    return format_html('<a class="ref" href="{}">T-{}</a>', address, task_id)


def board_link(task: Task) -> SafeString:
    """The task on the board, where people read it."""
    return format_html('<a href="/board/{}" aria-label="{} on the board">board</a>', task.ref, task.ref)


def row_link(row: Model, text: str) -> SafeString:
    """Any row that has a page here."""
    kind = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(kind, args=[row.pk]), text)


def agent_link(agent: Agent | None) -> SafeString | str:
    """The agent's name, leading to its page."""
    if agent is None:
        return ""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:tasks_agent_change", args=[agent.pk]), agent.name
    )


def delivery_link(delivery_id: int) -> SafeString:
    """The number of a delivery, leading to its page."""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:tasks_delivery_change", args=[delivery_id]), delivery_id
    )


def age(time: datetime | None, *, now: datetime) -> SafeString | str:
    """How long ago (`3 h`) or, of a time to come, how long until then (`in 3 h`); the time itself on hover."""
    if time is None:
        return ""
    seconds = int((now - time).total_seconds())
    text = durations.coarse(seconds)
    shown = f"in {text}" if seconds < 0 else text
    exactly = f"{time:%Y-%m-%d %H:%M:%S} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', time.isoformat(), exactly, shown)


def data(facts: object) -> str:
    """The beginning of some JSON."""
    text = json.dumps(facts, ensure_ascii=False) if facts else ""
    return text if len(text) <= _DATA_SHOWN else f"{text[:_DATA_SHOWN]}…"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, more: object = "") -> str:
    """A table of these rows; `more` stands under it."""
    return render_to_string("admin/tasks/_table.html", {"head": head, "rows": list(rows), "more": more})


def listing(model: str, text: str, query: str) -> SafeString:
    """A link to the list of a model with this query string."""
    return format_html('<a href="{}?{}">{}</a>', reverse(f"admin:tasks_{model}_changelist"), query, text)

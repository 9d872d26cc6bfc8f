"""Agents: who there is, what each is doing and holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tasks import operators
from tasks.admin import agent_verbs, fields, showing, standings
from tasks.admin.acting import Acting
from tasks.admin.refusing import Refusable, RefusableForm
from tasks.domain import agents, limits
from tasks.models import Agent
from tasks.queries import presence

_EDITED = ["kind", "role", "skills", "wip_limit", "paused_until"]
_KEPT_BY_THE_BOARD = ["user", "last_seen_at", "said_status", "said_note", "created_at", "attempt_list"]
_HELD_SHOWN = 5
_ATTEMPTS_SHOWN = 50


class AgentForm(RefusableForm):
    """What an agent is; its name is given once."""

    skills = fields.Names(
        longest=limits.SKILL, most=limits.SKILLS_HAD, lower=True, help_text="Separated by commas."
    )
    wip_limit = forms.IntegerField(
        min_value=1,
        max_value=limits.WIP,
        required=False,
        help_text="Tasks it may hold at once. Empty: the server's setting.",
    )

    class Meta:
        model = Agent
        fields = ["name", "kind", "role", "paused_until"]
        help_texts = {"paused_until": "It is given no work until then."}


class Standing(admin.SimpleListFilter):
    """Who is here, and who is missed: silent is offline with tasks in its hands."""

    title = "standing"
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The standings there are."""
        return [(name, name) for name in standings.AGENTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        """The agents that stand so now."""
        chosen = standings.AGENTS.get(self.value() or "")
        return queryset.filter(chosen(timezone.now())) if chosen else queryset


@admin.register(Agent)
class AgentAdmin(Acting, Refusable):
    """Agents by name, with their presence and what they hold."""

    filled_by = "An agent is written down at its first call; add one to give it skills before."
    form = AgentForm
    verbs = agent_verbs.VERBS
    ordering = ["name"]
    list_display = [
        *("name", "kind", "role", "presence", "holds", "seen"),
        *("shown_skills", "wip_limit", "paused_until"),
    ]
    list_filter = [Standing, "kind"]
    search_fields = ["name", "role"]
    search_help_text = "A name or a role."

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        return [*(["name"] if obj else []), "now", *_KEPT_BY_THE_BOARD]

    def get_fieldsets(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["name", *_EDITED]})]
        return [
            (None, {"fields": ["name", "now", *_EDITED]}),
            ("Kept by the board", {"fields": _KEPT_BY_THE_BOARD}),
        ]

    def complete(self, rows: list[Agent]) -> list[Agent]:
        for found in presence.of_each(rows, now=timezone.now()):
            found.agent.presence = found  # type: ignore[attr-defined]
        return rows

    def described(self, row: Agent) -> tuple[str, str, str]:
        return row.name, row.role, _presence(row).state

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: bool) -> None:
        now = timezone.now()
        changes = form.changes()
        if not change:
            obj.pk = agents.register(changes.pop("name"), now=now, **changes).pk
        elif changes:
            agents.change(obj, by=operators.acting(request, now=now), now=now, **changes)
        obj.refresh_from_db()

    @admin.display(description="Presence")
    def presence(self, agent: Agent) -> str:
        """Working, reviewing, idle, blocked or offline."""
        return _presence(agent).state

    @admin.display(description="Holds")
    def holds(self, agent: Agent) -> SafeString:
        """The tasks whose lease it has."""
        held = _presence(agent).holds
        links = format_html_join(", ", "{}", ((showing.task_link(pk),) for pk in held[:_HELD_SHOWN]))
        return (
            format_html("{} and {} more", links, len(held) - _HELD_SHOWN)
            if len(held) > _HELD_SHOWN
            else links
        )

    @admin.display(description="Seen")
    def seen(self, agent: Agent) -> SafeString | str:
        """How long ago it gave a sign of life."""
        return showing.age(agent.last_seen_at, now=timezone.now())

    @admin.display(description="Skills")
    def shown_skills(self, agent: Agent) -> str:
        """Its skills."""
        return ", ".join(agent.skills)

    @admin.display(description="Now")
    def now(self, agent: Agent) -> SafeString:
        """Presence, what it holds, and where its tasks are listed."""
        mine = showing.listing("task", "its tasks", f"assignee={agent.pk}")
        reviews = showing.listing("task", "tasks it reviews", f"reviewer={agent.pk}")
        holds = self.holds(agent) or "nothing"
        return format_html(
            "<strong>{}</strong>, holds {} ({}, {})", self.presence(agent), holds, mine, reviews
        )

    @admin.display(description=f"Attempts (last {_ATTEMPTS_SHOWN})")
    def attempt_list(self, agent: Agent) -> str:
        """What it has held, and how that ended."""
        now = timezone.now()
        newest = agent.attempts.select_related("task").order_by("-pk")[:_ATTEMPTS_SHOWN]
        rows = [
            [
                showing.task_link(attempt.task_id),
                showing.age(attempt.started_at, now=now),
                attempt.outcome or "open",
                attempt.task.title,
            ]
            for attempt in newest
        ]
        every = showing.listing("attempt", "All of them", f"q={agent.name}")
        return showing.table(["task", "began (ago)", "ended", "title"], rows, more=every)


def _presence(agent: Agent) -> presence.Presence:
    found: presence.Presence = getattr(agent, "presence", None) or presence.of(agent, now=timezone.now())
    return found

"""What an operator can do to agents: pause them, and free what hangs on one that is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils import timezone

from tasks.admin import fields
from tasks.admin.verbs import Fate, Nothing, Reason, Verb
from tasks.domain import agents, departures
from tasks.models import Agent, Status, Task


class HowLong(forms.Form):
    """Until when."""

    seconds = fields.Duration(label="For how long", initial="4h", help_text="Such as 30m, 4h or 2d.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seconds"].required = True


def _pause(agent: Agent, *, by: Agent, now: datetime, seconds: int) -> None:
    agents.change(agent, by=by, now=now, paused_until=now + timedelta(seconds=seconds))


def _unpause(agent: Agent, *, by: Agent, now: datetime) -> None:
    agents.change(agent, by=by, now=now, paused_until=None)


def _take_back_all(agent: Agent, *, by: Agent, now: datetime, reason: str) -> str:
    return _refs(departures.take_back_all(agent, by=by, reason=reason, now=now))


def _hand_on(agent: Agent, *, by: Agent, now: datetime) -> str:
    return _refs(departures.hand_on(agent, by=by, now=now))


def _refs(task_ids: Sequence[int]) -> str:
    return ", ".join(f"T-{pk}" for pk in task_ids)


def _paused(agent: Agent) -> str | None:
    return "given work again" if agent.paused_until and agent.paused_until > timezone.now() else None


def _held(rows: Sequence[Agent], now: datetime) -> list[Fate]:
    held = _counted(Q(status=Status.DOING, assignee__in=rows), "assignee")
    return [Fate(_many(held.get(agent.pk, 0), "taken back")) for agent in rows]


def _waiting(rows: Sequence[Agent], now: datetime) -> list[Fate]:
    kept = _counted(Q(status=Status.TODO, assignee__in=rows), "assignee")
    in_review = _counted(Q(status=Status.VALIDATING, reviewer__in=rows), "reviewer")
    return [
        Fate(
            "; ".join(
                told
                for told in (
                    _many(kept.get(agent.pk, 0), "free for anyone"),
                    _many(in_review.get(agent.pk, 0), "to be reviewed by another"),
                )
                if told
            )
            or None
        )
        for agent in rows
    ]


def _counted(of_agents: Q, by: str) -> dict[int, int]:
    return dict(Task.objects.filter(of_agents).order_by().values_list(by).annotate(Count("pk")))


def _many(count: int, what: str) -> str | None:
    if count > departures.AT_ONCE:
        return f"the first {departures.AT_ONCE} of {count} tasks {what}"
    return f"{count} task{'' if count == 1 else 's'} {what}" if count else None


VERBS: dict[str, Verb[Agent]] = {
    verb.name: verb
    for verb in (
        Verb[Agent](
            "pause",
            "Pause",
            "The agent is given no work until then; what it holds it keeps.",
            HowLong,
            _pause,
            lambda agent: "paused for so long from now",
        ),
        Verb[Agent]("unpause", "End the pause", "The agent is given work again.", Nothing, _unpause, _paused),
        Verb[Agent](
            "take_back_all",
            "Take back all it holds",
            "The agent loses every lease; what the logs say is handed over to whoever comes.",
            Reason,
            _take_back_all,
            lambda agent: "free of leases",
            foresees=_held,
        ),
        Verb[Agent](
            "hand_on",
            "Hand on what waits for it",
            "Tasks kept for the agent are free for anyone; what it was to review is passed on.",
            Nothing,
            _hand_on,
            lambda agent: "waited for by nothing",
            foresees=_waiting,
        ),
    )
}

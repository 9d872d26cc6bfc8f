"""Handoffs: passing a task on with what was done, what is pending and what to beware of, and its read-back.

The closed loop of medicine and aviation: whoever takes over says back what was understood before acting (readback in
ICAO Doc 4444, 4.5.7.5; read-back in the Joint Commission's NPSG.02.01.01; "synthesis by receiver" in I-PASS, Starmer
et al., NEJM 2014). So the board lets the next holder do nothing else with the task first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q

from tasks.domain import comments, events, leases, lifecycle, notices, transactions
from tasks.domain.refusals import Conflict, Invalid, Missing, Premature
from tasks.models import Agent, Comment, Handoff, Task
from tasks.queries import logs, planned

# Of each of the three texts in a refusal, which has to fit a small budget.
_SHOWN = 120


class ReadbackNeeded(Premature):
    """The holder has not read back the handoff it was given."""

    code = "readback_needed"


class WrongState(Conflict):
    """The handoff was read back already, or there is a newer one."""


class NoSuchHandoff(Missing):
    """The task has no handoff of that number."""


@dataclass(frozen=True)
class Words:
    """What has to be said when a task is passed on; none of the three is blank ("none" is said, too)."""

    done: str
    pending: str
    gotchas: str


def hand_off(task: Task, words: Words, *, to: Agent | None, by: Agent, lease: int, now: datetime) -> Handoff:
    """Pass the task on: `todo`, reserved for `to` for RESERVE_FOR (null: for anyone). The lease ends.

    Refused: a lease that is not current (LeaseLost); a blank text, or `to` the task's own reviewer (Invalid).
    """
    with transactions.change():
        row = leases.lock_held(task, by=by, token=lease, now=now)
        _refuse_blank(words)
        _refuse_reviewer(row, to)
        handoff = record(row.pk, words, by=by, to=to, now=now)
        changes = {"assignee": to, "reserved_until": now + settings.RESERVE_FOR if to else None, **DUE}
        moved = lifecycle.move(
            row.pk,
            "handoff",
            now=now,
            by=by,
            guard=leases.held(by, lease),
            changes=changes,
            handoff=handoff.number,
            to=to.name if to else None,
        )
        assert moved, f"{row.ref} changed while it was locked"
    return handoff


# The columns of a task whose next holder has a handoff to read back.
DUE: dict[str, Any] = {"readback_due": True}


def record(task_id: int, words: Words, *, by: Agent | None, to: Agent | None, now: datetime) -> Handoff:
    """Store a handoff and its log entry within the caller's transaction, which has locked the task and sets `DUE`.

    `by` null is the board itself.
    """
    before = newest(task_id)
    number = before.number + 1 if before else 1
    said = {"done": words.done, "pending": words.pending, "gotchas": words.gotchas}
    handoff = Handoff(task_id=task_id, number=number, by=by, to=to, created_at=now, **said)
    handoff.save(force_insert=True)
    comments.append(task_id, by=by, kind="move", text=_entry(number, words, to=to), now=now)
    return handoff


def record_each(words: Mapping[int, Words], *, now: datetime) -> None:
    """The same by the board itself for each of several tasks, to whoever comes, in a fixed number of statements."""
    handoffs = Handoff.objects.filter(task__in=words).order_by().values_list("task")
    before: dict[int, int] = dict(handoffs.annotate(Max("number")))
    at = connection.ops.adapt_datetimefield_value(now)
    numbers = {task_id: before.get(task_id, 0) + 1 for task_id in words}
    rows = [
        [task_id, numbers[task_id], said.done, said.pending, said.gotchas, at]
        for task_id, said in words.items()
    ]
    with planned.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
    entries = {pk: _entry(numbers[pk], said, to=None) for pk, said in words.items()}
    notices.write(entries, kind=Comment.Kind.MOVE, now=now)


_INSERT = """
INSERT INTO tasks_handoff (task_id, number, done, pending, gotchas, created_at, readback)
VALUES (%s, %s, %s, %s, %s, %s, '')
"""


def _entry(number: int, words: Words, *, to: Agent | None) -> str:
    heading = f"{logs.heading_of_handoff(number)} to {to.name if to else 'the pool'}"
    return f"{heading}\nDone: {words.done}\nPending: {words.pending}\nGotchas: {words.gotchas}"


def newest(task_id: int) -> Handoff | None:
    """The newest handoff of a task."""
    return Handoff.objects.filter(task_id=task_id).order_by("-number").first()


def read_back(task: Task, number: int, *, text: str, by: Agent, lease: int, now: datetime) -> None:
    """Say in one's own words what the open handoff means; a word by the holder, so its lease starts anew.

    Refused: a lease that is not current (LeaseLost); a number there is not (NoSuchHandoff), one that is not the newest
    or was read back already (WrongState).
    """
    with transactions.change():
        row = leases.lock_held(task, by=by, token=lease, now=now)
        refuse_unreadable(row, number)
        unread = Handoff.objects.filter(task=row, number=number, read_at=None)
        unread.update(read_by=by, read_at=now, readback=text)
        leases.renew(row, by=by, token=lease, now=now)
        Task.objects.filter(leases.held(by, lease), pk=row.pk).update(readback_due=False, updated_at=now)
        comments.append(
            row.pk, by=by, kind="move", text=f"read back {logs.heading_of_handoff(number)}: {text}", now=now
        )
        events.record("task.read_back", now=now, task_id=row.pk, by=by, handoff=number)


# The guard of what a holder may do only once it has read back.
READ = Q(readback_due=False)


def refuse_unread(row: Task, *, by: Agent) -> None:
    """Refuse, as ReadbackNeeded with the handoff, what the holder `by` may not do before it has read back."""
    if not row.readback_due:
        return
    handoff = newest(row.pk)
    assert handoff is not None, f"{row.ref} waits for the read-back of nothing"
    raise ReadbackNeeded(
        f"{by.name} has not read back handoff {handoff.number} of {row.ref}.",
        fix=f"Read it whole with GET /tasks/active, then POST /tasks/{row.ref}/handoffs/{handoff.number}/readback"
        " {agent, lease, text} with what you understood and will do first.",
        handoff={
            "id": handoff.number,
            "from": handoff.by.name if handoff.by else "system",
            **{name: logs.shorten(getattr(handoff, name), _SHOWN) for name in ("done", "pending", "gotchas")},
        },
    )


def refuse_unreadable(row: Task, number: int) -> None:
    """Refuse to have handoff `number` read back: there is none, it is not the newest, or it was read back already."""
    handoff = newest(row.pk)
    if handoff is None or number > handoff.number:
        there = f"its newest is {handoff.number}" if handoff else "it has none"
        raise NoSuchHandoff(
            f"{row.ref} has no handoff {number}; {there}.", fix="GET /tasks/active shows what you hold."
        )
    if number != handoff.number:
        raise WrongState(
            f"The newest handoff of {row.ref} is {handoff.number}.",
            fix=f"POST /tasks/{row.ref}/handoffs/{handoff.number}/readback reads that one back.",
        )
    if not row.readback_due:
        raise WrongState(
            f"Handoff {number} of {row.ref} was read back already.",
            fix=f"Go on with the work; POST /tasks/{row.ref}/comments tells what you find.",
        )


def _refuse_blank(words: Words) -> None:
    errors = {
        name: ['This is said, too: "none" if there is nothing.']
        for name in ("done", "pending", "gotchas")
        if not getattr(words, name).strip()
    }
    if errors:
        raise Invalid(errors, fix=f"Send it again with {', '.join(errors)}.")


def _refuse_reviewer(row: Task, to: Agent | None) -> None:
    if to is not None and to.pk == row.reviewer_id:
        raise Invalid(
            {"to": [f"{to.name} is the reviewer of {row.ref}, and a reviewer cannot be its worker."]},
            fix="Hand it to another agent, or to null: whoever comes.",
        )

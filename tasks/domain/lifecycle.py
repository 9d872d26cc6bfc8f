"""The lifecycle of a task: the table of moves, and the only code that writes a status.

A move is a compare-and-set: the states it may start from and the caller's guard stand in the `WHERE` of one `UPDATE`,
and the number of rows it changed is the verdict. What follows from a status for the rest of the board (the open attempt
ends, dependents come free or wait again, the event is recorded) happens here too, so that no verb can forget it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from tasks.domain import attempts, comments, dependencies, events
from tasks.models import FINISHED, Agent, Attempt, Block, Status, Task
from tasks.queries import planned


@dataclass(frozen=True)
class Move:
    """One arrow of the contract's picture. `outcome` is how the attempt ends that the move ends, if it ends one."""

    verb: str
    origins: frozenset[Status]
    target: Status
    needs_lease: bool
    event: str
    outcome: Attempt.Outcome | None = None


def _move(
    verb: str, origins: Iterable[Status], target: Status, event: str, outcome: Attempt.Outcome | None = None, *,
    lease: bool = False,
) -> Move:  # fmt: skip
    return Move(verb, frozenset(origins), target, lease, event, outcome)


_S, _O = Status, Attempt.Outcome
_OPEN = frozenset(_S) - FINISHED
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        _move("claim", {_S.TODO}, _S.DOING, "task.claimed"),
        _move("submit", {_S.DOING}, _S.VALIDATING, "task.submitted", _O.SUBMITTED, lease=True),
        _move("approve", {_S.VALIDATING}, _S.DONE, "task.approved"),
        _move("reject", {_S.VALIDATING}, _S.TODO, "task.rejected"),
        _move("handoff", {_S.DOING}, _S.TODO, "task.handed_off", _O.HANDED_OFF, lease=True),
        _move("block", {_S.DOING}, _S.BLOCKED, "task.blocked", _O.BLOCKED, lease=True),
        _move("unblock", {_S.BLOCKED}, _S.TODO, "task.unblocked"),
        _move("amend", _OPEN, _S.TODO, "task.criteria_amended", _O.AMENDED),
        _move("override", _OPEN, _S.DONE, "task.overridden", _O.OVERRIDDEN),
        _move("release", {_S.DOING}, _S.TODO, "task.released", _O.RELEASED),
        _move("reclaim", {_S.DOING}, _S.TODO, "task.reclaimed", _O.RECLAIMED),
        _move("give_up", {_S.DOING}, _S.BLOCKED, "task.given_up", _O.GIVEN_UP),
        _move("cancel", _OPEN, _S.CANCELLED, "task.cancelled", _O.CANCELLED),
        _move("reopen", FINISHED, _S.TODO, "task.reopened"),
    )
}


def move(
    task_id: int,
    verb: str,
    *,
    now: datetime,
    by: Agent | None,
    guard: Q | None = None,
    changes: dict[str, Any] | None = None,
    **data: Any,
) -> bool:
    """Make one move if its states and `guard` hold, and say whether it was made. Needs a transaction around it.

    `changes` are further columns of the task, set in the same statement; `data` goes into the event.
    A False has written nothing: the caller looks at the task and raises the refusal that fits.
    """
    rule = MOVES[verb]
    if rule.target in FINISHED or rule.origins & FINISHED:
        dependencies.lock_to_shift(task_id)
    columns = _columns(rule, now) | (changes or {})
    if not Task.objects.filter(guard or Q(), pk=task_id, status__in=rule.origins).update(**columns):
        return False
    if rule.outcome:
        attempts.end(task_id, outcome=rule.outcome, now=now)
    if Status.BLOCKED in rule.origins:
        resolution = data.get("resolution") or f"{verb}: {data.get('reason')}"
        Block.objects.filter(task_id=task_id, ended_at=None).update(
            ended_at=now, ended_by=by, resolution=resolution
        )
    if rule.target in FINISHED:
        _unblock_waiting(dependencies.release_dependents(task_id), after=task_id, target=rule.target, now=now)
    elif rule.origins & FINISHED:
        dependencies.hold_dependents(task_id)
    events.record(rule.event, now=now, task_id=task_id, by=by, **data)
    return True


def move_locked(
    task_ids: Sequence[int],
    verb: str,
    *,
    now: datetime,
    changes: dict[str, Any],
    data: Mapping[int, dict[str, Any]],
) -> None:
    """Make the board's own move `verb` for each of several tasks, in a fixed number of statements.

    The caller has locked their rows and seen that they are where the move starts; `changes` are the same for all,
    `data` is each one's event. Not for a move that finishes or re-opens, which has others to tell.
    """
    rule = MOVES[verb]
    assert not FINISHED & (rule.origins | {rule.target})
    starting = Task.objects.filter(pk__in=task_ids, status__in=rule.origins)
    moved = starting.update(**_columns(rule, now) | changes)
    assert moved == len(task_ids), f"{len(task_ids) - moved} tasks changed while they were locked"
    if rule.outcome:
        attempts.end_each(task_ids, outcome=rule.outcome, now=now)
    events.record_each(rule.event, data, now=now)


def claim(task_id: int, *, by: Agent, token: int, terms: dict[str, datetime], now: datetime) -> bool:
    """The move "claim", and the attempt it begins: `by` holds the task under the lease `token` + 1, on these terms.

    True if the task is claimable, is kept for nobody else and has `token` as its latest; a False has written nothing.
    """
    adapt = connection.ops.adapt_datetimefield_value
    parameters: dict[str, Any] = {name: adapt(at) for name, at in {"now": now, **terms}.items()}
    parameters |= {"task": task_id, "agent": by.pk, "token": token, "data": json.dumps({"token": token + 1})}
    with planned.cursor() as cursor:
        for statement in _CLAIM[connection.vendor]:
            cursor.execute(statement, parameters)
            if cursor.rowcount != 1:
                return False
    return True


def unblock(task: Task, *, by: Agent | None, resolution: str, now: datetime) -> bool:
    """The move "unblock" with its log entry, by whoever (null: by itself): reserved for the last holder, if any."""
    kept = task.assignee is not None
    moved = move(
        task.pk,
        "unblock",
        now=now,
        by=by,
        changes={"reserved_until": now + settings.RESERVE_FOR if kept else None},
        resolution=resolution,
        worker=task.assignee.name if task.assignee else None,
    )
    if moved:
        comments.append(task.pk, by=by, kind="move", text=f"unblock: {resolution}", now=now)
    return moved


def _unblock_waiting(waiting: list[int], *, after: int, target: Status, now: datetime) -> None:
    """End the blocks that lasted as long as something was unfinished, now that `after` is finished."""
    free = Task.objects.filter(
        pk__in=waiting, status=Status.BLOCKED, open_blockers=0, blocks__ended_at=None, blocks__waits=True
    )
    for task in list(free.select_related("assignee").order_by("pk")) if waiting else []:
        resolution = f"T-{after} is {target}, and nothing else is waited for."
        unblock(task, by=None, resolution=resolution, now=now)


# Written out, because this is the move that everybody makes all day: composing the update took the ORM longer than the
# database takes for the whole claim. `claimable` says that the status is the one the move starts from. For the same
# reason its event is one that nobody can follow.
_HOLD = """
UPDATE tasks_task SET status = 'doing', status_since = %(now)s, updated_at = %(now)s, reserved_until = NULL,
    assignee_id = %(agent)s, attempts = attempts + 1, lease_token = lease_token + 1,
    last_word_at = %(last_word_at)s, stale_at = %(stale_at)s, lease_expires_at = %(lease_expires_at)s
WHERE id = %(task)s AND claimable AND lease_token = %(token)s AND (assignee_id IS NULL OR assignee_id = %(agent)s)
"""
_BEGIN = attempts.BEGIN + " SELECT {task}, %(agent)s, %(token)s + 1, %(now)s {held}"
_RECORD = events.RECORD + " SELECT 'task.claimed', %(now)s, {task}, %(agent)s, %(data)s{json} {held}"
_CLAIM = {
    "sqlite": [_HOLD, *(part.format(task="%(task)s", held="", json="") for part in (_BEGIN, _RECORD))],
    # One statement, as each costs a round trip.
    "postgresql": [
        "WITH held AS ({} RETURNING id), attempt AS ({}) {}".format(
            _HOLD, *(part.format(task="id", held="FROM held", json="::jsonb") for part in (_BEGIN, _RECORD))
        )
    ],
}


def _columns(rule: Move, now: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {"status": rule.target, "status_since": now, "updated_at": now}
    if Status.DOING in rule.origins:
        columns |= {"lease_expires_at": None, "stale_at": None, "flagged_at": None}
    if Status.VALIDATING in rule.origins:
        columns |= {"review_until": None}
    if Status.TODO in rule.origins:
        columns |= {"reserved_until": None}
    if rule.target in FINISHED:
        columns |= {"finished_at": now}
    elif rule.origins & FINISHED:
        columns |= {"finished_at": None, "done_via": None}
    return columns

"""Blocks: a task that cannot go on says why and what it needs from whom, and comes back with the resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from tasks.domain import asking, comments, dependencies, handoffs, leases, lifecycle, transactions
from tasks.domain.refusals import Conflict, Invalid
from tasks.models import Agent, Block, Status, Task
from tasks.queries import queue, references


class NotBlocked(Conflict):
    """The task is not blocked."""


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way: the reason, what is needed from whom, and tasks (by id or `external_id`) to wait for."""

    reason: str
    needs: str
    depends_on: Sequence[str] = ()


def block(task: Task, obstacle: Obstacle, *, by: Agent, lease: int, now: datetime) -> Block:
    """Stop the work; the lease ends. With `depends_on` the block ends by itself when those are finished.

    Refused: a lease that is not current (LeaseLost); a handoff not read back (ReadbackNeeded); a task to wait for that
    there is not, that waits for this one, or none of which is unfinished (Invalid).
    """
    with transactions.change():
        wanted = dependencies.named(obstacle.depends_on, project_id=task.project_id)
        if wanted:
            dependencies.lock_to_link(task.pk, wanted)
        row = leases.lock_held(task, by=by, token=lease, now=now)
        handoffs.refuse_unread(row, by=by)
        _refuse_finished(wanted)
        stop = record(row.pk, obstacle, waits=bool(wanted), by=by, now=now)
        dependencies.add(row.pk, wanted, block=stop)
        moved = lifecycle.move(
            row.pk,
            "block",
            now=now,
            by=by,
            guard=leases.held(by, lease) & handoffs.READ,
            block=stop.number,
            reason=obstacle.reason,
            needs=obstacle.needs,
            depends_on=[f"T-{other}" for other in sorted(wanted)],
        )
        assert moved, f"{row.ref} changed while it was locked"
    return stop


def record(task_id: int, obstacle: Obstacle, *, waits: bool, by: Agent | None, now: datetime) -> Block:
    """Store a block and its log entry within the caller's transaction, which has locked the task and moves it."""
    before = Block.objects.filter(task_id=task_id).order_by("-number").first()
    stop = _row(task_id, before.number + 1 if before else 1, obstacle, by=by, now=now)
    stop.waits = waits
    stop.save(force_insert=True)
    waiting = f"\nWaits for: {', '.join(obstacle.depends_on)}" if waits else ""
    text = f"block {stop.number}: {obstacle.reason}\nNeeds: {obstacle.needs}{waiting}"
    comments.append(task_id, by=by, kind="move", text=text, now=now)
    return stop


def record_each(stops: Mapping[int, Obstacle], *, now: datetime) -> None:
    """Store blocks of the board itself, one for each task, in a fixed number of statements; the caller has locked the
    tasks, moves them and writes the log."""
    before: dict[int, int] = dict(
        Block.objects.filter(task__in=stops).order_by().values_list("task").annotate(Max("number"))
    )
    Block.objects.bulk_create(
        [_row(pk, before.get(pk, 0) + 1, stop, by=None, now=now) for pk, stop in stops.items()]
    )


def _row(task_id: int, number: int, stop: Obstacle, *, by: Agent | None, now: datetime) -> Block:
    said = {"reason": stop.reason, "needs": stop.needs}
    return Block(task_id=task_id, number=number, by=by, created_at=now, **said)


def unblock(task: Task, *, by: Agent, resolution: str, now: datetime) -> None:
    """Let a blocked task go on: `todo`, reserved for its last holder for RESERVE_FOR. Anyone may.

    What the block made it wait for and is unfinished, it waits for no longer. Refused as NotBlocked.
    """
    with transactions.change():
        row = queue.lock_task(task.pk)
        dependencies.drop_of_block(row.pk)
        asking.answer(row.pk, by=by, now=now)
        if not lifecycle.unblock(row, by=by, resolution=resolution, now=now):
            raise _not_blocked(row)


def refuse_unblocking(task: Task) -> None:
    """Refuse what `unblock` would refuse, with the task as it is."""
    if task.status != Status.BLOCKED:
        raise _not_blocked(task)


def _not_blocked(task: Task) -> NotBlocked:
    return NotBlocked(
        f"{task.ref} is {task.status}, not blocked.", fix=f"GET /tasks/{task.ref} shows how it is."
    )


def _refuse_finished(wanted: set[int]) -> None:
    if wanted and not references.unfinished(wanted):
        names = ", ".join(f"T-{other}" for other in sorted(wanted))
        raise Invalid(
            {"depends_on": [f"{names}: finished already, so there is nothing to wait for."]},
            fix="Go on with the work, or block without depends_on.",
        )


def open_block(task_id: int) -> Block | None:
    """The block that stops a task now."""
    return Block.objects.select_related("by").filter(task_id=task_id, ended_at=None).first()

"""Dependencies: what a task waits for, and the counter of it that keeps the queue's index true.

`open_blockers` is maintained in the transaction that finishes, re-opens or links. An edge is added only under one
board-wide lock, with the blockers locked against finishing meanwhile: without that, 136 edges of 32 threads were
miscounted. Whoever needs several tasks locks them in one go in the order of their ids, a finished task with those that
wait for it, an edited one with those it waits for: a diamond of tasks locked along its edges would deadlock.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tasks.domain import turns
from tasks.domain.refusals import Invalid
from tasks.models import FINISHED, Block, Dependency, Task
from tasks.queries import references

# All that waits for a task, directly or through others.
_DOWNSTREAM = """
WITH RECURSIVE downstream(id) AS (
    SELECT task_id FROM tasks_dependency WHERE depends_on_id = %s
    UNION
    SELECT d.task_id FROM tasks_dependency d JOIN downstream u ON d.depends_on_id = u.id
)
SELECT id FROM downstream
"""
_OPEN_BLOCKER = ~Q(depends_on__status__in=FINISHED)


def lock_graph() -> None:
    """Make this transaction the only one that adds edges. SQLite has one writer anyway."""
    turns.take(turns.Turn.GRAPH)


def named(refs: Sequence[str], *, project_id: int) -> set[int]:
    """The ids of the tasks that `depends_on` names, by id or by an `external_id` of the project. An unknown one is
    refused as Invalid."""
    known = references.existing(refs) | references.by_external_id(project_id, refs)
    if unknown := [ref for ref in refs if ref not in known]:
        raise Invalid(
            {"depends_on": [f"There is no task {', '.join(unknown)[:200]}."]},
            fix="GET /tasks?q=WORDS finds the right one.",
        )
    return set(known.values())


def lock_to_link(task_id: int, depends_on: set[int]) -> None:
    """Lock what `replace` or `add` needs, before anything else of the task is locked. Refuses a cycle as Invalid."""
    lock_graph()
    _refuse_cycle(task_id, depends_on)
    _lock_in_order(Task.objects.filter(pk__in={task_id} | depends_on | _blockers(task_id)))


def replace(task_id: int, depends_on: set[int]) -> None:
    """Make `depends_on` (ids of existing tasks) the dependencies of a task, after `lock_to_link`."""
    before = _blockers(task_id)
    Dependency.objects.filter(task_id=task_id, depends_on_id__in=before - depends_on).delete()
    Dependency.objects.bulk_create(
        [Dependency(task_id=task_id, depends_on_id=other) for other in sorted(depends_on - before)]
    )
    recount([task_id])


def add(task_id: int, depends_on: set[int], *, block: Block) -> None:
    """Let a task wait for these too, as long as `block` lasts, after `lock_to_link`."""
    if not depends_on:
        return
    Dependency.objects.bulk_create(
        [
            Dependency(task_id=task_id, depends_on_id=other, block=block)
            for other in sorted(depends_on - _blockers(task_id))
        ]
    )
    recount([task_id])


def drop_of_block(task_id: int) -> None:
    """Let a task, whose row is locked, wait no longer for what its open block brought and is unfinished."""
    of_open_block = Dependency.objects.filter(block__isnull=False, block__ended_at=None)
    if of_open_block.filter(_OPEN_BLOCKER, task_id=task_id).delete()[0]:
        recount([task_id])


def lock_blockers(task_ids: set[int]) -> None:
    """Keep these tasks from finishing or re-opening until this transaction ends."""
    if connection.vendor == "postgresql" and task_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM tasks_task WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(task_ids)]
            )


def recount(task_ids: list[int]) -> None:
    """Set the counters of these tasks from their edges."""
    unfinished = (
        Dependency.objects.filter(_OPEN_BLOCKER, task=OuterRef("pk"))
        .order_by()
        .values("task")
        .annotate(n=Count("pk"))
        .values("n")
    )
    _lock_in_order(Task.objects.filter(pk__in=task_ids))
    Task.objects.filter(pk__in=task_ids).update(open_blockers=Coalesce(Subquery(unfinished), 0))


def lock_to_shift(task_id: int) -> None:
    """Lock what finishing or re-opening a task changes, before anything else of it is locked: the task and those that
    wait for it. SQLite has one writer anyway."""
    while connection.vendor == "postgresql" and not _locked_to_shift(task_id):
        pass


def _locked_to_shift(task_id: int) -> bool:
    """Whether all of them could be locked in order. If an edge was added meanwhile the locks are given back: taking one
    more out of order would deadlock. Once the task is locked, no further edge can be."""
    point = transaction.savepoint()
    wanted = {task_id} | _waiting(task_id)
    _lock_in_order(Task.objects.filter(pk__in=wanted))
    if _waiting(task_id) <= wanted:
        transaction.savepoint_commit(point)
        return True
    transaction.savepoint_rollback(point)
    return False


def release_dependents(task_id: int) -> list[int]:
    """A task was finished: whoever waits for it waits for one less. Gives their ids; their rows are locked."""
    return _shift(task_id, -1)


def hold_dependents(task_id: int) -> None:
    """A task was re-opened: whoever depends on it waits for it again."""
    _shift(task_id, +1)


def _waiting(task_id: int) -> set[int]:
    return set(Dependency.objects.filter(depends_on=task_id).values_list("task_id", flat=True))


def _blockers(task_id: int) -> set[int]:
    return set(Dependency.objects.filter(task_id=task_id).values_list("depends_on_id", flat=True))


def _shift(task_id: int, by: int) -> list[int]:
    edges = Dependency.objects.filter(depends_on_id=task_id)
    if ids := _lock_in_order(Task.objects.filter(pk__in=edges.values("task_id"))):
        # Asked again: while the lock was waited for, an edge may have gone, and PostgreSQL locks its task all the same.
        waiting = Task.objects.filter(pk__in=ids).filter(pk__in=edges.values("task_id"))
        waiting.update(open_blockers=F("open_blockers") + by)
    return ids


def _lock_in_order(tasks: QuerySet[Task]) -> list[int]:
    # Two transactions that update the same rows in different orders would deadlock.
    return list(
        tasks.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    )


def _refuse_cycle(task_id: int, wanted: set[int]) -> None:
    if task_id in wanted:
        raise Invalid(
            {"depends_on": ["A task cannot wait for itself."]}, fix=f"Leave T-{task_id} out of depends_on."
        )
    if culprits := wanted & _downstream(task_id):
        chain = ", ".join(f"T-{other}" for other in sorted(culprits))
        raise Invalid(
            {"depends_on": [f"T-{task_id} is already waited for by {chain}, so it cannot wait for it."]},
            fix=f"Leave {chain} out of depends_on.",
        )


def _downstream(task_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DOWNSTREAM, [task_id])
        return {row[0] for row in cursor.fetchall()}

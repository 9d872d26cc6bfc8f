"""The sequence: the order of events as readers see it, given to those that are committed when somebody reads.

On PostgreSQL an event has its id before it is committed, and slower writers commit smaller ids later. A number that
writers gave would make them queue for it. So readers give it: one at a time, to what is committed and has none. A
reader that goes on after the last number it saw misses nothing, because what comes later gets a higher one.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from tasks.domain import transactions, turns
from tasks.queries import event_log, planned

# Events that one transaction numbers (some 150 ms), and transactions that one reader makes before it goes on without
# the rest.
AT_ONCE = 2000
ROUNDS = 5
# By `id + 0`, which nothing but the index of what has no number is in the order of: planned with statistics from before
# the last lot was numbered, an order by `id` reads the table.
_WAITS = "SELECT id FROM tasks_event WHERE seq IS NULL ORDER BY id + 0 LIMIT 1"
# Durable before anybody sees it, as every commit here: a number that was lost and given again to another event would
# hide that event from whoever goes on after it.
_NUMBER = """
UPDATE tasks_event e SET seq = (SELECT COALESCE(max(seq), 0) FROM tasks_event) + n.place
FROM unnest(ARRAY(SELECT id FROM tasks_event WHERE seq IS NULL ORDER BY id + 0 LIMIT %s))
    WITH ORDINALITY AS n(id, place)
WHERE e.id = n.id
"""


def after(
    seq: int,
    *,
    limit: int,
    task_id: int | None = None,
    agent_id: int | None = None,
    kinds: Sequence[str] = (),
) -> event_log.Page:
    """The page of the log after `seq` (see `event_log.after`); where numbers end, what has none yet is given one."""

    def read() -> event_log.Page:
        return event_log.after(seq, limit=limit, task_id=task_id, agent_id=agent_id, kinds=kinds)

    page = read()
    if page.more:
        return page
    catch_up()
    # Whoever numbered them: another reader may have been faster, and what was there when this one came belongs here.
    return read() if event_log.newest() > page.next else page


def catch_up() -> bool:
    """Number what is committed and has no number, up to AT_ONCE times ROUNDS events; whether there was any.

    Whoever reads next goes on. Writers neither wait for this nor pay for it. On SQLite every event has its number from
    the start.
    """
    if connection.vendor != "postgresql":
        return False
    rounds = 0
    while rounds < ROUNDS and _something_waits():
        rounds += 1
        if _number() < AT_ONCE:
            break
    return rounds > 0


def _something_waits() -> bool:
    with planned.cursor() as cursor:
        cursor.execute(_WAITS, [])
        return cursor.fetchone() is not None


def _number() -> int:
    with transactions.change(), planned.cursor() as cursor:
        # A statement of its own: the next one sees what was committed before the turn was given.
        turns.take(turns.Turn.SEQUENCE)
        cursor.execute(_NUMBER, [AT_ONCE])
        return int(cursor.rowcount)

"""The sequence: the order of events as readers see it, given to those that are committed when somebody reads.

On PostgreSQL an event has its id before it is committed, and slower writers commit smaller ids later. A number that
writers gave would make them queue for it. So readers give it: one at a time, to what is committed and has none. A
reader that goes on after the last number it saw misses nothing, because what comes later gets a higher one.
"""

from __future__ import annotations

from django.db import connection

from tasks.domain import transactions
from tasks.queries import planned

# Rows that one transaction numbers (some 30 ms), and transactions that one reader makes before it reads what there is.
AT_ONCE = 2000
ROUNDS = 10
# Beside the number that the graph of dependencies is locked by.
_LOCK = "SELECT pg_advisory_xact_lock(4871002)"
_WAITS = "SELECT EXISTS (SELECT 1 FROM tasks_event WHERE seq IS NULL)"
# Durable before anybody sees it, as every commit here: a number that was lost and given again to another event would
# hide that event from whoever goes on after it.
_NUMBER = f"""
UPDATE tasks_event e SET seq = n.seq
FROM (
    SELECT w.id, (SELECT COALESCE(max(seq), 0) FROM tasks_event) + row_number() OVER (ORDER BY w.id) AS seq
    FROM (SELECT id FROM tasks_event WHERE seq IS NULL ORDER BY id LIMIT {AT_ONCE}) w
) n
WHERE e.id = n.id
"""


def catch_up() -> None:
    """Number what is committed and has no number, up to AT_ONCE times ROUNDS events; whoever reads next goes on.

    Writers neither wait for this nor pay for it. On SQLite every event has its number from the start.
    """
    if connection.vendor != "postgresql":
        return
    for _ in range(ROUNDS):
        if not _something_waits() or _number() < AT_ONCE:
            return


def _something_waits() -> bool:
    with planned.cursor() as cursor:
        cursor.execute(_WAITS)
        return bool(cursor.fetchone()[0])


def _number() -> int:
    with transactions.change(), planned.cursor() as cursor:
        # A statement of its own: the next one sees what was committed before the lock was given.
        cursor.execute(_LOCK)
        cursor.execute(_NUMBER)
        return int(cursor.rowcount)

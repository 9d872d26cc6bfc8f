"""What always holds of handoffs, blocks and the leases that were taken back; see `invariants`."""

from __future__ import annotations

RULES = {
    "a blocked task has one open block, and no other has any": """
        SELECT t.id FROM tasks_task t WHERE (
            SELECT count(*) FROM tasks_block b WHERE b.task_id = t.id AND b.ended_at IS NULL)
        <> CASE WHEN t.status = 'blocked' THEN 1 ELSE 0 END""",
    "a block that waits has something unfinished to wait for": """
        SELECT t.id FROM tasks_task t JOIN tasks_block b ON b.task_id = t.id AND b.ended_at IS NULL
        WHERE b.waits AND t.open_blockers = 0""",
    "a read-back is due if and only if the newest handoff is unread": """
        SELECT t.id FROM tasks_task t WHERE t.readback_due <> EXISTS (
            SELECT 1 FROM tasks_handoff h WHERE h.task_id = t.id AND h.read_at IS NULL
            AND h.number = (SELECT max(n.number) FROM tasks_handoff n WHERE n.task_id = t.id))""",
    "nothing is handed in before it was read back": """
        SELECT t.id FROM tasks_task t WHERE t.status = 'validating' AND t.readback_due""",
    "a handoff is read back by one who held the task after it": """
        SELECT h.id FROM tasks_handoff h WHERE h.read_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM tasks_attempt a WHERE a.task_id = h.task_id AND a.agent_id = h.read_by_id
            AND a.started_at >= h.created_at AND a.started_at <= h.read_at
            AND (a.ended_at IS NULL OR a.ended_at >= h.read_at))""",
    "the token counts the claims and the leases that were taken back": """
        SELECT t.id FROM tasks_task t WHERE t.lease_token <> t.attempts + (
            SELECT count(*) FROM tasks_attempt a
            WHERE a.task_id = t.id AND a.outcome IN ('reclaimed', 'given_up'))""",
    "every way to pass a task on has its handoff, its block and its event": """
        SELECT t.id FROM tasks_task t JOIN (
            SELECT a.task_id, sum(CASE WHEN a.outcome = 'blocked' THEN 1 ELSE 0 END) AS stopped,
                sum(CASE WHEN a.outcome = 'handed_off' THEN 1 ELSE 0 END) AS handed,
                sum(CASE WHEN a.outcome = 'reclaimed' THEN 1 ELSE 0 END) AS taken,
                sum(CASE WHEN a.outcome = 'given_up' THEN 1 ELSE 0 END) AS given
            FROM tasks_attempt a GROUP BY a.task_id) x ON x.task_id = t.id
        WHERE x.handed + x.taken + x.given <> (SELECT count(*) FROM tasks_handoff h WHERE h.task_id = t.id)
        OR x.stopped + x.given <> (SELECT count(*) FROM tasks_block b WHERE b.task_id = t.id)
        OR x.handed <> (SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.handed_off')
        OR x.taken <> (SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.reclaimed')
        OR x.given <> (SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.given_up')
        OR x.stopped <> (SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.blocked')""",
    "a lease runs if and only if somebody holds the task": """
        SELECT t.id FROM tasks_task t WHERE (t.status = 'doing') <> (t.lease_expires_at IS NOT NULL)
        OR (t.status <> 'doing' AND (t.flagged_at IS NOT NULL OR t.stale_at IS NOT NULL))""",
}

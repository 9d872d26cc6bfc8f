"""What holds in the database after every step: each rule a query that finds the rows that break it."""

from __future__ import annotations

from tasks.queries import planned
from tests.tasks import passing_invariants, review_invariants

RULES = {
    "open_blockers is the number of unfinished dependencies": """
        SELECT t.id FROM tasks_task t WHERE t.open_blockers <> (
            SELECT count(*) FROM tasks_dependency d JOIN tasks_task o ON o.id = d.depends_on_id
            WHERE d.task_id = t.id AND o.status NOT IN ('done', 'cancelled'))""",
    "an attempt is open if and only if its task is doing, by its assignee, under its token": """
        SELECT t.id FROM tasks_task t LEFT JOIN tasks_attempt a ON a.task_id = t.id AND a.ended_at IS NULL
        WHERE (t.status = 'doing') <> (a.id IS NOT NULL)
        OR (a.id IS NOT NULL AND (a.agent_id <> t.assignee_id OR a.token <> t.lease_token))""",
    "the token is no lower than any ever issued, and every attempt is counted": """
        SELECT t.id FROM tasks_task t WHERE t.lease_token < COALESCE(
            (SELECT max(a.token) FROM tasks_attempt a WHERE a.task_id = t.id), 0)
        OR t.attempts <> (SELECT count(*) FROM tasks_attempt a WHERE a.task_id = t.id)""",
    "a task stands in the lane of its project and reviewer": """
        SELECT t.id FROM tasks_task t JOIN tasks_lane l ON l.id = t.lane_id
        WHERE l.project_id <> t.project_id OR COALESCE(l.reviewer_id, 0) <> COALESCE(t.reviewer_id, 0)""",
    "the criteria are counted": """
        SELECT t.id FROM tasks_task t WHERE t.criteria_count <> (
            SELECT count(*) FROM tasks_criterion c WHERE c.task_id = t.id AND c.version = t.criteria_version)""",
    "labels know their task's place in the queue": """
        SELECT x.id FROM tasks_tasklabel x JOIN tasks_task t ON t.id = x.task_id
        WHERE x.in_pool <> (t.claimable AND t.assignee_id IS NULL) OR x.lane_id <> t.lane_id
        OR x.priority <> t.priority OR x.created_at <> t.created_at""",
    "claimable says what it means": """
        SELECT t.id FROM tasks_task t WHERE t.claimable <> (
            t.status = 'todo' AND t.open_blockers = 0 AND t.criteria_count > 0 AND NOT t.deferred)""",
    "every claim has its event": """
        SELECT t.id FROM tasks_task t WHERE t.attempts <> (
            SELECT count(*) FROM tasks_event e WHERE e.task_id = t.id AND e.kind = 'task.claimed')""",
    "no worker is the reviewer of a task under way": """
        SELECT t.id FROM tasks_task t JOIN tasks_attempt a ON a.task_id = t.id AND a.agent_id = t.reviewer_id
        WHERE t.status IN ('doing', 'validating')""",
}


def broken() -> list[tuple[str, int]]:
    """The rules that do not hold, each with the id of a row that breaks it."""
    rules = RULES | review_invariants.RULES | passing_invariants.RULES
    names = list(rules)
    each = (f"SELECT {at} AS rule, x.id FROM ({rules[name]}) x" for at, name in enumerate(names))
    with planned.cursor() as cursor:
        # One statement that keeps its plan, as the state machine asks after every step.
        cursor.execute(" UNION ALL ".join(each))
        return [(names[at], pk) for at, pk in cursor.fetchall()]

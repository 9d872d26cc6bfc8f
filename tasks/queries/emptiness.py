"""Why there is no work: for an agent that asked for any, and for one task."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tasks.models import FINISHED, Agent, Dependency, Status, Task
from tasks.queries import queue

# Counting stops here, so that an idle agent on a large board costs no more than on a small one.
COUNTED_TO = 1000

# With a label, the first thousand of each kind are looked at: a rare label must not turn this into a scan of the board.
# The orders are those of the indexes; without one a planner may read the tasks from the start until it has a thousand.
_FOUND = {
    "other_skills": """FROM {in_lanes} WHERE {lacking} AND {of_project_l}
        UNION ALL SELECT t.id FROM tasks_task t JOIN tasks_lane l ON l.id = t.lane_id
        WHERE t.claimable AND t.assignee_id = %(me)s AND {lacking} AND {of_project_l}""",
    "waiting": """FROM tasks_task t {by_waiting} WHERE t.status = 'todo' AND t.open_blockers > 0 AND {of_project_t}
        ORDER BY t.project_id, t.open_blockers""",
    "reserved": """FROM tasks_task t WHERE t.claimable AND t.assignee_id <> %(me)s AND {of_project_t}
        ORDER BY t.assignee_id, t.priority, t.created_at, t.id""",
}
_DIALECTS = {
    "sqlite": {
        "in_lanes": "tasks_lane l CROSS JOIN tasks_task t"
        " ON t.lane_id = l.id AND t.claimable AND t.assignee_id IS NULL",
        "by_waiting": "INDEXED BY task_waiting",
    },
    "postgresql": {
        "in_lanes": f"""tasks_lane l CROSS JOIN LATERAL (
            SELECT h.id FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL
            ORDER BY h.priority, h.created_at, h.id LIMIT {COUNTED_TO}) t""",
        "by_waiting": "",
    },
}
_COUNT = "SELECT count(*) FROM (SELECT t.id {found} LIMIT {most}) AS seen{labelled}"
_LABELLED = (
    " WHERE EXISTS (SELECT 1 FROM tasks_tasklabel x WHERE x.task_id = seen.id AND x.label = %(label)s)"
)


def explain(agent: Agent, *, project: str | None, label: str | None) -> tuple[str, dict[str, int]]:
    """The contract's reason why `next` has nothing for the agent, and the counts behind it (each up to 1,000)."""
    shape = {
        "of_project_l": queue.of_project(project, "l"),
        "of_project_t": queue.of_project(project, "t"),
        "lacking": queue.lacking_skills(),
        **_DIALECTS[connection.vendor],
    }
    parameters = queue.parameters(agent, project=project, label=label)
    labelled = "" if label is None else _LABELLED
    counts = {}
    with connection.cursor() as cursor:
        for name, found in _FOUND.items():
            sql = _COUNT.format(found=found.format(**shape), most=COUNTED_TO, labelled=labelled)
            cursor.execute(sql, parameters)
            counts[name] = cursor.fetchone()[0]
    if counts["other_skills"]:
        return "no_matching_skills", counts
    return ("waiting_on_dependencies" if counts["waiting"] else "nothing_ready"), counts


def why_not_ready(task: Task, *, agent: Agent | None, now: datetime) -> str | None:
    """One sentence saying why the task cannot be claimed (by `agent`, if given), or None if it can."""
    if task.status != Status.TODO:
        return f"{task.ref} is {task.status}."
    if task.criteria_count == 0:
        return (
            f"{task.ref} has no done criteria yet; PATCH /tasks/{task.ref} with done_criteria makes it ready."
        )
    if task.open_blockers:
        return f"{task.ref} waits for {_unfinished(task)}."
    if task.not_before and task.not_before > now:
        return f"{task.ref} is not to be started before {task.not_before.isoformat()}."
    if agent is None:
        return None
    lapsed = task.reserved_until is not None and task.reserved_until <= now
    if task.assignee_id not in (None, agent.pk) and not lapsed:
        until = f"until {task.reserved_until.isoformat()}" if task.reserved_until else "for good"
        return f"{task.ref} is reserved for {task.assignee} {until}."
    if task.reviewer_id == agent.pk:
        return f"{agent.name} is the reviewer of {task.ref}, and a reviewer cannot be its worker."
    missing = sorted(set(task.lane.skills) - set(agent.skills))
    if missing:
        return f"{task.ref} needs skills that {agent.name} does not have: {', '.join(missing)}."
    return None


def _unfinished(task: Task) -> str:
    open_blockers = Dependency.objects.filter(task=task).exclude(depends_on__status__in=FINISHED)
    ids = list(open_blockers.order_by("depends_on_id").values_list("depends_on_id", flat=True)[:10])
    more = f" and {task.open_blockers - len(ids)} more" if task.open_blockers > len(ids) else ""
    return ", ".join(f"T-{pk}" for pk in ids) + more

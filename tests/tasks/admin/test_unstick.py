"""Unstick: whatever holds a task up, the page that asks says so and says what ends it, and one call ends it.

The table has every status, and in each of them everything that can hold a task up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks.domain import agents, asking, claims, reservations, unsticking
from tasks.models import Agent, Comment, Status, Task
from tasks.queries import standstill
from tasks.queries.standstill import Hitch
from tests.tasks import states
from tests.tasks.admin.test_task_actions import LIST, board, do, last_event, register

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


DAY = timedelta(days=1)


@dataclass
class Cast:
    """Who and when: everybody was seen long ago, but `bob` who is here now."""

    write: Callable[..., Task]
    ada: Agent
    bob: Agent
    now: datetime

    def reach(self, status: Status, **draft: Any) -> Task:
        return states.reach(self.write("Stuck", **draft), status, worker=self.ada, now=self.now)

    def kept(self) -> Task:
        task = self.write("Stuck")
        reservations.reserve(task, self.ada, by=None, now=self.now)
        return task

    def asking(self, status: Status = Status.TODO) -> Task:
        task = self.reach(status)
        Task.objects.filter(pk=task.pk).update(asks_human=asking.about_rejections(3))
        return task

    def miscounted(self) -> Task:
        task = self.write("Stuck")
        Task.objects.filter(pk=task.pk).update(open_blockers=1)
        return task

    def asking_holder(self) -> Task:
        """The holder is here, and the task asks a human."""
        task = self.write("Stuck")
        claims.claim(task, by=self.bob, now=timezone.now())
        Task.objects.filter(pk=task.pk).update(asks_human=asking.about_rejections(3))
        return task


# What is built, what the page says, what ends it (None: an edit does), the state after it, and its last event.
STUCK: dict[str, tuple[Callable[[Cast], Task], str, Hitch | None, str, str]] = {
    "todo, kept": (Cast.kept, "Kept for ada, who was last seen", Hitch.KEPT, "todo", "task.unreserved"),
    "todo, later": (
        lambda cast: cast.write("Stuck", not_before=timezone.now() + DAY),
        "Not to be started before",
        Hitch.DEFERRED,
        "todo",
        "task.edited",
    ),
    "todo, miscounted": (
        Cast.miscounted,
        "all it waits for is finished",
        Hitch.MISCOUNTED,
        "todo",
        "task.edited",
    ),
    "todo, asks": (Cast.asking, "Asks a human: Rejected 3 times", Hitch.ASKS, "todo", "task.commented"),
    "todo, vague": (
        lambda cast: cast.write("Stuck", done_criteria=[]),
        "It has no done criteria",
        None,
        "todo",
        "task.created",
    ),
    "todo, waits": (
        lambda cast: cast.write("Stuck", depends_on=[cast.reach(Status.BLOCKED).ref]),
        "(blocked).",
        None,
        "todo",
        "task.created",
    ),
    "todo, skills": (
        lambda cast: cast.write("Stuck", skills=["harp"]),
        "Nobody who is here has the skills it needs: harp.",
        None,
        "todo",
        "task.created",
    ),
    "doing": (
        lambda cast: cast.reach(Status.DOING),
        "lease of ada ran out",
        Hitch.SILENT,
        "todo",
        "task.reclaimed",
    ),
    "doing, asks": (Cast.asking_holder, "Asks a human", Hitch.ASKS, "doing", "task.commented"),
    "blocked": (
        lambda cast: cast.reach(Status.BLOCKED),
        "The key is missing. Needs: A key from @olga",
        Hitch.BLOCKED,
        "todo",
        "task.unblocked",
    ),
    "validating": (
        lambda cast: cast.reach(Status.VALIDATING, reviewer="rita"),
        "rita was to review it; the time",
        Hitch.UNREVIEWED,
        "validating",
        "task.edited",
    ),
    "done": (lambda cast: cast.reach(Status.DONE), "Done by approval.", Hitch.DONE, "todo", "task.reopened"),
    "cancelled": (
        lambda cast: cast.reach(Status.CANCELLED),
        "It was given up.",
        Hitch.CANCELLED,
        "todo",
        "task.reopened",
    ),
}
EVERY_CASE = pytest.mark.parametrize("case", STUCK)


@pytest.fixture
def cast(write, ada, bob, rita, now) -> Cast:
    agents.saw(bob, now=timezone.now())
    return Cast(write, ada, bob, now)


def test_the_table_has_every_status_and_everything_that_can_hold_a_task_up():
    assert {name.partition(",")[0] for name in STUCK} == set(Status)
    assert {why for _, _, why, *_ in STUCK.values() if why} == set(unsticking.CURES)
    assert set(unsticking.CURES) | set(unsticking.EDITS) == set(Hitch)
    assert not set(unsticking.CURES) & set(unsticking.EDITS)


@EVERY_CASE
def test_the_page_that_asks_says_what_holds_the_task_up_and_what_would_end_it(operator, cast, case):
    build, says, why, *_ = STUCK[case]
    task = build(cast)
    before = board()

    html = asked(operator, task)

    assert says in html
    assert (f'name="why-{task.pk}" value="{why}"' in html) == bool(why)
    assert ("stays as it is" in html) == (why is None)
    advice = unsticking.CURES[why].becomes if why else "dit "
    assert advice in html
    assert board() == before


@EVERY_CASE
def test_unstick_ends_what_holds_the_task_up_or_says_that_it_cannot(operator, cast, case):
    build, _, why, status, event = STUCK[case]
    task = build(cast)
    said = do(operator, "unstick", task, **{f"why-{task.pk}": why or "", "reason": "It has to go on"})

    task.refresh_from_db()
    assert (task.status, last_event(task)[0]) == (status, event)
    if why is None:
        assert said == [
            f"{task.ref} is left as it was. {task.ref} is todo and is not held up by what was to be ended."
        ]
        return
    assert said == [f"Unstick: {task.ref}."]
    assert Comment.objects.filter(task=task, text__contains="It has to go on").exists()
    still = Task.objects.select_related("assignee", "reviewer", "lane").get(pk=task.pk)
    assert why not in [one.hitch for one in standstill.of(still, now=timezone.now())]


def test_what_nothing_holds_up_stays_as_it_is(operator, cast):
    ready, held = cast.write("Ready"), cast.write("Held")
    claims.claim(held, by=cast.bob, now=timezone.now())

    html = asked(operator, ready, held)

    assert html.count("Nothing holds it up.") == 2
    assert html.count("stays as it is") == 2


def test_what_was_shown_is_what_is_done_or_nothing(operator, cast, olga):
    """It was to be taken back from ada; meanwhile bob has it."""
    task = cast.reach(Status.DOING)
    register(operator, cast.write("Another"))
    do(operator, "take_back", task, reason="gone")
    claims.claim(task, by=cast.bob, now=timezone.now())
    before = board()

    said = do(operator, "unstick", task, **{f"why-{task.pk}": "silent", "reason": "ada is gone"})

    assert said == [
        f"{task.ref} is left as it was. {task.ref} is doing and is not held up by what was to be ended."
    ]
    assert board() == before


def test_what_is_finished_is_not_ticked_among_others(operator, cast):
    done, blocked = cast.reach(Status.DONE), cast.reach(Status.BLOCKED)

    html = asked(operator, done, blocked)

    assert f'id="on-{blocked.pk}" name="_selected_action" value="{blocked.pk}"' in html
    assert html.count(" checked>") == 1
    assert html.index(" checked>") > html.index(f'id="on-{blocked.pk}"')
    assert asked(operator, done).count(" checked>") == 1


def test_many_tasks_are_looked_at_in_as_many_queries_as_few(operator, cast, ada, olga, now):
    for agent in (ada, cast.bob):
        agents.change(agent, by=olga, now=now, wip_limit=100)
    few = cost(operator, [build(cast) for build, *_ in STUCK.values()])
    many = cost(operator, [build(cast) for _ in range(3) for build, *_ in STUCK.values()])
    assert many == few


def asked(operator: Client, *tasks: Task) -> str:
    """The page that asks about these tasks."""
    chosen = {"action": "unstick", "_selected_action": [task.pk for task in tasks]}
    return str(operator.post(LIST, chosen).content.decode())


def cost(operator: Client, tasks: list[Task]) -> int:
    asked(operator, *tasks)  # Fills the process's caches.
    with CaptureQueriesContext(connection) as queries:
        asked(operator, *tasks)
    return len(queries)

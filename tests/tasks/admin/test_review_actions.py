"""What gets stuck in review has a way out here: override, amend, pass on, answer; each one domain call, by a human."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.domain import asking, claims, criteria, people, submissions
from tasks.models import Agent, DoneVia, Override, Status, Submission, Task
from tests.tasks import states
from tests.tasks.admin.test_task_actions import LIST, board, confirmed, do, last_event, register, trace

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


@pytest.fixture
def in_review(write: Callable[..., Task], ada: Agent, rita: Agent, now: datetime) -> Task:
    """A task that ada handed in and rita reviews; it is old, so rita is late."""
    return states.reach(write("In review", reviewer="rita"), Status.VALIDATING, worker=ada, now=now)


def test_override_closes_a_task_and_never_looks_like_an_approval(operator: Client, in_review: Task):
    said = do(operator, "override", in_review, reason="the client has gone")

    in_review.refresh_from_db()
    assert (in_review.status, in_review.done_via) == (Status.DONE, DoneVia.OVERRIDE)
    override = Override.objects.get(task=in_review)
    assert (override.human.name, override.human.kind, override.reason) == (
        "boss",
        "human",
        "the client has gone",
    )
    assert trace(in_review)[0] == "task.overridden"
    assert said == [f"Override: {in_review.ref}."]
    assert ", overridden" in operator.get(f"{LIST}?is=overridden").content.decode()


def test_amend_makes_the_next_version_and_voids_what_was_handed_in(operator: Client, in_review: Task):
    do(operator, "amend", in_review, texts="It works\r\n\r\nIt is tested", reason="forgot the tests")

    in_review.refresh_from_db()
    texts = in_review.criteria.filter(version=2).order_by("number").values_list("text", flat=True)
    assert (in_review.status, in_review.criteria_version) == (Status.TODO, 2)
    assert list(texts) == ["It works", "It is tested"]
    assert Submission.objects.get().voided_at is not None
    assert last_event(in_review) == ("task.criteria_amended", "boss")
    assert (
        LogEntry.objects.get().get_change_message()
        == "Amend criteria: It works; It is tested: forgot the tests"
    )


def test_the_page_that_asks_for_an_amendment_shows_the_criteria_in_force(operator: Client, in_review: Task):
    answer = operator.post(LIST, {"action": "amend", "_selected_action": [in_review.pk]})

    assert answer.context["form"].initial == {"texts": ["It works"]}
    assert ">\nIt works</textarea>" in answer.content.decode()


@pytest.mark.parametrize("given", [{"texts": " ", "reason": "r"}, {"texts": "It works", "reason": ""}])
def test_an_amendment_to_nothing_or_without_a_reason_is_none(
    operator: Client, in_review: Task, given: dict[str, str]
):
    before = board()

    answer = operator.post(LIST, confirmed("amend", in_review, **given))

    assert b"This field is required." in answer.content
    assert board() == before


def test_a_review_is_passed_on_with_all_the_time_there_is(operator: Client, in_review: Task, zed: Agent):
    begun = timezone.now()
    do(operator, "pass_on", in_review, agent=zed.pk)

    in_review.refresh_from_db()
    assert (in_review.status, in_review.reviewer) == (Status.VALIDATING, zed)
    assert in_review.review_until is not None
    assert in_review.review_until >= begun + settings.REVIEW_AFTER
    assert LogEntry.objects.get().get_change_message() == "Pass the review on: zed"


def test_passed_to_nobody_in_particular_it_is_whom_the_board_chooses(
    operator: Client, in_review: Task, zed: Agent
):
    Agent.objects.filter(pk=zed.pk).update(last_seen_at=timezone.now())

    do(operator, "pass_on", in_review, agent="")

    in_review.refresh_from_db()
    assert in_review.reviewer == zed
    assert LogEntry.objects.get().get_change_message() == "Pass the review on: nobody"


@pytest.mark.parametrize(
    ("action", "status", "given", "words"),
    [
        (
            "pass_on",
            Status.VALIDATING,
            {"agent": "ada"},
            "ada is a worker of {ref}; its reviewer is someone else.",
        ),
        ("override", Status.DONE, {"reason": "r"}, "{ref} is done; override starts from"),
        ("amend", Status.DONE, {"texts": "x", "reason": "r"}, "{ref} is done."),
        ("pass_on", Status.DONE, {"agent": ""}, "{ref} is done."),
    ],
)
def test_what_is_refused_is_told_in_the_words_of_the_domain_and_leaves_no_trace(
    operator: Client, write: Callable[..., Task], ada: Agent, zed: Agent, now: datetime,
    action: str, status: Status, given: dict[str, str], words: str,
):  # fmt: skip
    register(operator, write("Other"))
    task = states.reach(write(), status, worker=ada, now=now)
    before = board()

    given = given | ({"agent": ada.pk} if given.get("agent") == "ada" else {})
    said = do(operator, action, task, **given)

    assert board() == before
    assert said[0].startswith(f"{task.ref} is left as it was. {words.format(ref=task.ref)}")


def test_an_operator_that_worked_on_a_task_neither_amends_it_nor_passes_its_review_on(
    operator: Client, boss: object, write: Callable[..., Task], zed: Agent, now: datetime
):
    me = people.acting_as(boss.pk, username="Boss", now=timezone.now())  # type: ignore[attr-defined]
    task = write()
    claims.claim(task, by=me, now=now)
    submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=me, lease=1, now=now)
    before = board()

    amended = do(operator, "amend", task, texts="Easier", reason="r")
    passed_on = do(operator, "pass_on", task, agent=zed.pk)

    assert "a worker does not change what it is measured by" in amended[0]
    assert "a worker does not choose its reviewer" in passed_on[0]
    assert board() == before


def test_what_asks_a_human_is_found_shown_and_answered_by_a_word(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime
):
    task = states.reach(write("Lonely"), Status.VALIDATING, worker=ada, now=now)
    page = reverse("admin:tasks_task_change", args=[task.pk])

    assert [one.pk for one in operator.get(f"{LIST}?is=asks-a-human").context["cl"].result_list] == [task.pk]
    assert "asks a human</b>" in operator.get(LIST).content.decode()
    assert asking.FOR_A_REVIEWER in operator.get(page).content.decode()

    do(operator, "comment", task, text="I will find somebody")

    assert not operator.get(f"{LIST}?is=asks-a-human").context["cl"].result_list
    assert asking.FOR_A_REVIEWER not in operator.get(page).content.decode()


@pytest.mark.parametrize(("late", "found"), [(True, 1), (False, 0)])
def test_a_review_that_is_overdue_is_found(
    operator: Client, write: Callable[..., Task], ada: Agent, rita: Agent, late: bool, found: int
):
    at = timezone.now() - (settings.REVIEW_AFTER if late else timedelta(minutes=1))
    task = states.reach(write(reviewer="rita"), Status.VALIDATING, worker=ada, now=at)

    assert len(operator.get(f"{LIST}?is=review-overdue").context["cl"].result_list) == found
    assert len(operator.get(f"{LIST}?is=waiting-for-review").context["cl"].result_list) == 1
    html = operator.get(reverse("admin:tasks_task_change", args=[task.pk])).content.decode()
    assert ("has let it lie" in html) is late
    assert ("to be reviewed by" in html) is not late


def test_the_page_of_a_task_shows_what_was_handed_in_and_how_it_was_judged(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime
):
    task = states.reach(write(), Status.DONE, worker=ada, now=now)
    html = operator.get(reverse("admin:tasks_task_change", args=[task.pk])).content.decode()

    assert "approve by <a" in html
    assert f'href="/admin/tasks/submission/?q={task.ref}"' in html


def test_the_page_of_a_task_costs_the_same_however_often_it_was_handed_in(
    operator: Client, write: Callable[..., Task], ada: Agent, olga: Agent, now: datetime
):
    once, often = write(), write()
    hand_in_and_take_back(once, ada, olga, now, times=1)
    hand_in_and_take_back(often, ada, olga, now, times=4)
    costs = []
    for task in (once, once, often):
        with CaptureQueriesContext(connection) as queries:
            operator.get(reverse("admin:tasks_task_change", args=[task.pk]))
        costs.append(len(queries))

    assert costs[1] == costs[2]


def hand_in_and_take_back(task: Task, worker: Agent, human: Agent, now: datetime, *, times: int) -> None:
    for _ in range(times):
        states.reach(task, Status.VALIDATING, worker=worker, now=now)
        criteria.amend(task, ["It works"], by=human, reason="again", now=now)

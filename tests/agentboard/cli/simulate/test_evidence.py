"""Histories as evidence of who handed in and judged what, and of what came before what."""

import itertools

import pytest

from agentboard.cli.simulate import history, overtaking, verdicts

pytestmark = pytest.mark.once

_NUMBERS = itertools.count(1)


def event(kind: str, by: str = "ada", **data: object) -> dict:
    return {"seq": next(_NUMBERS), "kind": f"task.{kind}", "by": by, "data": data}


def story() -> list[dict]:
    """Claimed by ada, handed in, rejected by rita, handed in again, approved."""
    return [
        event("claimed", token=1),
        event("submitted", submission=1),
        event("rejected", "rita", submission=1),
        event("claimed", token=2),
        event("submitted", submission=2),
        event("approved", "rita", submission=2),
    ]


def flaws(events: list[dict], submissions: tuple = (), reviews: tuple = ()) -> list[str]:
    return list(verdicts.flaws("T-1", events, submissions=submissions, reviews=reviews))


def test_a_story_in_order_has_no_flaw():
    reviews = ((1, "rita", "reject"), (2, "rita", "approve"))
    assert flaws(story(), ((1, "ada"), (2, "ada")), reviews) == []
    assert flaws([*story(), event("reopened", "olga"), *story()]) == []


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        (("approved", "rita", 2), "T-1 was finished twice, the second time by rita"),
        (("overridden", "olga", None), "T-1 was finished twice, the second time by olga"),
        (("claimed", "bob", None), "T-1 was given to bob after it was finished"),
        (("approved", "ada", 2), "T-1 was judged by ada, who has worked on it"),
        (("rejected", "rita", 2), "T-1 has the verdict of rita on submission 2, which did not wait for one"),
    ],
)
def test_what_cannot_follow_an_approval_is_a_flaw(more: tuple, flaw: str):
    kind, by, submission = more
    assert flaw in flaws([*story(), event(kind, by, submission=submission)])


def test_a_verdict_on_an_older_submission_or_on_one_that_is_void_is_a_flaw():
    assert flaws([*story()[:5], event("approved", "rita", submission=1)]) != []
    assert flaws([*story()[:5], event("criteria_amended"), event("approved", "rita", submission=2)]) != []


def test_what_was_confirmed_and_is_not_there_is_a_flaw():
    assert flaws(story(), ((3, "ada"), (1, "bob")), ((2, "rita", "reject"),)) == [
        "submission 3 of T-1 was confirmed to ada, and its history does not say so",
        "submission 1 of T-1 was confirmed to bob, and its history does not say so",
        "rita's reject of T-1 was confirmed, and its history does not say so",
    ]


def test_a_task_is_finished_until_it_is_reopened():
    assert verdicts.is_finished(story())
    assert verdicts.is_finished([*story(), event("commented")])
    assert not verdicts.is_finished(story()[:5])
    assert not verdicts.is_finished([*story(), event("reopened")])


def test_a_submission_waits_until_it_is_judged_void_or_taken_by_another():
    handed_in = story()[:2]
    assert history.waits(handed_in, 1, reviewer="rita")
    assert history.waits([*handed_in, event("review_taken", "rita")], 1, reviewer="rita")
    assert not history.waits(handed_in, 2, reviewer="rita")
    for end in ("rejected", "approved", "criteria_amended", "cancelled"):
        assert not history.waits([*handed_in, event(end, submission=1)], 1, reviewer="rita")
    assert not history.waits([*handed_in, event("review_taken", "bob")], 1, reviewer="rita")


def test_a_rejection_is_open_until_something_is_handed_in_again():
    assert history.rejected(story()[:2]) is None
    assert history.rejected(story()[:4]) == 1
    assert history.rejected(story()[:5]) is None


def overtaken(blocker: list[dict], claim: dict, via: str | None = None) -> list[str]:
    stories = {"T-1": [claim], "T-2": blocker}
    return list(overtaking.flaws("T-1", ["T-2"], stories, finished={"T-2": via}))


def test_a_claim_after_everything_it_waits_for_was_finished_is_no_flaw():
    assert overtaken(story(), event("claimed", "bob")) == []
    assert overtaken([], event("claimed", "bob"), "import") == []


def test_a_claim_before_a_dependency_was_finished_is_a_flaw():
    early = event("claimed", "bob")
    flaw = "T-1 was given to bob before T-2, which it waits for, was finished"
    assert overtaken(story(), early) == [flaw]
    assert overtaken([], early) == [flaw]
    assert overtaken([], early, "approval") == [flaw]
    assert overtaken([*story(), event("reopened")], event("claimed", "bob")) == [flaw]

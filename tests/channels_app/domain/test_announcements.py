"""What the board says of moves: to whom, where, and with which words of the people involved."""

import pytest

from channels_app.models import Channel, Message, Notice
from tasks.domain import (
    blocks,
    claims,
    closing,
    criteria,
    editing,
    events,
    handoffs,
    lifecycle,
    reviews,
    submissions,
    transactions,
)
from tasks.domain.refusals import Refusal
from tasks.models import Comment, Review, Status
from tests.tasks import states

PULL = submissions.Artifact("pull request", "https://git.example.com/pr/7")


@pytest.fixture
def hand_in(ada, now):
    """Have ada claim a task and hand it in; gives the task fresh."""

    def one(task, summary="All done", artifacts=(), caveats=""):
        if task.status == Status.TODO:
            claims.claim(task, by=ada, now=now)
        task.refresh_from_db()
        evidence = [(number, "see") for number in criteria.current(task)]
        handed_in = submissions.HandIn(summary, evidence, artifacts, caveats)
        submissions.submit(task, handed_in, by=ada, lease=task.lease_token, now=now)
        task.refresh_from_db()
        return task

    return one


@pytest.fixture
def judge(now):
    def one(task, by, met, note="n", comment=""):
        verdict = Review.Judgement.APPROVE if met else Review.Judgement.REJECT
        findings = [reviews.Finding(number, met, note) for number in criteria.current(task)]
        number = submissions.latest(task.pk).number
        reviews.judge(
            task, by=by, submission=number, verdict=verdict, findings=findings, comment=comment, now=now
        )

    return one


def test_a_submission_asks_its_reviewer_in_reviews(ada, rita, write, hand_in, said, told, now):
    task = hand_in(write("Fix login", reviewer="rita"), "Sessions last.\nTests added.")
    (message,) = said("reviews")
    assert message.text == (
        f"@rita: {task.ref} Fix login waits for your review.\n\n> Sessions last.\n> Tests added."
    )
    assert (message.author, message.task_id, message.event) == (ada, task.pk, "task.submitted")
    assert (message.mentions, message.created_at, message.number) == (["rita"], now, 1)
    assert told(rita) == [("review_request", f"@rita: {task.ref} Fix login waits for your review.")]
    notice = Notice.objects.get()
    assert (notice.message, notice.task_id, notice.by, notice.number) == (message, task.pk, ada, 1)


def test_a_submission_that_nobody_reviews_is_anybodys(write, hand_in, said):
    hand_in(write("Fix login"))
    assert "whoever has not worked on it may take it" in said("reviews")[0].text
    assert Notice.objects.count() == 0


def test_a_long_summary_is_cut_but_whom_it_mentions_at_its_end_is_told(olga, write, hand_in, said, told):
    hand_in(write(), "x" * 5000 + " thanks @olga", caveats="@olga knows")
    assert len(said("reviews")[0].text) < 800
    assert [kind for kind, _ in told(olga)] == ["mention"]


def test_what_is_done_is_said_in_shipping_with_its_artifacts(rita, write, hand_in, judge, said):
    task = hand_in(
        write("Fix login", reviewer="rita"), artifacts=[PULL, submissions.Artifact("code", "src/login.py")]
    )
    judge(task, rita, True)
    (message,) = said("shipping")
    assert message.text == (
        f"{task.ref} Fix login is done: by ada, approved by rita.\n"
        "\n- pull request: https://git.example.com/pr/7\n- code: src/login.py"
    )
    assert (message.author, message.event) == (rita, "task.approved")


def test_a_rejection_answers_the_submission_and_reaches_the_worker(
    ada, rita, write, hand_in, judge, said, told
):
    task = hand_in(write("Fix login", reviewer="rita"))
    judge(task, rita, False, note="fails on Mondays", comment="Not yet, ask @bob")
    request, answer = said("reviews")
    assert (answer.reply_to, answer.thread) == (request.number, request.number)
    assert answer.text == (
        f"@ada: {task.ref} Fix login comes back to you, rejected by rita.\n\n"
        "> Not yet, ask @bob\n> - criterion 1: fails on Mondays"
    )
    assert told(ada) == [("rejection", answer.text.partition("\n")[0])]
    task.refresh_from_db()
    hand_in(task, "Again")
    judge(task, rita, False)
    *_, second, third = said("reviews")
    assert third.reply_to == second.number


def test_a_task_closed_without_an_approval_is_said_to_be(olga, write, said):
    task = write("Fix login")
    closing.override(task, by=olga, reason="The client has gone", now=olga.created_at)
    (message,) = said("shipping")
    assert message.text == (
        f"{task.ref} Fix login was closed by @olga without an approval.\n\n> The client has gone"
    )
    assert Notice.objects.count() == 0


def move(task, verb, by, now, **data):
    with transactions.change():
        assert lifecycle.move(task.pk, verb, now=now, by=by, **data)


def test_a_block_says_why_and_what_it_needs_from_whom(ada, olga, write, said, told, now):
    other = write("Keys")
    task = states.reach(write("Fix login"), Status.DOING, worker=ada, now=now)
    obstacle = blocks.Obstacle("No key", "The key from @olga", [other.ref])
    blocks.block(task, obstacle, by=ada, lease=1, now=now)
    (message,) = said("blockers")
    assert message.text == (
        f"{task.ref} Fix login is blocked.\n\n> No key\n\nIt needs:\n\n> The key from @olga\n\n"
        f"It waits for {other.ref}."
    )
    assert told(olga) == [("mention", f"{task.ref} Fix login is blocked.")]


def test_the_last_holder_learns_that_its_task_is_unblocked(ada, olga, write, said, told, now):
    task = states.reach(write("Fix login"), Status.BLOCKED, worker=ada, now=now)
    blocks.unblock(task, by=olga, resolution="Here is the key, @ada", now=now)
    assert told(ada) == [("unblock", f"{task.ref} Fix login is unblocked. Here is the key, @ada")]
    assert [one.event for one in said("blockers")] == ["task.blocked"]


def test_many_tasks_that_are_unblocked_at_once_cost_as_many_queries_as_few(
    ada, olga, write, now, django_assert_max_num_queries
):
    tasks = [write().pk for _ in range(40)]
    with django_assert_max_num_queries(11), transactions.change():
        events.record_many("task.unblocked", tasks, now=now, by=None, resolution="Done", worker="ada")
    assert list(Notice.objects.order_by("number").values_list("number", "task_id")) == list(
        enumerate(tasks, 1)
    )


def test_a_task_taken_back_is_said_in_blockers_and_to_who_lost_it(ada, write, said, told, now):
    task = states.reach(write("Fix login"), Status.DOING, worker=ada, now=now)
    move(task, "reclaim", None, now, worker="ada", reason="Nothing was written for 60 min")
    (message,) = said("blockers")
    assert message.author is None
    assert message.text == (
        f"{task.ref} Fix login was taken back from @ada.\n\n> Nothing was written for 60 min"
    )
    assert told(ada) == [("lost", f"{task.ref} Fix login was taken back from @ada.")]


def test_a_handoff_reaches_who_it_is_for_with_its_words(ada, bob, rita, write, said, told, now):
    task = states.reach(write("Fix login"), Status.DOING, worker=ada, now=now)
    words = handoffs.Words("half", "ask @rita", "none")
    handoffs.hand_off(task, words, to=bob, by=ada, lease=1, now=now)
    (message,) = said("general")
    assert message.text == (
        f"@bob: {task.ref} Fix login is handed off to you by ada.\n\n"
        "> handoff 1 to bob\n> Done: half\n> Pending: ask @rita\n> Gotchas: none"
    )
    assert told(bob) == [("handoff", message.text.partition("\n")[0])]
    assert told(rita) == [("mention", message.text.partition("\n")[0])]
    assert Notice.objects.filter(comment=Comment.objects.get()).count() == 2


def test_a_handoff_to_the_pool_is_said_to_nobody_but_those_it_mentions(ada, rita, write, said, told, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    for lease, pending in ((1, "half"), (2, "ask @rita")):
        words = handoffs.Words("half", pending, "none")
        handoffs.hand_off(task, words, to=None, by=ada, lease=lease, now=now)
        task = states.reach(task, Status.DOING, worker=ada, now=now)
    assert said("general") == []
    assert [kind for kind, _ in told(rita)] == ["mention"]


def test_another_reviewer_is_asked_once_the_task_waits_for_it(olga, rita, bob, write, hand_in, told, now):
    task = write("Fix login")
    editing.edit(task, by=olga, now=now, reviewer="bob")
    assert told(bob) == []
    hand_in(task)
    editing.edit(task, by=olga, now=now, reviewer="rita")
    editing.edit(task, by=olga, now=now, title="Mend login")
    assert told(rita) == [("review_request", f"{task.ref} Fix login waits for your review.")]


@pytest.mark.parametrize("verb", ["cancel", "release"])
def test_a_reason_reaches_whom_it_mentions(ada, bob, olga, write, told, now, verb):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    getattr(closing, verb)(task, by=olga, reason="@bob will explain", now=now)
    assert told(bob) == [("mention", "@bob will explain")]


def test_a_refused_move_says_nothing(ada, bob, rita, write, hand_in, judge, said, now):
    task = states.reach(write(reviewer="rita"), Status.DOING, worker=ada, now=now)
    with pytest.raises(Refusal):
        submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=ada, lease=99, now=now)
    hand_in(task)
    with pytest.raises(Refusal):
        judge(task, bob, True)
    assert [one.event for one in Message.objects.all()] == ["task.submitted"]


def test_a_channel_the_board_speaks_in_comes_back_if_it_was_taken_away(write, hand_in, said):
    Channel.objects.filter(name="reviews").delete()
    hand_in(write())
    assert len(said("reviews")) == 1


def test_a_read_back_reaches_whom_it_mentions(ada, bob, write, told, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    handoffs.hand_off(task, handoffs.Words("x", "y", "z"), to=ada, by=ada, lease=1, now=now)
    claims.claim(task, by=ada, now=now)
    handoffs.read_back(task, 1, text="I see, @bob", by=ada, lease=2, now=now)
    assert told(bob) == [("mention", "read back handoff 1: I see, @bob")]

"""Every status times every verb: it moves, or it is refused and leaves no trace."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Q

from tasks.domain import claims, closing, criteria, leases, lifecycle
from tasks.domain.refusals import Conflict
from tasks.models import Attempt, Block, Event, Status, Task
from tests.tasks import board_rows, states

# The picture in section 2 of the contract, arrow by arrow, and the two moves that only its text names.
PICTURE = {
    "claim": ({"todo"}, "doing"),
    "submit": ({"doing"}, "validating"),
    "approve": ({"validating"}, "done"),
    "reject": ({"validating"}, "todo"),
    "handoff": ({"doing"}, "todo"),
    "block": ({"doing"}, "blocked"),
    "unblock": ({"blocked"}, "todo"),
    "amend": ({"todo", "doing", "blocked", "validating"}, "todo"),
    "override": ({"todo", "doing", "blocked", "validating"}, "done"),
    "release": ({"doing"}, "todo"),
    "reclaim": ({"doing"}, "todo"),
    "give_up": ({"doing"}, "blocked"),
    "cancel": ({"todo", "doing", "blocked", "validating"}, "cancelled"),
    "reopen": ({"done", "cancelled"}, "todo"),
}
HOLDERS_VERBS = {"submit", "handoff", "block"}
FINISHED = {"done", "cancelled"}

EVERY_MOVE = [(status, verb) for status in Status for verb in PICTURE]
ALLOWED = [(status, verb) for status, verb in EVERY_MOVE if status in PICTURE[verb][0]]
REFUSED = [pair for pair in EVERY_MOVE if pair not in ALLOWED]

# The verbs that have a domain call of their own.
CALLS = {
    "claim": lambda task, by, now: claims.claim(task, by=by, now=now),
    "amend": lambda task, by, now: criteria.amend(task, ["Better"], by=by, reason="Because", now=now),
    "override": lambda task, by, now: closing.override(task, by=by, reason="Because", now=now),
    "cancel": lambda task, by, now: closing.cancel(task, by=by, reason="Because", now=now),
    "reopen": lambda task, by, now: closing.reopen(task, by=by, reason="Because", now=now),
    "release": lambda task, by, now: closing.release(task, by=by, reason="Because", now=now),
    "reclaim": lambda task, by, now: closing.take_back(task, by=None, reason="Because", now=now),
}


@pytest.fixture
def task_in(write, ada, now):
    """A task in a status, and one that waits for it."""

    def one(status):
        task = write("First")
        write("Second", depends_on=[task.ref])
        return states.reach(task, status, worker=ada, now=now)

    return one


def test_the_table_of_moves_is_the_picture_in_the_contract():
    drawn = {verb: (set(move.origins), move.target) for verb, move in lifecycle.MOVES.items()}
    assert drawn == PICTURE
    assert {verb for verb, move in lifecycle.MOVES.items() if move.needs_lease} == HOLDERS_VERBS


@pytest.mark.parametrize(("status", "verb"), ALLOWED)
def test_an_allowed_move_changes_the_status_and_what_follows_from_it_and_nothing_else(
    task_in, bob, now, status, verb
):
    task, later = task_in(status), now + timedelta(minutes=5)
    waiting = Task.objects.get(title="Second")
    states.justify(task, verb, now=later)
    before = board_rows.read()

    assert lifecycle.move(
        task.pk, verb, now=later, by=bob, changes=states.columns(verb, bob, now=later), why="it is time"
    )

    target = PICTURE[verb][1]
    task.refresh_from_db()
    assert (task.status, task.status_since, task.updated_at) == (target, later, later)
    assert (task.lease_expires_at is not None) == (target == "doing")
    assert (task.finished_at == later) == (target in FINISHED)
    changed = board_rows.changed(before, board_rows.read())
    assert _only_event(changed.pop("Event")) == (
        lifecycle.MOVES[verb].event,
        task.pk,
        bob.pk,
        later,
        "it is time",
    )
    assert changed.pop("Task") == {task.pk} | (
        {waiting.pk} if (status in FINISHED) != (target in FINISHED) else set()
    )
    ended = Attempt.objects.filter(pk__in=changed.pop("Attempt", ()))
    assert [(one.ended_at, one.outcome) for one in ended] == (
        [(later, lifecycle.MOVES[verb].outcome)] if status == "doing" else []
    )
    ended = Block.objects.filter(pk__in=changed.pop("Block", ()))
    assert [(one.ended_at, one.ended_by) for one in ended] == ([(later, bob)] if status == "blocked" else [])
    assert changed == {}


@pytest.mark.parametrize(("status", "verb"), REFUSED)
def test_any_other_move_is_not_made_and_leaves_no_trace(task_in, bob, now, status, verb):
    task, later = task_in(status), now + timedelta(minutes=5)
    before = board_rows.read()

    changes = states.columns(verb, bob, now=later)
    assert not lifecycle.move(task.pk, verb, now=later, by=bob, changes=changes, why="it is time")

    assert board_rows.read() == before


@pytest.mark.parametrize(("status", "verb"), ALLOWED)
def test_a_move_whose_guard_does_not_hold_is_not_made_and_leaves_no_trace(task_in, bob, now, status, verb):
    task = task_in(status)
    before = board_rows.read()

    changes = states.columns(verb, bob, now=now)
    assert not lifecycle.move(task.pk, verb, now=now, by=bob, guard=Q(title="Other"), changes=changes)

    assert board_rows.read() == before


@pytest.mark.parametrize("verb", sorted(HOLDERS_VERBS))
def test_a_holders_move_needs_the_current_lease_and_the_holder(task_in, ada, bob, now, verb):
    task = task_in(Status.DOING)
    states.justify(task, verb, now=now)
    before = board_rows.read()

    for agent, token in [(ada, task.lease_token - 1), (ada, task.lease_token + 1), (bob, task.lease_token)]:
        assert not lifecycle.move(task.pk, verb, now=now, by=agent, guard=leases.held(agent, token))
    assert board_rows.read() == before

    assert lifecycle.move(task.pk, verb, now=now, by=ada, guard=leases.held(ada, task.lease_token))


@pytest.mark.parametrize(("status", "verb"), [pair for pair in REFUSED if pair[1] in CALLS])
def test_a_domain_call_in_the_wrong_state_says_what_is_true_and_leaves_no_trace(
    task_in, olga, now, status, verb
):
    task = task_in(status)
    before = board_rows.read()

    with pytest.raises(Conflict) as refusal:
        CALLS[verb](task, olga, now)

    holder = "is held by ada" if (status, verb) == ("doing", "claim") else f"is {status}"
    assert f"{task.ref} {holder}" in refusal.value.detail
    assert refusal.value.fix
    assert board_rows.read() == before


@pytest.mark.parametrize(("status", "verb"), [pair for pair in ALLOWED if pair[1] in CALLS])
def test_a_domain_call_in_the_right_state_moves(task_in, olga, now, status, verb):
    task = task_in(status)
    CALLS[verb](task, olga, now)
    task.refresh_from_db()
    assert task.status == PICTURE[verb][1]


def test_a_finished_task_forgets_how_it_was_finished_when_it_is_opened_again(task_in, olga, now):
    task = task_in(Status.DONE)
    assert (task.done_via, task.finished_at) == ("approval", now)

    closing.reopen(task, by=olga, reason="It was not", now=now)

    task.refresh_from_db()
    assert (task.done_via, task.finished_at) == (None, None)


def test_the_token_of_a_task_goes_on_growing_through_all_its_states(task_in, ada, olga, now):
    task = task_in(Status.DONE)
    closing.reopen(task, by=olga, reason="Again", now=now)
    claims.claim(task, by=ada, now=now)
    closing.release(task, by=olga, reason="And again", now=now)
    claims.claim(task, by=ada, now=now)
    task.refresh_from_db()
    assert (task.lease_token, task.attempts) == (3, 3)
    assert list(Attempt.objects.order_by("token").values_list("token", "outcome")) == [
        (1, "submitted"),
        (2, "released"),
        (3, None),
    ]


@pytest.mark.once
def test_no_other_code_writes_a_status():
    """By an assignment, or by an update that names it; a task is made `todo`, and an import makes its history."""
    root = Path(__file__).resolve().parents[3]
    # What a receiver of a webhook answered is HTTP's status and no task's.
    allowed = {root / "tasks/domain/lifecycle.py", root / "tasks/domain/deliveries.py"}
    written = [
        f"{path.relative_to(root)}:{node.lineno}"
        for package in ("tasks", "channels_app")
        for path in sorted((root / package).rglob("*.py"))
        if path not in allowed and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if _writes_a_status(node)
    ]
    assert written == []


def _writes_a_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "status" for keyword in node.keywords)
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    if not isinstance(node, ast.Assign | ast.AugAssign):
        return False
    return any(isinstance(at, ast.Attribute) and at.attr == "status" for at in targets)


def _only_event(keys):
    # What is said about it is tested with the channels.
    (event,) = Event.objects.filter(pk__in=keys).exclude(kind="message.posted")
    return event.kind, event.task_id, event.agent_id, event.at, event.data["why"]

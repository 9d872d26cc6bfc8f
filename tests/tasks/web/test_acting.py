"""What a person does with a task: each verb through its form, as the domain does it and by the person's own agent."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tasks.domain import allowed, criteria, handoffs
from tasks.models import Comment, Criterion, Review, Status, Task
from tasks.web import deeds
from tests.tasks import board_rows, states
from tests.tasks.web import person

pytestmark = pytest.mark.once  # what differs between databases is tested with the domain
HTMX = {"HX-Request": "true"}
WORDS = {"done": "Half", "pending": "The rest", "gotchas": "none"}


@pytest.fixture
def browser(olga):
    return person.signed_in(olga)


@pytest.fixture
def task_in(write, ada, olga):
    """A task in a state the verb starts from; as `held` it is the person's own."""

    def one(state):
        now = timezone.now()
        if state == "held":
            return states.reach(write(), Status.DOING, worker=olga, now=now)
        if state == "handed in":
            return states.reach(write(), Status.VALIDATING, worker=olga, now=now)
        if state == "unread":
            task = states.reach(write(), Status.DOING, worker=olga, now=now)
            handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=olga, by=olga, lease=1, now=now)
            states.claims.claim(task, by=olga, now=now)
            return Task.objects.get(pk=task.pk)
        return states.reach(write(), state, worker=ada, now=now)

    return one


def text(answer):
    return " ".join(answer.content.decode().split())


HANDED_IN = {"lease": "1", "summary": "Done", "evidence-1": "See"}
REASON = {"reason": "Because <b>I</b> say so"}
# What is sent for each verb, the state it is sent in, and the state it leads to.
SENT = {
    "comment": ("todo", {"text": "I see", "kind": "decision"}, "todo"),
    "claim": ("todo", {}, "doing"),
    "edit": ("todo", {"title": "Other", "initial-title": "T", "priority": "0", "initial-priority": "2"}, "todo"),
    "criteria": ("todo", {"done_criteria": ["One", "", "Two"]}, "todo"),
    "reviewer": ("todo", {"reviewer": "Rita"}, "todo"),
    "assignee": ("todo", {"assignee": "rita"}, "todo"),
    "queue": ("todo", {"project": "other", "initial-project": "default"}, "todo"),
    "depends_on": ("todo", {"depends_on": ""}, "todo"),
    "amend": ("doing", {"done_criteria": ["Better"], "seen": "1", **REASON}, "todo"),
    "release": ("doing", REASON, "todo"),
    "override": ("doing", REASON, "done"),
    "cancel": ("doing", REASON, "cancelled"),
    "reopen": ("cancelled", REASON, "todo"),
    "unblock": ("blocked", {"resolution": "Here is the key"}, "todo"),
    "review": ("validating", {"submission": "1", "met-1": "yes", "note-1": "Seen"}, "done"),
    "submit": ("held", HANDED_IN, "validating"),
    "handoff": ("held", {"lease": "1", "to": "rita", **WORDS}, "todo"),
    "block": ("held", {"lease": "1", "reason": "No key", "needs": "A key"}, "blocked"),
    "readback": ("unread", {"lease": "2", "handoff": "1", "text": "I go on"}, "doing"),
}  # fmt: skip


def send(browser, task, verb, data, **headers):
    return browser.post(f"/board/{task.ref}/{verb}", data, headers=headers)


def test_there_is_a_form_for_every_verb_there_is(write, olga, now):
    task = Task.objects.select_related("lane").get(pk=write().pk)
    assert {*deeds.DEEDS, "comment"} == {*allowed.verbs(task, by=olga, now=now), "comment"} == SENT.keys()


@pytest.mark.parametrize("verb", SENT)
def test_a_verb_is_done_by_the_agent_of_the_person(browser, olga, rita, task_in, verb):
    state, data, leads_to = SENT[verb]
    task = task_in(state)
    answer = send(browser, task, verb, data)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/board/{task.ref}")
    task.refresh_from_db()
    assert task.status == leads_to
    assert task.events.latest("pk").agent in (olga, None)
    assert task.events.filter(agent=olga).exists()


@pytest.mark.parametrize("verb", ["comment", "claim", "review"])
def test_to_htmx_the_answer_is_the_task_as_it_is_then(browser, rita, task_in, verb):
    state, data, leads_to = SENT[verb]
    answer = send(browser, task_in(state), verb, data, **HTMX)
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert f'class="state state-{leads_to}"' in text(answer)


REFUSED = {
    "claim": ("done", 409, "is done"),
    "edit": ("done", 409, "is done."),
    "criteria": ("doing", 409, "were frozen when it was first claimed"),
    "reviewer": ("held", 403, "a worker does not choose its reviewer"),
    "assignee": ("doing", 409, "only a todo task can be kept"),
    "queue": ("doing", 409, "can be changed while it is todo"),
    "depends_on": ("doing", 409, "depends_on can be changed while it is todo"),
    "amend": ("held", 403, "a worker does not change what it is measured by"),
    "release": ("blocked", 409, "release starts from doing"),
    "override": ("done", 409, "override starts from"),
    "cancel": ("done", 409, "cancel starts from"),
    "reopen": ("doing", 409, "reopen starts from"),
    "unblock": ("doing", 409, "not blocked"),
    "review": ("handed in", 403, "does not judge its own work"),
    "submit": ("unread", 428, "has not read back handoff 1"),
    "handoff": ("doing", 409, "ada holds"),
    "block": ("unread", 428, "has not read back handoff 1"),
    "readback": ("held", 404, "has no handoff 1"),
}


@pytest.mark.parametrize(
    ("verb", "headers"), [(verb, {}) for verb in REFUSED] + [("review", HTMX), ("edit", HTMX)]
)
def test_a_refusal_stands_at_the_form_with_all_that_was_typed(browser, rita, task_in, verb, headers):
    state, status, words = REFUSED[verb]
    task = task_in(state)
    data = {**SENT[verb][1], "lease": str(task.lease_token)}
    before = board_rows.read()

    answer = send(browser, task, verb, data, **headers)

    assert answer.status_code == status
    assert (b"<html" in answer.content) == (not headers)
    page = text(answer)
    assert words in page
    assert f'action="/board/{task.ref}/{verb}"' in page
    for name, value in data.items():
        for typed in [value] if isinstance(value, str) else filter(None, value):
            assert name in ("lease", "submission", "handoff", "seen") or html(typed) in page
    assert board_rows.read() == before


def html(typed):
    return typed.replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("verb", "state", "data", "told"),
    [
        ("comment", "todo", {"text": "  "}, "A comment says something."),
        ("comment", "todo", {"text": "x", "kind": "move"}, "not one of the available choices"),
        ("comment", "todo", {"text": "nul \0"}, "Null characters"),
        ("unblock", "blocked", {"resolution": ""}, "This field is required."),
        ("cancel", "todo", {}, "This field is required."),
        ("edit", "todo", {"title": "", "initial-title": "Fix login", "priority": "9"}, "is not one of"),
        ("reviewer", "todo", {"reviewer": "ritta"}, "No agent is called ritta. The nearest names are rita."),
        ("reviewer", "todo", {"reviewer": "no name"}, "An agent&#x27;s name is"),
        ("assignee", "todo", {"assignee": "rita\0"}, "Null characters"),
        ("depends_on", "todo", {"depends_on": "T-99999, T-1\0"}, "Null characters"),
        ("depends_on", "todo", {"depends_on": "T-99999"}, "There is no task T-99999."),
        ("amend", "todo", {"done_criteria": [" "], "reason": "r", "seen": "1"}, "Name at least one."),
        ("amend", "todo", {"done_criteria": ["x" * 2001], "reason": "r", "seen": "1"}, "longer than 2000"),
        ("amend", "todo", {"done_criteria": ["x\0"], "reason": "r", "seen": "1"}, "Null characters"),
        ("review", "validating", {"submission": "1", "met-1": "yes"}, "The note on criterion 1 is blank."),
        ("review", "validating", {"submission": "1", "note-1": "x"}, "Criterion 1 is not judged yet."),
        ("review", "validating", {"submission": "x", "met-1": "no", "note-1": "x"}, "Enter a whole number."),
        ("handoff", "held", {"lease": "1", "done": "a"}, "This field is required."),
        (
            "submit",
            "held",
            {"artifacts": "Log javascript:x", **HANDED_IN},
            "an http or https address, or a path",
        ),
        ("submit", "held", HANDED_IN | {"lease": ""}, "lease: This field is required."),
    ],
)
def test_what_is_wrong_is_told_where_it_was_typed(browser, rita, task_in, verb, state, data, told):
    task = task_in(state)
    before = board_rows.read()
    answer = send(browser, task, verb, data)
    assert answer.status_code == 422
    assert told in text(answer)
    assert board_rows.read() == before


def test_a_review_follows_from_its_verdicts(browser, olga, ada, write, now):
    task = states.reach(write(done_criteria=["A", "B"]), Status.VALIDATING, worker=ada, now=now)
    verdicts = {"met-1": "yes", "note-1": "Seen", "met-2": "no", "note-2": "There is none"}
    send(browser, task, "review", {"submission": "1", "comment": "Nearly", **verdicts})
    review = Review.objects.get()
    assert (review.judgement, review.reviewer, review.comment) == ("reject", olga, "Nearly")
    assert list(review.verdicts.order_by("criterion").values_list("met", "note")) == [
        (True, "Seen"),
        (False, "There is none"),
    ]


def test_a_form_of_an_outdated_page_is_refused_and_shows_how_it_is_now(browser, ada, olga, write, now):
    task = states.reach(write(), Status.VALIDATING, worker=ada, now=now)
    states.reject(task, now=now)
    states.reach(task, Status.VALIDATING, worker=ada, now=now)
    sent = {"submission": "1", "met-1": "no", "note-1": "Not in the first one"}

    answer = send(browser, task, "review", sent)

    assert answer.status_code == 409
    page = text(answer)
    assert f"The newest submission of {task.ref} is 2." in page
    assert "Not in the first one" in page
    assert 'name="submission" value="2"' in page

    criteria.amend(task, ["Other"], by=olga, reason="r", now=now)
    page = text(send(browser, task, "amend", {"done_criteria": ["Mine"], "reason": "r", "seen": "1"}))
    assert "are at version 2 by now, not 1." in page
    assert 'name="seen" value="2"' in page
    assert "Mine" in page


def test_dependencies_are_named_as_people_write_them(browser, write):
    first, second, task = write("First"), write("Second"), write("Third")
    send(browser, task, "depends_on", {"depends_on": f"{first.ref.lower()}, {second.pk}"})
    assert set(task.dependencies.values_list("depends_on", flat=True)) == {first.pk, second.pk}


def test_only_what_the_person_changed_is_edited(browser, olga, write):
    """Somebody else has renamed the task since the form was opened."""
    task = write(labels=["ui"])
    Task.objects.filter(pk=task.pk).update(title="Renamed meanwhile")
    sent = {"title": "Fix login", "initial-title": "Fix login", "priority": "1", "initial-priority": "2"}
    send(browser, task, "edit", sent | {"labels": "ui, new", "initial-labels": "ui"})
    task.refresh_from_db()
    assert (task.title, task.priority) == ("Renamed meanwhile", 1)
    assert sorted(task.labels.values_list("label", flat=True)) == ["new", "ui"]


def test_rows_are_added_and_taken_out_without_javascript(browser, write, olga):
    task = write(done_criteria=["A", "B"])
    sent = {"done_criteria": ["A changed", "B"], "reason": "Half a reason", "seen": "1"}
    page = text(send(browser, task, "amend", {**sent, "more": "done_criteria"}))
    assert page.count('<textarea name="done_criteria"') == 3
    assert "Half a reason" in page
    page = text(send(browser, task, "amend", {**sent, "drop": "done_criteria-0"}))
    assert page.count('<textarea name="done_criteria"') == 1
    assert "A changed" not in page
    assert list(Criterion.objects.values_list("text", flat=True)) == ["A", "B"]
    for odd in ("done_criteria-9", "done_criteria-x", "", "other"):
        assert send(browser, task, "amend", {**sent, "drop": odd}).status_code == 200


def test_an_answer_ends_the_question(browser, ada, write, now):
    task = write()
    Task.objects.filter(pk=task.pk).update(asks_human="Which one?")
    send(browser, task, "comment", {"text": "The newer"})
    task.refresh_from_db()
    assert task.asks_human == ""
    assert Comment.objects.get().kind == "note"


def test_a_comment_leaves_the_form_that_stands_open(browser, write, ada, now):
    task = states.reach(write(), Status.BLOCKED, worker=ada, now=now)
    answer = send(browser, task, "comment", {"text": "Wait", "do": "unblock"}, **HTMX)
    assert f'action="/board/{task.ref}/unblock"' in text(answer)


def test_a_stranger_changes_nothing_and_keeps_what_it_typed(write):
    task, client = write(), Client()
    before = board_rows.read()
    answer = client.post(f"/board/{task.ref}/cancel", REASON)
    assert answer.status_code == 401
    assert "Because &lt;b&gt;I&lt;/b&gt; say so</textarea>" in text(answer)
    assert 'href="/board/sign-in?next=' in text(answer)
    answer = client.post(f"/board/{task.ref}/cancel", REASON, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#refusal")
    assert board_rows.read() == before


def test_a_form_of_another_site_is_refused(write, olga):
    task, client = write(), person.signed_in(olga, enforce_csrf_checks=True)
    assert client.post(f"/board/{task.ref}/cancel", REASON).status_code == 403
    page = client.get(f"/board/{task.ref}?do=cancel").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    assert (
        client.post(f"/board/{task.ref}/cancel", REASON | {"csrfmiddlewaretoken": token}).status_code == 302
    )


def test_what_there_is_not_is_a_404(browser, write):
    assert send(browser, write(), "explode", {}).status_code == 404
    assert browser.post("/board/T-99999/cancel", REASON).status_code == 404
    assert browser.get(f"/board/{write().ref}/cancel").status_code == 405

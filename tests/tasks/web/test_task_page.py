"""The page of a task: what stands on it, for whom, and that it costs the same whatever belongs to the task."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tasks.domain import closing, comments, handoffs
from tasks.models import Comment, Status
from tests.tasks import states
from tests.tasks.web import person

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(olga):
    return person.signed_in(olga)


@pytest.fixture
def stranger(db):
    return Client()


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.TODO, "<b>Ready</b>"),
        (Status.DOING, "<b>Doing</b>"),
        (Status.BLOCKED, "Blocked</b>"),
        (Status.VALIDATING, "<b>Handed in</b>"),
        (Status.DONE, "approved by"),
        (Status.CANCELLED, "<b>Cancelled</b>"),
    ],
)
def test_each_state_is_told_in_a_sentence(browser, write, ada, status, says):
    task = states.reach(write(), status, worker=ada, now=timezone.now())
    assert says in text(browser.get(f"/board/{task.ref}"))


def test_it_has_one_address(stranger, write):
    ref = write().ref
    for other in (ref.lower(), ref.removeprefix("T-")):
        assert stranger.get(f"/board/{other}?do=edit").headers["Location"] == f"/board/{ref}?do=edit"
    answer = stranger.get("/board/T-999999")
    assert (answer.status_code, "There is no task T-999999." in text(answer)) == (404, True)


def test_to_htmx_it_is_a_panel(browser, write):
    ref = write().ref
    page, panel = browser.get(f"/board/{ref}"), browser.get(f"/board/{ref}", headers=HTMX)
    assert b"<html" in page.content
    assert b"<html" not in panel.content
    assert panel.content.lstrip().startswith(b'<article id="task"')
    assert "HX-Request" in panel.headers["Vary"]


def test_what_is_not_allowed_is_shown_with_the_reason(browser, write, ada, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    page = text(browser.get(f"/board/{task.ref}"))
    assert f'href="/board/{task.ref}?do=release"' in page
    assert f'href="/board/{task.ref}?do=unblock"' not in page
    reason = f'id="not-unblock" class="small soft" dir="auto">{task.ref} is doing, not blocked.'
    assert 'aria-disabled="true" aria-describedby="not-unblock"' in page
    assert reason in page


def test_an_address_opens_a_form_or_says_why_not(browser, write, ada, now):
    task = states.reach(write(), Status.BLOCKED, worker=ada, now=now)
    page = text(browser.get(f"/board/{task.ref}?do=unblock"))
    assert f'action="/board/{task.ref}/unblock"' in page
    assert page.count("autofocus") == 1
    page = text(browser.get(f"/board/{task.ref}?do=reopen"))
    assert f'action="/board/{task.ref}/reopen"' not in page
    assert (
        f"Re-open is not possible now: {task.ref} is blocked; reopen starts from cancelled or done." in page
    )
    # A page that somebody types in while the task changes keeps the form beside the reason.
    assert f'action="/board/{task.ref}/reopen"' in text(browser.get(f"/board/{task.ref}?do=reopen&keep=1"))


def test_a_stranger_reads_and_is_asked_to_sign_in(stranger, write, settings):
    ref = write().ref
    page = text(stranger.get(f"/board/{ref}?do=cancel"))
    assert "Fix login" in page
    assert "<form class" not in page.replace('<form class="top-search"', "")
    assert f"/board/sign-in?next=/board/{ref}" in page
    settings.AUTH = "token"
    assert "/board/sign-in" in stranger.get(f"/board/{ref}").headers["Location"]


def test_a_person_that_has_not_acted_yet_sees_what_is_allowed_and_leaves_no_trace(write, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("newcomer"))
    page = text(client.get(f"/board/{write().ref}"))
    assert "do=cancel" in page
    assert "newcomer" not in [agent.name for agent in states.Agent.objects.all()]


def test_a_review_that_waits_for_the_one_who_looks_stands_open(browser, olga, ada, rita, write, now):
    mine = states.reach(write(reviewer="olga"), Status.VALIDATING, worker=ada, now=now)
    others = states.reach(write(reviewer="rita"), Status.VALIDATING, worker=ada, now=now)
    assert 'name="met-1"' in text(browser.get(f"/board/{mine.ref}"))
    assert 'name="met-1"' not in text(browser.get(f"/board/{others.ref}"))
    assert 'name="met-1"' in text(browser.get(f"/board/{others.ref}?do=review"))


def test_older_submissions_can_be_looked_at(browser, ada, write, now):
    task = states.reach(write(), Status.VALIDATING, worker=ada, now=now)
    states.reject(task, now=now)
    assert "Not met" in text(browser.get(f"/board/{task.ref}?submission=1"))
    for odd in ("9", "x", "٣", "1" * 30):
        assert browser.get(f"/board/{task.ref}", {"submission": odd}).status_code == 200


def test_the_log_is_narrowed_and_paged_and_an_entry_had_whole(browser, ada, write, now):
    task = write()
    for number in range(40):
        comments.write(task, by=ada, text=f"note {number}.", kind="note", lease=None, now=now)
    long = comments.write(task, by=ada, text="x " * 3000 + "END", kind="failed", lease=None, now=now)
    page = text(browser.get(f"/board/{task.ref}"))
    assert "failed attempt" in page
    assert "note 39." in page
    assert "note 5." not in page
    older = page.split("before=", 1)[1].split('"', 1)[0]
    assert "note 5." in text(browser.get(f"/board/{task.ref}?before={older}"))
    assert "note 39." not in text(browser.get(f"/board/{task.ref}?show=failed"))
    assert "END" not in page
    assert "END" in text(browser.get(f"/board/{task.ref}/log/{long.comment_id}"))
    assert browser.get(f"/board/{task.ref}/log/999999").status_code == 404


def test_the_page_costs_the_same_for_3_comments_and_for_300(
    browser, olga, ada, bob, write, now, django_assert_max_num_queries
):
    def count(task):
        with django_assert_max_num_queries(32) as asked:
            assert browser.get(f"/board/{task.ref}").status_code == 200
        return len(asked)

    small = states.reach(write(), Status.DOING, worker=ada, now=now)
    large = states.reach(write(depends_on=[]), Status.DOING, worker=bob, now=now)
    for task, many in ((small, 3), (large, 300)):
        Comment.objects.bulk_create(
            [Comment(task=task, author=ada, text=f"@ada sees T-{n + 1}", created_at=now) for n in range(many)]
        )
    for number in range(20):
        write(f"Later {number}", depends_on=[large.ref], labels=[f"label-{number}"])
    assert count(large) == count(small)


def test_a_handoff_stands_in_three_blocks_with_its_read_back(browser, ada, bob, write, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    handoffs.hand_off(task, handoffs.Words("Half", "The rest", "The cache"), to=bob, by=ada, lease=1, now=now)
    page = text(browser.get(f"/board/{task.ref}"))
    assert all(f"<h3>{name}</h3>" in page for name in ("Done", "Pending", "Gotchas"))
    assert "Not read back yet" in page
    states.claims.claim(task, by=bob, now=now)
    handoffs.read_back(task, 1, text="I mind the cache", by=bob, lease=2, now=now)
    assert "I mind the cache" in text(browser.get(f"/board/{task.ref}"))


def test_a_task_that_asks_a_human_says_so(browser, olga, ada, write, now, settings):
    settings.MAX_REJECTIONS = 1
    task = states.reach(write(), Status.VALIDATING, worker=ada, now=now + timedelta(hours=1))
    page = text(browser.get(f"/board/{task.ref}"))
    assert 'Asks a human:</strong> <span dir="auto">Nobody is there to review it' in page
    closing.override(task, by=olga, reason="It runs", now=now)
    page = text(browser.get(f"/board/{task.ref}"))
    assert "Asks a human" not in page
    assert "without an approval: overridden" in page

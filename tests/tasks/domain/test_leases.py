"""The fence: what a holder writes counts under the current lease and under no other."""

from datetime import timedelta

import pytest

from tasks.domain import claims, closing, comments, editing, leases
from tasks.models import Comment
from tests.tasks import board_rows

MINUTE = timedelta(minutes=1)


@pytest.fixture
def held(ada, write, now):
    """A task that ada holds since `now`, under her second lease of it, which has token 3."""
    task = write()
    claims.claim(task, by=ada, now=now - MINUTE)
    closing.take_back(task, by=None, reason="Silent", now=now - MINUTE)
    claims.claim(task, by=ada, now=now)
    task.refresh_from_db()
    return task


def test_a_comment_under_the_current_lease_renews_it(held, ada, now, settings):
    later = now + 29 * MINUTE
    written = comments.write(held, by=ada, text="Found it", kind="note", lease=held.lease_token, now=later)
    assert written.by_holder
    held.refresh_from_db()
    assert held.last_word_at == later
    assert held.stale_at == later + settings.STALE_AFTER
    assert held.lease_expires_at == later + settings.RECLAIM_AFTER
    assert (held.status, held.status_since, held.lease_token) == ("doing", now, 3)


def test_a_holders_comment_without_a_lease_renews_it_too(held, ada, now, settings):
    later = now + 45 * MINUTE
    written = comments.write(held, by=ada, text="Still here", kind="tried", lease=None, now=later)
    assert written.by_holder
    held.refresh_from_db()
    assert held.stale_at == later + settings.STALE_AFTER


def test_a_strangers_comment_is_written_and_renews_nothing(held, zed, now):
    before = board_rows.read()
    written = comments.write(held, by=zed, text="Try X", kind="note", lease=None, now=now + MINUTE)
    assert not written.by_holder
    assert board_rows.changed(before, board_rows.read()).keys() == {"Comment", "Event"}
    assert Comment.objects.latest("pk").author == zed


@pytest.mark.parametrize("off", [-2, -1, 1, 1000])
def test_a_lease_that_is_not_the_current_one_writes_nothing_even_by_the_holder(held, ada, now, off):
    refusal = refused(held, ada, held.lease_token + off, now)
    assert refusal.detail == f"ada holds {held.ref} under a newer lease."
    assert refusal.extra["holder"] == {"agent": "ada", "alive": True, "since": now}
    assert "GET /tasks/active?agent=ada" in refusal.fix


def test_somebody_elses_lease_writes_nothing(held, bob, now):
    refusal = refused(held, bob, held.lease_token, now)
    assert refusal.code == "lease_lost"
    assert refusal.detail == f"ada holds {held.ref} now."
    assert refusal.extra["holder"]["agent"] == "ada"
    assert "GET /tasks/next?agent=bob" in refusal.fix


def test_the_refusal_says_whether_the_new_holder_is_alive(held, bob, now, settings):
    later = now + settings.OFFLINE_AFTER
    assert refused(held, bob, held.lease_token, later).extra["holder"]["alive"] is False


def test_a_lease_of_a_task_that_was_taken_back_writes_nothing(held, ada, now):
    closing.take_back(held, by=None, reason="Silent", now=now)
    refusal = refused(held, ada, held.lease_token, now)
    assert refusal.detail == (
        f"Your lease on {held.ref} was taken back at 2026-03-02 12:00:00 UTC: Silent. It is in the queue again."
    )
    assert f"POST /tasks/{held.ref}/claim" in refusal.fix
    assert refusal.extra == {"holder": None}


def test_a_lease_ends_with_the_task_and_its_old_token_does_not_come_back(held, ada, olga, now):
    closing.cancel(held, by=olga, reason="Not needed", now=now)
    assert "is cancelled and nobody holds it" in refused(held, ada, held.lease_token, now).detail
    closing.reopen(held, by=olga, reason="Needed after all", now=now)
    claims.claim(held, by=ada, now=now)
    refused(held, ada, held.lease_token, now)
    assert comments.write(held, by=ada, text="Again", kind="note", lease=4, now=now).by_holder


def test_a_lease_of_a_task_nobody_ever_held_writes_nothing(ada, write, now):
    refused(write(), ada, 0, now)


@pytest.mark.parametrize(
    ("stale_after", "stale_in", "expires_in"),
    [(None, 30, 60), (10 * 60, 10, 60), (60 * 60, 60, 60), (3 * 3600, 180, 180)],
)
def test_a_lease_outlasts_a_tasks_own_stale_after(ada, write, now, stale_after, stale_in, expires_in):
    """A task with a `stale_after` longer than RECLAIM_AFTER is not taken back before it is even stale."""
    task = write(stale_after=stale_after)
    claims.claim(task, by=ada, now=now)
    check = (now + stale_in * MINUTE, now + expires_in * MINUTE)
    task.refresh_from_db()
    assert (task.stale_at, task.lease_expires_at) == check

    comments.write(task, by=ada, text="On it", kind="note", lease=1, now=now + MINUTE)
    task.refresh_from_db()
    assert (task.stale_at, task.lease_expires_at) == (check[0] + MINUTE, check[1] + MINUTE)


def test_a_new_stale_after_counts_from_the_holders_last_word(held, olga, ada, now):
    comments.write(held, by=ada, text="A long build", kind="note", lease=3, now=now + MINUTE)
    editing.edit(held, by=olga, now=now + 20 * MINUTE, stale_after=2 * 3600)
    held.refresh_from_db()
    assert (held.stale_at, held.lease_expires_at) == (now + 121 * MINUTE, now + 121 * MINUTE)
    assert held.last_word_at == now + MINUTE

    editing.edit(held, by=olga, now=now + 20 * MINUTE, stale_after=None)
    held.refresh_from_db()
    assert (held.stale_at, held.lease_expires_at) == (now + 31 * MINUTE, now + 61 * MINUTE)


def refused(task, agent, token, now):
    before = board_rows.read()
    with pytest.raises(leases.LeaseLost) as refusal:
        comments.write(task, by=agent, text="Mine", kind="note", lease=token, now=now)
    assert board_rows.read() == before
    return refusal.value

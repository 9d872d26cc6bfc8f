"""Digests: the state of the board, told once in each period."""

import json
from datetime import timedelta

import pytest

from tasks.domain import agents, authoring, claims, closing, comments, digests, reservations
from tasks.models import Agent, Digest, Event, Task
from tests.races.together import together
from tests.tasks import states

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def board(ada, bob, rita, olga, write, now):
    """Something of everything, as it is five hours later."""
    agents.change(ada, by=None, now=now, wip_limit=9)
    later = now + 5 * HOUR
    write("ready")
    states.reach(write("silent"), "doing", worker=ada, now=now)
    states.reach(write("stuck"), "blocked", worker=ada, now=now + HOUR)
    states.reach(write("handed in", reviewer="olga"), "validating", worker=ada, now=now + 2 * HOUR)
    states.reach(write("finished"), "done", worker=bob, now=later - HOUR)
    closing.cancel(write("dropped"), by=olga, reason="r", now=later)
    reservations.reserve(write("kept"), bob, by=None, now=now + 3 * HOUR)
    back = states.reach(write("sent back"), "validating", worker=ada, now=later - HOUR)
    states.reject(back, now=later - HOUR)
    Task.objects.filter(title="ready").update(asks_human="Is it needed?")
    Agent.objects.filter(name__in=["bob", "rita"]).update(last_seen_at=later)
    return later


def listed(found, name="tasks"):
    return found["count"], [task["title"] for task in found[name]]


def test_a_digest_holds_what_the_contract_lists(board):
    data = digests.fresh(now=board).data
    assert data["tasks"] == {
        "todo": 3, "doing": 1, "blocked": 1, "validating": 1, "done": 1, "cancelled": 1,
    }  # fmt: skip
    assert data["ready"] == {"count": 1, "reserved": 2}
    assert listed(data["stale"]) == (1, ["silent"])
    assert listed(data["abandoned"]) == (3, ["silent", "kept", "sent back"])
    assert listed(data["blocked"]) == (1, ["stuck"])
    assert listed(data["reviews"]) == (1, ["handed in"])
    assert listed(data["shipped"]) == (1, ["finished"])
    assert listed(data["rejected"]) == (1, ["sent back"])
    assert listed(data["needs_human"]) == (3, ["ready", "stuck", "handed in"])
    assert [task["why"] for task in data["needs_human"]["tasks"]] == [
        "Is it needed?",
        "blocked for more than 4h",
        "waits for a review by olga",
    ]
    stuck = data["blocked"]["tasks"][0]
    assert (stuck["for"], stuck["why"], stuck["needs"]) == (
        4 * 3600,
        "The key is missing",
        "A key from @olga",
    )
    shown = {name: data["agents"][name] for name in ("count", "working", "reviewing", "idle", "offline")}
    assert shown == {"count": 5, "working": 0, "reviewing": 0, "idle": 2, "offline": 3}
    assert [one["name"] for one in data["agents"]["online"]] == ["bob", "rita"]


def test_the_same_data_gives_the_same_digest_and_computing_it_changes_nothing(board):
    one, other = digests.fresh(now=board), digests.fresh(now=board)
    assert (one.data, one.text) == (other.data, other.text)
    assert json.loads(json.dumps(one.data)) == one.data
    assert not Digest.objects.exists()


def test_it_is_told_once_in_a_period_with_its_event(board, settings):
    told = digests.post(now=board)
    assert Event.objects.get(kind="digest.posted").data == {"digest": told.pk}
    assert (told.at, told.since) == (board, board - settings.DIGEST_EVERY)
    assert digests.post(now=board) is None
    next_period = told.period + settings.DIGEST_EVERY
    assert digests.post(now=next_period - MINUTE) is None
    after = digests.post(now=next_period)
    assert (after.since, after.data["shipped"]["count"]) == (board, 0)
    assert digests.newest() == after
    assert Digest.objects.count() == Event.objects.filter(kind="digest.posted").count() == 2


def test_of_a_board_without_tasks_there_is_nothing_to_tell(now, db):
    assert digests.post(now=now) is None
    assert "Needs a human: 0" in digests.fresh(now=now).text


def test_a_longer_list_is_cut_and_counted(ada, write, now):
    agents.change(ada, by=None, now=now, wip_limit=99)
    for n in range(25):
        states.reach(write(f"t{n}"), "doing", worker=ada, now=now + n * MINUTE)
    stale = digests.fresh(now=now + 2 * HOUR).data["stale"]
    assert stale["count"] == 25
    assert [task["title"] for task in stale["tasks"]] == [f"t{n}" for n in range(20)]


def test_a_word_of_the_holder_takes_a_task_off_the_list(ada, write, now):
    task = states.reach(write(), "doing", worker=ada, now=now)
    comments.write(task, by=ada, text="x", kind="note", lease=1, now=now + HOUR)
    data = digests.fresh(now=now + HOUR + MINUTE).data
    assert data["stale"]["count"] == data["abandoned"]["count"] == 0


def test_a_stale_task_whose_holder_is_alive_is_no_candidate(ada, write, now):
    states.reach(write(), "doing", worker=ada, now=now)
    agents.saw(agents.find("ada"), now=now + HOUR)
    data = digests.fresh(now=now + HOUR).data
    assert (data["stale"]["count"], data["abandoned"]["count"]) == (1, 0)


def test_it_is_computed_in_a_fixed_number_of_queries(board, write, bob, now, django_assert_num_queries):
    with django_assert_num_queries(31):
        digests.fresh(now=board)
    for n in range(5):
        claims.claim(write(f"more {n}"), by=agents.register(f"worker-{n}", now=now), now=now)
    with django_assert_num_queries(31):
        digests.fresh(now=board)


@pytest.mark.race
def test_of_many_schedulers_one_tells_it(own_board, now):
    olga, _ = agents.find_or_register("olga", now=now)
    authoring.write([authoring.Draft("t")], by=olga, now=now)
    outcomes = together([lambda: digests.post(now=now)] * 6)
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert len([one for one in outcomes if one]) == 1
    assert Digest.objects.count() == Event.objects.filter(kind="digest.posted").count() == 1

"""What an operator can do to agents: pause them, and free what hangs on one that is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.domain import agents, claims, reservations
from tasks.models import Agent, Event, Status, Task
from tests.tasks import states

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LIST = reverse("admin:tasks_agent_changelist")


@pytest.fixture
def laden(write, ada, olga, now) -> Agent:
    """ada, who is gone, with two tasks in her hands, one kept for her and one to review."""
    agents.change(ada, by=olga, now=now, wip_limit=5)
    for title in ("First", "Second"):
        claims.claim(write(title), by=ada, now=now)
    reservations.reserve(write("Kept"), ada, by=olga, now=now)
    bob = agents.register("ben", now=now)
    states.reach(write("Reviewed", reviewer="ada"), Status.VALIDATING, worker=bob, now=now)
    ada.refresh_from_db()
    return ada


def asked(operator, action, *rows):
    chosen = {"action": action, "_selected_action": [agent.pk for agent in rows]}
    return operator.post(LIST, chosen).content.decode()


def do(operator, action, *rows, **given):
    chosen = {"action": action, "_selected_action": [agent.pk for agent in rows], "confirmed": "yes"}
    answer = operator.post(LIST, chosen | given)
    assert answer.status_code == 302
    operator.cookies.pop("messages", None)
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_an_agent_is_paused_for_a_time_and_the_pause_ended(operator, ada, bob):
    begun = timezone.now()
    assert do(operator, "pause", ada, bob, seconds="2h") == ["Pause: ada, bob."]
    ada.refresh_from_db()
    assert timedelta(0) <= ada.paused_until - begun - timedelta(hours=2) < timedelta(minutes=1)
    assert Event.objects.filter(kind="agent.changed").latest("pk").agent.name == "boss"
    assert "given work again" in asked(operator, "unpause", ada)
    do(operator, "unpause", ada)
    ada.refresh_from_db()
    assert ada.paused_until is None


@pytest.mark.parametrize("length", ["", "soon", "-1h", "99999d"])
def test_a_pause_without_a_length_is_none(operator, ada, length):
    chosen = {"action": "pause", "_selected_action": [ada.pk], "confirmed": "yes", "seconds": length}
    assert operator.post(LIST, chosen).status_code == 200
    ada.refresh_from_db()
    assert ada.paused_until is None


def test_all_that_an_agent_holds_is_taken_back(operator, laden, bob):
    held = list(Task.objects.filter(status="doing").order_by("pk"))
    html = asked(operator, "take_back_all", laden, bob)
    assert "2 tasks taken back" in html
    assert html.count("stays as it is") == 1

    said = do(operator, "take_back_all", laden, bob, reason="The machine burnt")

    assert said == [
        "bob is left as it was. bob holds nothing.",
        f"Take back all it holds: ada ({held[0].ref}, {held[1].ref}).",
    ]
    assert not Task.objects.filter(status="doing").exists()
    assert Event.objects.filter(kind="task.reclaimed", agent__name="boss").count() == 2


def test_what_waits_for_an_agent_is_handed_on(operator, laden, bob, rita):
    agents.saw(rita, now=timezone.now())
    assert "1 task free for anyone; 1 task to be reviewed by another" in asked(operator, "hand_on", laden)

    said = do(operator, "hand_on", laden, bob)

    assert said[0] == "bob is left as it was. Nothing waits for bob."
    assert not Task.objects.filter(status="todo", assignee=laden).exists()
    assert Task.objects.get(status="validating").reviewer == rita
    assert Task.objects.filter(status="doing", assignee=laden).count() == 2


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        ("silent", ["ada"]),
        ("here", ["bob"]),
        ("offline", ["ada", "ben", "olga", "rita"]),
        ("paused", ["rita"]),
        ("nonsense", ["ada", "ben", "bob", "olga", "rita"]),
    ],
)
def test_agents_are_found_by_how_they_stand(operator, laden, bob, rita, standing, names):
    agents.saw(bob, now=timezone.now())
    agents.change(rita, by=None, now=timezone.now(), paused_until=timezone.now() + timedelta(days=1))
    found = operator.get(f"{LIST}?is={standing}").context["cl"].result_list
    assert [agent.name for agent in found] == names


@pytest.mark.parametrize("action", ["pause", "unpause", "take_back_all", "hand_on"])
def test_the_page_that_asks_costs_the_same_for_many_agents(operator, laden, bob, now, action):
    few = cost(operator, action, [laden, bob])
    many = cost(operator, action, [laden, bob, *(agents.register(f"one-{n}", now=now) for n in range(60))])
    assert many == few


def cost(operator, action, rows):
    asked(operator, action, *rows)  # Fills the process's caches.
    with CaptureQueriesContext(connection) as queries:
        asked(operator, action, *rows)
    return len(queries)

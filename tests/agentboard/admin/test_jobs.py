"""The scheduler in the admin: its schedules, runs, failures and queue are read; run now and drop are all one can do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.models import Task as Run

from agentboard import schedules

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


MODELS = [Schedule, Success, Failure, OrmQ]
EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
HOSTILE = "<script>alert('x')</script>"
LONG_AGO = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ERROR = (
    f"no such table {HOSTILE} : Traceback (most recent call last):\n  File jobs.py, line 3\nOperationalError"
)


@pytest.fixture
def clock(db):
    """Schedules that were all due once, their jobs in the queue; a run that went well and one that did not."""
    schedules.enqueue_due(now=timezone.now())
    run("lapse", ok=True, result=7)
    run("lapse", ok=True, result=8)
    run("take_back", ok=False, result=ERROR)


def run(name: str, *, ok: bool, result: object, ago: int = 60) -> Run:
    stopped = timezone.now() - timedelta(seconds=ago)
    facts = {"name": name, "group": name, "func": f"tasks.jobs.{name}", "args": (1, object), "kwargs": {}}
    times = {"started": stopped - timedelta(seconds=2), "stopped": stopped}
    return Run.objects.create(id=f"{Run.objects.count():032x}", success=ok, result=result, **facts, **times)


def listing(model, query=""):
    return reverse(f"admin:django_q_{model._meta.model_name}_changelist") + query


def page(row):
    return reverse(f"admin:django_q_{row._meta.model_name}_change", args=[row.pk])


def do(operator, row, action):
    chosen = {"action": action, "_selected_action": [row.pk]}
    asks = operator.post(listing(type(row)), chosen)
    assert asks.status_code == 200
    answer = operator.post(listing(type(row)), chosen | {"confirmed": "yes"})
    assert answer.status_code == 302
    operator.cookies.pop("messages", None)
    return asks.content.decode(), [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_lists_are_ours_and_not_django_qs():
    for model in MODELS:
        assert type(admin.site.get_model_admin(model)).__module__.startswith("agentboard.admin.")


def test_a_schedule_says_what_it_does_how_it_went_and_when_it_is_next(clock, operator):
    html = operator.get(listing(Schedule)).content.decode()
    rows = {row.name: row for row in operator.get(listing(Schedule)).context["cl"].result_list}
    assert list(rows) == sorted(one.name for one in schedules.table())
    assert rows["lapse"].last_success
    assert rows["lapse"].last_failure is None
    assert rows["take_back"].last_failure
    assert '<a class="stale" href="/admin/django_q/failure/?group=take_back">' in html
    from tasks import jobs

    assert (jobs.lapse.__doc__ or "?").partition("\n")[0].split("'")[0] in html


def test_a_failure_shows_its_error_as_text_and_its_page_where_it_came_from(clock, operator):
    failure = Failure.objects.get()
    for address in (listing(Failure), page(failure)):
        html = operator.get(address).content.decode()
        assert "no such table &lt;script&gt;" in html
        assert "<script>alert" not in html
    assert "line 3" in operator.get(page(failure)).content.decode()


def test_runs_are_found_by_their_schedule_newest_first(clock, operator):
    newest = run("lapse", ok=True, result=None, ago=1)
    found = operator.get(listing(Success, "?group=lapse")).context["cl"].result_list
    assert found[0].pk == newest.pk
    assert len(found) == 3
    assert operator.get(listing(Success, "?group=take_back")).context["cl"].result_list == []


def test_what_cannot_be_read_is_shown_as_that(clock, operator):
    OrmQ.objects.update(payload="gAR9lC4=:forged")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_q_task SET result = 'no pickle'")
    assert "cannot be read" in operator.get(listing(OrmQ)).content.decode()
    assert "cannot be read" in operator.get(page(OrmQ.objects.earliest("pk"))).content.decode()
    assert "no pickle" in operator.get(listing(Success)).content.decode()


@EVERY_MODEL
def test_nothing_is_added_edited_or_deleted_by_hand(clock, operator, model):
    row = model.objects.order_by("pk").first()
    name = f"admin:django_q_{model._meta.model_name}"
    before = list(model.objects.order_by("pk").values())
    assert operator.get(reverse(f"{name}_add")).status_code == 403
    assert operator.post(page(row), {"next_run": "", "func": "os.abort", "payload": "x"}).status_code == 403
    assert operator.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    operator.post(listing(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    operator.post(listing(model), {"action": "resubmit_task", "_selected_action": [row.pk]})
    assert list(model.objects.order_by("pk").values()) == before


def test_run_now_makes_a_schedule_due_and_the_clock_begins_it_once(clock, operator):
    OrmQ.objects.all().delete()
    row = Schedule.objects.get(name="prune")
    asks, said = do(operator, row, "run_now")
    do(operator, row, "run_now")
    assert "due at once" in asks
    assert said == ["Run now: prune."]
    assert "prune" in schedules.enqueue_due(now=timezone.now())
    assert [job.group() for job in OrmQ.objects.all()].count("prune") == 1
    assert schedules.enqueue_due(now=timezone.now()) == []


def test_a_failure_is_run_again_and_dropped(clock, operator):
    OrmQ.objects.all().delete()
    failure = Failure.objects.get()
    do(operator, failure, "run_now")
    assert "take_back" in schedules.enqueue_due(now=timezone.now())
    _, said = do(operator, failure, "forget")
    assert said == ["Drop: take_back."]
    assert not Failure.objects.exists()


def test_a_job_that_is_no_schedules_is_not_run(clock, operator):
    Failure.objects.update(group="os.abort")
    assert do(operator, Failure.objects.get(), "run_now")[1] == [
        "take_back is left as it was. No job is called 'os.abort'."
    ]


def test_a_job_is_dropped_from_the_queue_and_the_clock_goes_on(clock, operator):
    job = OrmQ.objects.earliest("pk")
    asks, said = do(operator, job, "drop")
    assert "due again at its usual time" in asks
    assert said == [f"Drop: job {job.pk}."]
    assert not OrmQ.objects.filter(pk=job.pk).exists()
    assert schedules.enqueue_due(now=timezone.now() + timedelta(days=1))


@EVERY_MODEL
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(clock, operator, model):
    few = cost(operator, listing(model))
    for number in range(300):
        run("lapse", ok=bool(number % 2), result=number)
    for job in list(OrmQ.objects.all()):
        OrmQ.objects.bulk_create([OrmQ(key=job.key, payload=job.payload, lock=job.lock) for _ in range(50)])
    assert cost(operator, listing(model)) == few


def cost(operator, address):
    operator.get(address)  # Fills the process's caches.
    with CaptureQueriesContext(connection) as queries:
        assert operator.get(address).status_code == 200
    return len(queries)

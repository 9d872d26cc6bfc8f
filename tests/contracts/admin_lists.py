"""The pages of the admin, as questions for `test_query_plans`: none may read more of a larger board.

A list counts its rows to a bound; the bound is lowered here, so that what a count reads can be told from a scan.
"""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

from django.contrib.auth.models import User
from django.test import Client

from tasks.admin import listing, standings
from tasks.models import Task

_TASKS = "/admin/tasks/task/"
# More than a page: what fits into one is read without a limit.
_COUNTED = 120
# A page shows a hundred rows, and with each of them up to three others.
_PAGE = 100 * 4 + 50


def _opened(address: str | Callable[[], str], *, rows_only: bool = False) -> Callable[[], object]:
    """The page at the address; with `rows_only` without the count of its rows, which has nothing to look for."""

    def call() -> object:
        client = Client()
        client.force_login(User.objects.create(username="boss", is_staff=True, is_superuser=True))
        counted = (
            mock.patch.object(listing.BoundedPaginator, "_counted", _COUNTED)
            if rows_only
            else mock.MagicMock()
        )
        with mock.patch.object(listing, "COUNTED_TO", _COUNTED), counted:
            answer = client.get(address if isinstance(address, str) else address())
        assert answer.status_code == 200
        return answer

    return call


def _page_of_a_task() -> str:
    return f"{_TASKS}{Task.objects.filter(status='doing').order_by('pk')[0].pk}/change/"


def _lists() -> dict[str, Callable[[], object]]:
    everything = ["tasks/task", "tasks/evidence", "tasks/verdict"]
    narrowed = [
        *(f"tasks/task/?is={name}" for name in standings.TASKS),
        *("tasks/agent/?is=silent", "tasks/task/?status__exact=done", "tasks/task/?q=4711"),
        *("tasks/attempt/?ended=no", "tasks/evidence/?q=T-300", "tasks/verdict/?q=T-300"),
    ]
    plain = {f"{one}/": _opened(f"/admin/{one}/", rows_only=True) for one in everything}
    return plain | {one: _opened(f"/admin/{one}") for one in narrowed}


QUESTIONS: dict[str, tuple[Callable[[], object], int, str | None]] = {
    "admin: the first page": (_opened("/admin/"), _PAGE, "task_without_criteria"),
    "admin: a task": (_opened(_page_of_a_task), _PAGE, None),
    **{f"admin: {name}": (call, _PAGE, None) for name, call in _lists().items()},
}

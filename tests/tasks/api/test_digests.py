"""`GET /digest` and `GET /digests`, as JSON and as Markdown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.api import digest_answers
from tasks.domain import digests
from tests.tasks.api.test_answers import fits

HOUR = timedelta(hours=1)


@pytest.fixture
def board(api, olga):
    api.post("/tasks", agent="olga", title="Fix login", done_criteria=["It works"])
    api.get("/tasks/next?agent=ada")


def test_before_any_was_posted_it_is_computed(api, board):
    digest = api.get("/digest").json()
    fits(digest_answers.DigestFacts, digest)
    assert digest["id"] is None
    assert digest["tasks"]["doing"] == 1
    assert digest["text"].startswith("# Digest of ")


def test_the_newest_is_what_was_posted_and_a_fresh_one_is_of_now(api, board):
    told = digests.post(now=timezone.now())
    api.post("/tasks", agent="olga", title="Later", done_criteria=["x"])
    posted = api.get("/digest").json()
    fits(digest_answers.DigestFacts, posted)
    assert (posted["id"], posted["tasks"]["todo"]) == (told.pk, 0)
    for fresh in ("1", "true"):
        digest = api.get(f"/digest?fresh={fresh}").json()
        assert (digest["id"], digest["tasks"]["todo"]) == (None, 1)
    assert len(api.get("/digests").json()["digests"]) == 1


def test_it_is_markdown_for_whoever_asks_for_that(api, board):
    answer = api.get("/digest?fresh=1", Accept="text/markdown")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.content.decode().startswith("# Digest of ")
    assert len(answer.content) <= 2400
    digests.post(now=timezone.now())
    assert api.get("/digests", Accept="text/markdown").content.decode().startswith("# Digest of ")


def test_the_history_pages_through_everything_once_the_newest_first(api, board):
    now = timezone.now()
    told = [digests.post(now=now + n * 4 * HOUR).pk for n in range(5)]
    seen, cursor = [], ""
    while True:
        page = api.get(f"/digests?limit=2{cursor}").json()
        fits(digest_answers.DigestPage, page)
        seen += [digest["id"] for digest in page["digests"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == told[::-1]


@pytest.mark.parametrize("query", ["/digest?fresh=maybe", "/digests?limit=0", "/digests?cursor=x"])
def test_what_cannot_be_understood_is_refused(api, board, query):
    assert api.get(query).status_code == 422

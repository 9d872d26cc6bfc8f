"""The inbox over HTTP: nothing is lost, whoever reads in between, and nothing is read because it was listed."""

import pytest

from channels_app.domain import messages
from channels_app.models import Inbox
from tests.tasks.api.conftest import refused


@pytest.fixture
def mention(general, ada, rita, now):
    """Have ada mention rita so many times."""

    def some(amount, word="m"):
        for n in range(amount):
            messages.post(general, f"@rita {word}{n}", by=ada, now=now)

    return some


def pages(api, limit, between=lambda: None):
    """The ids on each page of a listing from its beginning to its end."""
    found, cursor = [], ""
    while True:
        page = api.get(f"/inbox?agent=rita&limit={limit}{cursor}").json()
        found.append([item["id"] for item in page["items"]])
        if "next_cursor" not in page:
            return found
        cursor = f"&cursor={page['next_cursor']}"
        between()


def flat(found):
    return [number for page in found for number in page]


def read(api, up_to):
    return api.post("/inbox/read", agent="rita", up_to=up_to).json()["unread"]


@pytest.mark.parametrize("limit", [1, 7, 20, 45, 50])
def test_45_mentions_are_45_over_pages(api, mention, limit):
    mention(45)
    assert api.get("/inbox?agent=rita").json()["unread"] == 45
    found = pages(api, limit)
    assert flat(found) == list(range(1, 46))
    assert len(found) == -(-45 // limit)
    assert api.get("/inbox?agent=rita").json()["unread"] == 45


@pytest.mark.parametrize("limit", [1, 7, 20])
def test_45_mentions_are_45_whoever_reads_in_between(api, mention, limit):
    mention(45)
    seen = iter(range(limit, 99, limit))
    assert flat(pages(api, limit, between=lambda: read(api, next(seen)))) == list(range(1, 46))
    read(api, 45)
    assert flat(pages(api, limit, between=lambda: read(api, 45))) == list(range(45, 0, -1))


def test_reading_a_page_at_a_time_shows_each_notice_once(api, mention):
    """As an agent would without cursors: list, mark what was listed as read, list again."""
    mention(45)
    seen = []
    while (page := api.get("/inbox?agent=rita&limit=10").json())["unread"]:
        ids = [item["id"] for item in page["items"] if item["unread"]]
        seen += ids
        assert read(api, ids[-1]) == 45 - len(seen)
    assert seen == list(range(1, 46))


def test_what_comes_meanwhile_is_shown_once_and_nothing_twice(api, mention):
    mention(10)
    read(api, 4)
    assert flat(pages(api, 3)) == [5, 6, 7, 8, 9, 10, 4, 3, 2, 1]
    found = flat(pages(api, 3, between=lambda: mention(1)))
    assert found[:8] == [5, 6, 7, 8, 9, 10, 11, 12]
    assert sorted(found[8:]) == sorted({*range(1, 5), *(n for n in found[8:] if n > 12)})
    assert len(found) == len(set(found))


def test_unread_comes_first_the_oldest_of_it_first_then_what_was_read_the_newest_first(api, mention):
    mention(6)
    assert read(api, 3) == 3
    page = api.get("/inbox?agent=rita").json()
    assert [(item["id"], item["unread"]) for item in page["items"]] == [
        (4, True),
        (5, True),
        (6, True),
        (3, False),
        (2, False),
        (1, False),
    ]
    assert page["unread"] == 3


def test_reading_never_goes_backwards_nor_beyond_what_there_is(api, mention):
    assert read(api, 7) == 0
    mention(5)
    assert [read(api, up_to) for up_to in (2, 1, 0, 4)] == [3, 3, 3, 1]
    assert read(api, 2**62) == 0
    mention(1)
    assert api.get("/inbox?agent=rita").json()["unread"] == 1


def test_an_item_says_what_it_is_about(api, ada, rita, write, general, now):
    api.post("/channels/general/messages", agent="ada", text="@rita: see T-1")
    task = write()
    comment = api.post(f"/tasks/{task.ref}/comments", agent="ada", text="@rita, why?").json()["id"]
    messages.post(general, "@rita", by=None, now=now)
    first, second, third = api.get("/inbox?agent=rita").json()["items"]
    assert all(item.pop("at") for item in (first, second, third))
    about = {"kind": "mention", "by": "ada", "unread": True}
    assert first == about | {"id": 1, "text": "@rita: see T-1", "channel": "general", "message": 1}
    assert second == about | {"id": 2, "text": "@rita, why?", "task": task.ref, "comment": comment}
    assert (third["by"], third["message"]) == ("system", 2)


def test_packets_say_what_is_unread(api, mention, ada, write):
    write()
    write()
    mention(3)
    assert api.get("/tasks/next?agent=rita").json()["also"]["unread"] == 3
    read(api, 2)
    assert api.get("/tasks/active?agent=rita").json()["tasks"][0]["also"]["unread"] == 1
    assert api.get("/tasks/next?agent=ada").json()["also"]["unread"] == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=x", "cursor=dW5yZWFkOng6MQ=="])
def test_a_question_that_is_wrong_is_refused(api, query):
    refused(api.get(f"/inbox?agent=rita&{query}"), 422, "invalid")


@pytest.mark.parametrize("up_to", [None, "x", -1, True, 1.5, 2**70])
def test_how_far_it_was_read_is_a_number(api, mention, untouched, up_to):
    mention(1)
    refused(api.post("/inbox/read", agent="rita", up_to=up_to), 422, "invalid")
    assert Inbox.objects.get().read_up_to == 0


def test_an_inbox_is_somebodys(api):
    refused(api.get("/inbox"), 401, "who_are_you")
    refused(api.post("/inbox/read", up_to=1), 401, "who_are_you")


@pytest.mark.parametrize("amount", [1, 40])
def test_a_page_costs_the_same_queries_whatever_is_on_it(api, mention, django_assert_num_queries, amount):
    mention(amount)
    api.get("/inbox?agent=rita")
    with django_assert_num_queries(4):
        api.get("/inbox?agent=rita")

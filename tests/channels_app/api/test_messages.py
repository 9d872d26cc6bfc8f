"""Reading and writing channels over HTTP."""

import pytest

from tests.tasks.api.conftest import refused

GENERAL = "/channels/general/messages"


@pytest.fixture
def say(api):
    """Have ada write to #general; gives the id."""

    def one(text, **more):
        answer = api.post(GENERAL, agent="ada", text=text, **more)
        assert answer.status_code == 201, answer.content
        return answer.json()["id"]

    return one


def texts(answer):
    return [message["text"] for message in answer.json()["messages"]]


def test_the_channels_that_every_board_has(api):
    page = api.get("/channels").json()
    assert [one["name"] for one in page["channels"]] == [
        "blockers",
        "digest",
        "general",
        "reviews",
        "shipping",
    ]
    assert {(one["messages"], one["last_at"]) for one in page["channels"]} == {(0, None)}
    first = api.get("/channels?limit=3").json()
    rest = api.get(f"/channels?after={first['next_after']}").json()
    assert first["channels"] + rest["channels"] == page["channels"]
    assert "next_after" not in rest


def test_a_message_says_who_wrote_it_and_to_whom(api, say, rita):
    assert api.post(GENERAL, agent="ada", text="Hi @rita").json() == {
        "id": 1,
        "channel": "general",
        "reached": 1,
    }
    say("And you?", reply_to=1)
    second, first = api.get(GENERAL).json()["messages"]
    assert first.pop("at") <= second.pop("at")
    assert first == {"id": 1, "by": "ada", "text": "Hi @rita", "mentions": ["rita"]}
    assert second == {"id": 2, "by": "ada", "text": "And you?", "mentions": [], "reply_to": 1}
    (general,) = [one for one in api.get("/channels").json()["channels"] if one["name"] == "general"]
    assert general["messages"] == 2


def test_the_newest_come_first_and_the_pages_stay_put(api, say):
    for n in range(7):
        say(f"m{n}")
    first = api.get(f"{GENERAL}?limit=3")
    say("meanwhile")
    second = api.get(f"{GENERAL}?limit=3&cursor={first.json()['next_cursor']}")
    third = api.get(f"{GENERAL}?limit=3&cursor={second.json()['next_cursor']}")
    assert texts(first) + texts(second) + texts(third) == [f"m{n}" for n in range(6, -1, -1)]
    assert "next_cursor" not in third.json()


def test_who_goes_on_after_a_message_misses_none(api, say):
    for n in range(5):
        say(f"m{n}")
    first = api.get(f"{GENERAL}?since=1&limit=2").json()
    assert [one["text"] for one in first["messages"]] == ["m1", "m2"]
    say("new")
    rest = api.get(f"{GENERAL}?since={first['next_since']}")
    assert texts(rest) == ["m3", "m4", "new"]
    assert "next_since" not in rest.json()
    assert texts(api.get(f"{GENERAL}?since=6")) == []


def test_words_and_threads_narrow_it(api, say):
    first = say("Login crashes")
    say("Unrelated crash")
    say("Same here, crash", reply_to=first)
    assert texts(api.get(f"{GENERAL}?q=crash")) == ["Same here, crash", "Unrelated crash", "Login crashes"]
    assert texts(api.get(f"{GENERAL}?thread=3&since=0")) == ["Login crashes", "Same here, crash"]
    assert texts(api.get(f"{GENERAL}?thread=3&q=login")) == ["Login crashes"]
    assert texts(api.get(f"{GENERAL}?q=nothing")) == []
    page = api.get(f"{GENERAL}?q=crash&limit=2").json()
    assert texts(api.get(f"{GENERAL}?q=crash&cursor={page['next_cursor']}")) == ["Login crashes"]


@pytest.mark.parametrize("name", ["general", "General", "%23general", "%23General"])
def test_a_channel_is_named_with_or_without_its_sign(api, name):
    answer = api.post(f"/channels/{name}/messages", agent="ada", text="x")
    assert answer.json()["channel"] == "general"
    assert len(texts(api.get(f"/channels/{name}/messages"))) == 1


@pytest.mark.parametrize("name", ["genral", "%00", "a%20b", "x" * 300, "%23"])
def test_an_unknown_channel_is_not_found(api, untouched, name):
    problem = refused(api.get(f"/channels/{name}/messages"), 404, "not_found")
    if name == "genral":
        assert "general" in problem["fix"]
    refused(api.post(f"/channels/{name}/messages", agent="olga", text="x"), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": 5},
        {"text": None},
        {"text": "x" * 20_001},
        {"text": "x", "reply_to": 7},
        {"text": "x", "reply_to": "one"},
        {"text": "x", "reply_to": True},
        {"text": "x", "reply_to": 0},
        {"text": "x", "reply_to": 2**70},
        {"text": "x", "channel": "other"},
        {"text": "a\0b"},
    ],
)
def test_a_message_that_is_wrong_is_refused_and_leaves_nothing(api, ada, untouched, body):
    refused(api.post(GENERAL, agent="ada", **body), 422, "invalid")
    untouched()


def test_text_is_given_back_as_it_was_written(api, say):
    odd = '  %s {x} "quoted" \\ \r\n \t ü 漢 🧵 </script> @nobody\n'
    say(odd)
    assert texts(api.get(GENERAL)) == [odd]
    say("x" * 20_000)


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=201", "limit=x", "cursor=x", "cursor=YmVmb3JlOjA=", "since=-1", "since=x"),
        *("thread=0", "thread=x", f"since={2**70}", "since=0&cursor=YmVmb3JlOjE="),
    ],
)
def test_a_question_that_is_wrong_is_refused(api, query):
    refused(api.get(f"{GENERAL}?{query}"), 422, "invalid")


def test_a_channel_is_made_once(api, untouched):
    made = api.post("/channels", agent="ada", name="#Release-2", topic="When?")
    assert (made.status_code, made.json()["name"], made.json()["topic"]) == (201, "release-2", "When?")
    refused(api.post("/channels", agent="bob", name="release-2"), 409, "wrong_state")
    for name in ("", "a b", "-x", "x" * 41, 5, None):
        refused(api.post("/channels", agent="ada", name=name), 422, "invalid")
    refused(api.post("/channels", agent="ada", name="ok", topic="x" * 301), 422, "invalid")
    refused(api.post("/channels", name="nobody-asks"), 401, "who_are_you")


@pytest.mark.parametrize("amount", [1, 50])
def test_a_page_costs_the_same_queries_whatever_is_on_it(api, say, rita, django_assert_num_queries, amount):
    for n in range(amount):
        say(f"@rita {n}")
    with django_assert_num_queries(2):
        api.get(GENERAL)
    with django_assert_num_queries(1):
        api.get("/channels")

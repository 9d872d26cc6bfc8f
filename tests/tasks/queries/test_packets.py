"""Packets: all of a task that its holder needs, bounded."""

from datetime import timedelta

import pytest

from tasks.api.json import dumps
from tasks.domain import claims, comments, editing
from tasks.queries import logs, packets
from tests.tasks import states

MINUTE = timedelta(minutes=1)


def test_a_packet_says_everything_about_a_task(ada, rita, olga, write, now):
    one, other = write("one"), write("other")
    task = write(
        "Fix login",
        description="It fails.\nOn Mondays.",
        done_criteria=["It works", "A test shows it"],
        priority=1,
        reviewer="rita",
        labels=["ui", "api"],
        depends_on=[other.ref, one.ref],
    )
    for blocker in (one, other):
        states.reach(blocker, "cancelled", worker=ada, now=now)
    claims.claim(task, by=ada, now=now)
    comments.write(task, by=rita, text="Mind the cache", kind="note", lease=None, now=now + MINUTE)

    assert packets.build([task.pk], now=now + 11 * MINUTE) == [
        {
            "task": {
                "id": task.ref,
                "title": "Fix login",
                "description": "It fails.\nOn Mondays.",
                "status": "doing",
                "priority": "P1",
                "assignee": "ada",
                "reviewer": "rita",
                "done_criteria": [{"id": 1, "text": "It works"}, {"id": 2, "text": "A test shows it"}],
                "depends_on": [one.ref, other.ref],
                "labels": ["ui", "api"],
                "attempts": 1,
                "rejections": 0,
            },
            "lease": {"token": 1, "expires_in": 49 * 60},
            "handoff": None,
            "feedback": None,
            "log": [{"by": "rita", "kind": "note", "text": "Mind the cache", "ago": 600}],
            "also": {"reviews_waiting": 0, "unread": 0},
        }
    ]


def test_a_bare_task_has_empty_lists_and_no_names(write, now):
    (packet,) = packets.build([write(done_criteria=[]).pk], now=now)
    task = packet["task"]
    assert (task["assignee"], task["reviewer"]) == (None, None)
    assert task["done_criteria"] == task["depends_on"] == task["labels"] == packet["log"] == []
    assert packet["lease"] == {"token": 0, "expires_in": 0}
    assert "log_earlier" not in packet


def test_packets_come_in_the_order_asked_for_without_those_there_are_not(write, now):
    first, second = write("first"), write("second")
    built = packets.build([second.pk, 999999, first.pk], now=now)
    assert [packet["task"]["title"] for packet in built] == ["second", "first"]
    assert packets.build([], now=now) == []


def test_any_number_of_packets_costs_one_query_and_their_logs_another(
    ada, write, now, django_assert_num_queries
):
    tasks = [write(labels=["a", "b"], done_criteria=["x", "y"]) for _ in range(5)]
    for ids in ([tasks[0].pk], [task.pk for task in tasks]):
        with django_assert_num_queries(1):
            packets.build(ids, now=now)
    for task in tasks[1:]:
        comments.write(task, by=ada, text="Hm", kind="note", lease=None, now=now)
    for ids in ([tasks[1].pk], [task.pk for task in tasks]):
        with django_assert_num_queries(2):
            packets.build(ids, now=now)


def test_criteria_follow_an_edit(olga, write, now):
    task = write(done_criteria=["Old", "Older", "Oldest"])
    editing.edit(task, by=olga, now=now, done_criteria=["New"])
    assert packets.build([task.pk], now=now)[0]["task"]["done_criteria"] == [{"id": 1, "text": "New"}]


def test_the_log_holds_the_newest_entries_oldest_first_and_counts_the_rest(ada, write, now):
    task = write()
    for at in range(packets.NEWEST + 3):
        comments.write(task, by=ada, text=f"{at}", kind="note", lease=None, now=now)
    (packet,) = packets.build([task.pk], now=now)
    assert [entry["text"] for entry in packet["log"]] == [f"{at}" for at in range(3, packets.NEWEST + 3)]
    assert packet["log_earlier"] == 3


def test_what_failed_or_was_decided_is_not_pushed_out_by_talk(ada, write, now):
    task = write()
    for kind in ("failed", "decision", "pending", "question"):
        comments.write(task, by=ada, text=f"The {kind} one", kind=kind, lease=None, now=now)
    for at in range(30):
        comments.write(task, by=ada, text=f"{at} " + "talk " * 150, kind="note", lease=None, now=now)
    (packet,) = packets.build([task.pk], now=now)
    texts = [entry["text"] for entry in packet["log"]]
    assert texts[:4] == ["The failed one", "The decision one", "The pending one", "The question one"]
    assert [text[:3] for text in texts[4:]] == ["26 ", "27 ", "28 ", "29 "]
    assert packet["log_earlier"] == 26


def test_the_board_signs_its_entries_as_system(ada, write, now):
    task = states.reach(write(), "doing", worker=ada, now=now)
    comments.append(task.pk, by=None, kind="move", text="Taken back", now=now)
    (entry,) = packets.build([task.pk], now=now)[0]["log"]
    assert (entry["by"], entry["kind"]) == ("system", "move")


@pytest.mark.parametrize("letter", ["x", "ü", "漢", "🧵", '"', "\\", "\n"])
@pytest.mark.parametrize("length", [1, logs.TAIL, logs.HEAD, logs.HEAD + 1, logs.HEAD + logs.TAIL])
def test_an_entry_of_up_to_a_thousand_characters_is_shown_whole(ada, write, now, letter, length):
    task, text = write(), "<" * (length > 1) + letter * (length - 2) + ">"
    comments.write(task, by=ada, text=text, kind="note", lease=None, now=now)
    assert packets.build([task.pk], now=now)[0]["log"][0]["text"] == text


@pytest.mark.parametrize("length", [logs.HEAD + logs.TAIL + 1, 20_000])
def test_a_longer_entry_is_cut_in_the_middle_and_says_by_how_much(ada, write, now, length):
    text = "".join(chr(0x4E00 + at % 9000) for at in range(length))
    task = write()
    comments.write(task, by=ada, text=text, kind="note", lease=None, now=now)
    shown = packets.build([task.pk], now=now)[0]["log"][0]["text"]
    left_out = length - logs.HEAD - logs.TAIL
    assert shown == f"{text[:700]} […{left_out} characters left out…] {text[-300:]}"


def test_a_packet_is_bounded_whatever_is_in_the_log(ada, write, now):
    for text in ("x" * 20_000, "\n" * 700 + "x", "x", "漢" * 900, '\x7f"\\' * 300):
        task = write(description="")
        for kind in ("note", "failed", "decision", "question", "tried") * 15:
            comments.write(task, by=ada, text=text, kind=kind, lease=None, now=now)
        (packet,) = packets.build([task.pk], now=now + 10_000 * MINUTE)
        assert len(dumps(packet["log"]).decode()) <= packets.LOG_CHARACTERS
        assert len(packet["log"]) >= 2


def test_any_text_comes_out_as_it_went_in(ada, write, now):
    odd = """%s {x} "quoted" \\ \n \t ü 漢 🧵 </script> [{"a": 1}]"""
    task = write(odd[:60], description=odd, done_criteria=[odd], labels=[odd])
    comments.write(task, by=ada, text=odd, kind="note", lease=None, now=now)
    (packet,) = packets.build([task.pk], now=now)
    assert (packet["task"]["title"], packet["task"]["description"]) == (odd[:60], odd)
    assert packet["task"]["done_criteria"] == [{"id": 1, "text": odd}]
    assert (packet["task"]["labels"], packet["log"][0]["text"]) == ([odd], odd)


def test_times_to_the_microsecond_are_whole_seconds_and_never_negative(ada, write, now):
    task = write()
    claims.claim(task, by=ada, now=now + timedelta(microseconds=123456))
    comments.write(task, by=ada, text="x", kind="note", lease=1, now=now + timedelta(microseconds=100_000))
    (packet,) = packets.build([task.pk], now=now + timedelta(seconds=1))
    assert (packet["lease"]["expires_in"], packet["log"][0]["ago"]) == (3599, 0)
    (packet,) = packets.build([task.pk], now=now - MINUTE)
    assert packet["log"][0]["ago"] == 0
    (packet,) = packets.build([task.pk], now=now + timedelta(days=1))
    assert packet["lease"]["expires_in"] == 0


def test_reviews_that_wait_for_the_holder_are_counted(ada, bob, write, now):
    for _ in range(2):
        states.reach(write(reviewer="ada"), "validating", worker=bob, now=now)
    task = states.reach(write(), "doing", worker=ada, now=now)
    assert packets.build([task.pk], now=now)[0]["also"] == {"reviews_waiting": 2, "unread": 2}

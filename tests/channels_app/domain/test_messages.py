"""Messages: numbered without gaps in their channel, kept as they were written, and answered within it."""

import pytest

from channels_app.domain import channels, messages
from channels_app.models import Channel, Message
from channels_app.queries import message_list
from tasks.models import Event


def test_messages_are_numbered_by_channel(general, ada, now):
    other = channels.make("random", topic="", by=ada, now=now)
    numbers = [messages.post(channel, "x", by=ada, now=now).number for channel in (general, other, general)]
    assert numbers == [1, 1, 2]
    general.refresh_from_db()
    assert (general.last_number, general.last_at) == (2, now)


def test_a_message_is_stored_as_it_was_written_and_leaves_an_event(general, ada, now):
    text = "  # Odd\r\n\t%s {x} <b> \\ ü 漢 🧵\n"
    message = messages.post(general, text, by=ada, now=now)
    message.refresh_from_db()
    assert (message.text, message.author, message.task, message.event) == (text, ada, None, None)
    event = Event.objects.get(kind="message.posted")
    assert (event.agent, event.task, event.data) == (ada, None, {"channel": "general", "message": 1})


def test_replies_join_the_thread_of_what_they_answer(general, ada, now):
    first = messages.post(general, "first", by=ada, now=now)
    messages.post(general, "between", by=ada, now=now)
    reply = messages.post(general, "reply", by=ada, now=now, reply_to=first.number)
    deeper = messages.post(general, "deeper", by=ada, now=now, reply_to=reply.number)
    assert [(one.reply_to, one.thread) for one in (first, reply, deeper)] == [(None, 1), (1, 1), (3, 1)]
    for member in (1, 3, 4):
        found = message_list.newer(general, limit=9, since=0, thread=member)
        assert [one.text for one in found] == ["first", "reply", "deeper"]
    assert message_list.older(general, limit=9, before=None, thread=77) == []


def test_a_reply_to_what_is_not_in_the_channel_is_refused(general, ada, now):
    other = channels.make("random", topic="", by=ada, now=now)
    messages.post(other, "x", by=ada, now=now)
    with pytest.raises(messages.UnknownMessage, match="no message 1 in general"):
        messages.post(general, "y", by=ada, now=now, reply_to=1)
    general.refresh_from_db()
    assert (general.last_number, Message.objects.count()) == (0, 1)


def test_every_board_begins_with_its_channels(db):
    assert list(Channel.objects.order_by("pk").values_list("name", flat=True)) == list(Channel.FIRST)
    assert all(Channel.objects.values_list("topic", flat=True))


@pytest.mark.parametrize("name", ["general", "#general", "General", " #GENERAL "])
def test_a_channel_is_found_by_its_name(general, name):
    assert channels.find(name) == general


@pytest.mark.parametrize(
    ("name", "near"), [("genral", "general"), ("#review", "reviews"), ("xyz", "GET /channels")]
)
def test_a_mistyped_channel_gets_the_nearest_names(db, name, near):
    with pytest.raises(channels.UnknownChannel) as refusal:
        channels.find(name)
    assert near in refusal.value.fix


@pytest.mark.parametrize("name", ["", "#", "-x", "a b", "x" * 41, "a/b", "ü", None, "a\0"])
def test_a_name_that_is_none_is_refused(ada, now, name):
    with pytest.raises(channels.Invalid):
        channels.make(name, topic="", by=ada, now=now)
    with pytest.raises(channels.UnknownChannel):
        channels.find(str(name))


def test_a_name_is_taken_once(ada, now):
    made = channels.make("#Release-2", topic="When", by=ada, now=now)
    assert (made.name, made.created_by, made.topic) == ("release-2", ada, "When")
    with pytest.raises(channels.NameTaken, match="release-2"):
        channels.make("release-2", topic="", by=ada, now=now)


def test_words_find_messages_of_the_channel(general, ada, now):
    other = channels.make("random", topic="", by=ada, now=now)
    for channel, text in ((general, "Crash in file.go"), (general, "Login works"), (other, "login crash")):
        messages.post(channel, text, by=ada, now=now)

    def found(q):
        return [one.number for one in message_list.older(general, limit=9, before=None, q=q)]

    assert [found("log"), found("file.go crash"), found("ogin"), found("***")] == [[2], [1], [], []]

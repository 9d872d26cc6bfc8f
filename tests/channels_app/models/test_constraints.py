"""The row is the last guard of the conversation too: what no rule allows, the database refuses."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from channels_app.domain import messages
from channels_app.models import Channel, Inbox, Message, Notice

MODELS = list(apps.get_app_config("channels_app").get_models())


class Facts:
    """A channel with two messages, the second a reply, and rita's inbox with two notices, one of them read."""

    def __init__(self, general, ada, rita, now):
        self.general, self.ada, self.rita, self.now = general, ada, rita, now
        self.first = messages.post(general, "@rita", by=ada, now=now)
        self.reply = messages.post(general, "@rita", by=ada, now=now, reply_to=1)
        Inbox.objects.filter(agent=rita).update(read_up_to=1)

    def say(self, **columns):
        row = {"channel": self.general, "number": 9, "thread": 9, "text": "x", "created_at": self.now}
        return Message.objects.create(**row | columns)

    def tell(self, **columns):
        row = {"inbox_id": self.rita.pk, "number": 9, "kind": "mention", "text": "x", "created_at": self.now}
        return Notice.objects.create(**row | columns)

    def channel(self, **columns):
        return Channel.objects.filter(pk=self.general.pk).update(**columns)

    def inbox(self, **columns):
        return Inbox.objects.filter(agent=self.rita).update(**columns)


@pytest.fixture
def facts(general, ada, rita, now):
    return Facts(general, ada, rita, now)


CONSTRAINTS = {
    "channel_name_is_lower_case": [
        lambda f: Channel.objects.create(name="Loud", created_at=f.now),
        lambda f: Channel.objects.create(name="", created_at=f.now),
    ],
    "channel_says_when_its_last_message_came": [
        lambda f: f.channel(last_at=None),
        lambda f: Channel.objects.create(name="x", created_at=f.now, last_at=f.now),
    ],
    "channel.name": [lambda f: Channel.objects.create(name="general", created_at=f.now)],
    "message_number_is_unique": [lambda f: f.say(number=1, thread=1)],
    "message_says_something": [lambda f: f.say(text="")],
    "message_answers_an_earlier_one": [lambda f: f.say(thread=1)],
    "inbox_is_read_as_far_as_it_goes": [lambda f: f.inbox(read_up_to=3)],
    "notice_number_is_unique": [lambda f: f.tell(number=2)],
    "notice_kind_is_known": [lambda f: f.tell(kind="gossip")],
    "notice_says_something": [lambda f: f.tell(text="")],
}
GUARDS = {
    "messages are never": [
        "UPDATE channels_app_message SET text = 'x'",
        "UPDATE channels_app_message SET number = number + 7",
        "DELETE FROM channels_app_message",
    ],
    "notices are never": ["UPDATE channels_app_notice SET text = 'x'", "DELETE FROM channels_app_notice"],
    "a channel keeps its name, and its count only grows": [
        "UPDATE channels_app_channel SET last_number = last_number - 1 WHERE name = 'general'",
        "UPDATE channels_app_channel SET name = 'x' WHERE name = 'general'",
    ],
    "the counters of an inbox only grow": [
        "UPDATE channels_app_inbox SET read_up_to = 0",
        "UPDATE channels_app_inbox SET read_up_to = 0, last_number = 1",
    ],
    "a reply answers a message of its channel, in its thread": [
        "INSERT INTO channels_app_message (channel_id, number, thread, reply_to, text, mentions, created_at)"
        f" SELECT {channel}, 9, {thread}, {reply_to}, 'x', '[]', created_at FROM channels_app_message"
        for channel, thread, reply_to in [
            ("channel_id", 2, 2),
            ("channel_id", 5, 5),
            ("(SELECT id FROM channels_app_channel WHERE name = 'digest')", 1, 1),
        ]
    ],
}
ONLY_ON_POSTGRESQL = {
    "messages are never": ["TRUNCATE channels_app_message CASCADE"],
    "notices are never": ["TRUNCATE channels_app_notice"],
}
EVERY_WRITE = [(name, write) for name, writes in CONSTRAINTS.items() for write in writes]
EVERY_GUARD = [(words, sql) for words, statements in GUARDS.items() for sql in statements]


@pytest.mark.parametrize(("name", "around"), EVERY_WRITE, ids=[name for name, _ in EVERY_WRITE])
def test_a_write_around_the_rules_is_refused_by_the_constraint(facts, name, around):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        around(facts)
    words = {
        "channel.name": "name",
        "message_number_is_unique": "number",
        "notice_number_is_unique": "number",
    }
    assert words.get(name, name) in str(refusal.value)


def test_every_constraint_has_a_write_that_it_refuses():
    constraints = {constraint.name for model in MODELS for constraint in model._meta.constraints}
    fields = {
        f"{model._meta.model_name}.{field.name}"
        for model in MODELS
        for field in model._meta.fields
        if field.unique and not field.primary_key and not field.is_relation
    }
    assert CONSTRAINTS.keys() == constraints | fields


@pytest.mark.parametrize(("words", "sql"), EVERY_GUARD)
def test_a_guard_refuses_what_goes_around_the_domain(facts, words, sql):
    with pytest.raises(IntegrityError, match=words):
        _execute(sql)


@pytest.mark.parametrize(
    ("words", "sql"), [(words, sql) for words, each in ONLY_ON_POSTGRESQL.items() for sql in each]
)
def test_a_table_of_the_conversation_is_not_emptied_at_a_stroke(facts, words, sql):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="are never"):
        _execute(sql)


def test_the_guards_refuse_nothing_more(facts):
    facts.channel(topic="new", last_number=7)
    facts.inbox(last_number=5, read_up_to=5)
    facts.say()
    facts.say(number=10, thread=1, reply_to=2)
    facts.tell()


def _execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

"""The conversation is part of the board's export, and comes back without a difference."""

from __future__ import annotations

import io

import pytest
from django.apps import apps

from agentboard.cli.operate import whole
from channels_app.domain import channels, inboxes, messages
from channels_app.models import Channel, Inbox, Message, Notice
from channels_app.queries import message_list, unread
from tasks.domain import agents, authoring, comments
from tasks.domain.imports import restoring
from tasks.queries import exports
from tests import real_board
from tests.conftest import NOW


@pytest.fixture(scope="module")
def exported(board_template, tmp_path_factory, django_db_blocker):
    """The export of a board where people have talked."""
    with (
        django_db_blocker.unblock(),
        real_board.copy(board_template, tmp_path_factory.mktemp("exported")),
    ):
        ada, _ = agents.register("ada", now=NOW), agents.register("rita", now=NOW)
        (task,) = authoring.write([authoring.Draft("t")], by=ada, now=NOW).tasks
        general, other = (
            Channel.objects.get(name="general"),
            channels.make("other", topic="é", by=ada, now=NOW),
        )
        messages.post(general, "Hello « @rita »", by=ada, now=NOW)
        messages.post(other, "by the board", by=None, now=NOW)
        messages.post(general, "yes", by=agents.find("rita"), reply_to=1, now=NOW)
        comments.write(task, by=ada, text="@rita?", kind="note", lease=None, now=NOW)
        inboxes.read(agents.find("rita"), up_to=1)
        return b"".join(exports.lines(whole.models()))


@pytest.fixture
def restore(exported, db):
    return lambda: restoring.take(io.BytesIO(exported), models=whole.models(), beginnings=whole.beginnings())


def test_every_model_of_every_app_is_exported():
    ours = {model for app in ("tasks", "channels_app") for model in apps.get_app_config(app).get_models()}
    assert set(whole.models()) == ours - set(exports.LEFT_OUT)


def test_every_column_of_the_conversation_is_exported():
    for model in (Channel, Message, Inbox, Notice):
        assert exports.fields(model, whole.models()) == list(model._meta.concrete_fields)


def test_a_restored_conversation_is_the_one_that_was_exported_and_goes_on(exported, restore):
    assert restore() == exported.count(b"\n") - 2
    assert b"".join(exports.lines(whole.models())) == exported
    general, rita = Channel.objects.get(name="general"), agents.find("rita")
    assert unread.count(rita) == 1
    assert [one.number for one in message_list.older(general, limit=9, before=None, q="hello")] == [1]
    new = messages.post(general, "@rita again", by=agents.find("ada"), now=NOW, reply_to=2)
    assert (new.number, new.thread, unread.count(rita)) == (3, 1, 2)


@pytest.mark.parametrize("what", ["channel", "message", "notice"])
def test_a_board_where_somebody_has_talked_is_left_alone(restore, now, what):
    ada = agents.register("zoe", now=now)
    if what == "channel":
        channels.make("mine", topic="", by=ada, now=now)
    else:
        messages.post(Channel.objects.get(name="general"), "@zoe", by=None, now=now)
    with pytest.raises(restoring.NotEmpty, match=f"1 {what}"):
        restore()


def test_an_empty_board_is_exported_and_read_back(db):
    content = b"".join(exports.lines(whole.models()))
    restoring.take(io.BytesIO(content), models=whole.models(), beginnings=whole.beginnings())
    assert b"".join(exports.lines(whole.models())) == content

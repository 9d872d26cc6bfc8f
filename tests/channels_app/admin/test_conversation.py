"""The conversation in the admin: every model is found and read, hostile text is text, and nothing is forged."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from channels_app.domain import channels, messages
from channels_app.models import Channel, Inbox, Message, Notice
from tasks.domain import closing
from tests.tasks.admin.browser import untouched

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


MODELS = list(apps.get_app_config("channels_app").get_models())
NAMES = [model._meta.model_name for model in MODELS]
HOSTILE = "<script>alert('x')</script><img src=x onerror=\"alert(1)\"> @rita"
EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=NAMES)


@pytest.fixture
def talk(ada, rita, olga, write, now):
    """Some messages with markup in every text; gives the channel they are in."""
    channel = channels.make("loud", topic=HOSTILE, by=ada, now=now)
    for n in range(3):
        messages.post(channel, f"{HOSTILE} walrus{n}", by=ada, now=now)
    closing.override(write(HOSTILE[:200]), by=olga, reason=HOSTILE, now=now)
    return channel


def listing(model, query=""):
    return reverse(f"admin:channels_app_{model._meta.model_name}_changelist") + query


def page(row):
    return reverse(f"admin:channels_app_{row._meta.model_name}_change", args=[row.pk])


def found(operator: Client, address: str) -> list[int]:
    answer = operator.get(address)
    assert answer.status_code == 200
    return [row.pk for row in answer.context["cl"].result_list]


def test_every_model_has_an_admin():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


@EVERY_MODEL
def test_lists_and_pages_show_hostile_text_as_text(model, talk, operator):
    row = model._default_manager.order_by("pk").last()
    for address in (listing(model), listing(model, "?q=loud"), listing(model, "?q=T-1"), page(row)):
        html = operator.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address
    if model is not Inbox:
        assert "&lt;script&gt;alert(" in operator.get(listing(model)).content.decode()


@EVERY_MODEL
def test_nothing_can_be_deleted_and_only_channels_are_made(model, talk, operator):
    row = model._default_manager.order_by("pk").last()
    name = model._meta.model_name
    assert operator.post(reverse(f"admin:channels_app_{name}_delete", args=[row.pk])).status_code == 403
    added = operator.get(reverse(f"admin:channels_app_{name}_add"))
    assert added.status_code == (200 if model is Channel else 403)
    if model is not Channel:
        assert operator.post(page(row), {"text": "forged", "read_up_to": 0}).status_code == 403


@EVERY_MODEL
def test_a_stranger_is_sent_to_the_sign_in(model, db):
    answer = Client().get(listing(model))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@EVERY_MODEL
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(
    model, talk, ada, now, operator, django_assert_max_num_queries
):
    for n in range(20):
        messages.post(talk, f"@rita {n}", by=ada, now=now)
        channels.make(f"c{n}", topic="", by=ada, now=now)
    with django_assert_max_num_queries(8):
        operator.get(listing(model))


def test_messages_are_found_by_channel_task_and_words(talk, operator):
    loud = list(Message.objects.filter(channel=talk).order_by("-number").values_list("pk", flat=True))
    (about,) = Message.objects.filter(channel__name="shipping")
    assert found(operator, listing(Message, f"?channel={talk.pk}")) == loud
    assert found(operator, listing(Message, f"?q=T-{about.task_id}")) == [about.pk]
    assert found(operator, listing(Message, "?q=walrus1")) == [loud[1]]
    assert found(operator, listing(Message, "?q=walrus1&channel=x")) == []


def test_notices_are_found_by_agent(talk, operator, rita):
    theirs = list(Notice.objects.order_by("-number").values_list("pk", flat=True))
    assert len(theirs) == 4
    assert found(operator, listing(Notice, "?q=Rita")) == theirs
    assert found(operator, listing(Notice, "?q=nobody")) == []
    assert found(operator, listing(Inbox, "?q=rit")) == [rita.pk]


def test_a_topic_can_be_changed_and_a_name_cannot(talk, operator):
    form = untouched(operator.get(page(talk)).content.decode(), "channel_form")
    operator.post(page(talk), form | {"topic": "quiet", "name": "silent"})
    talk.refresh_from_db()
    assert (talk.topic, talk.name, talk.last_number) == ("quiet", "loud", 3)


def test_a_channel_is_made_by_the_operator(operator, db):
    add = reverse("admin:channels_app_channel_add")
    operator.post(add, {"name": "#Release-2", "topic": "When"})
    made = Channel.objects.get(name="release-2")
    assert (made.topic, made.created_by.name) == ("When", "boss")
    assert b"already" in operator.post(add, {"name": "release-2", "topic": ""}).content
    assert b"A channel" in operator.post(add, {"name": "a b", "topic": ""}).content

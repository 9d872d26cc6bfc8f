"""What is said when a holder goes silent, and the digest in its channel."""

from datetime import timedelta

import pytest

from channels_app.models import Message, Notice
from tasks.domain import digests, reclaiming, staleness
from tests.tasks import states

MINUTE = timedelta(minutes=1)


@pytest.fixture
def held(ada, write, now):
    return states.reach(write(), "doing", worker=ada, now=now)


def said(channel):
    return list(Message.objects.filter(channel__name=channel).order_by("pk").values_list("text", flat=True))


def told(name):
    return list(Notice.objects.filter(inbox__agent__name=name).order_by("pk").values_list("kind", "text"))


def test_a_holder_that_is_stale_is_told_in_its_inbox_once_and_nobody_else(held, now):
    staleness.flag(now=now + 30 * MINUTE)
    staleness.flag(now=now + 31 * MINUTE)
    text = f"{held.ref} Fix login is stale: you have written nothing to its log; a comment by you keeps it."
    assert told("ada") == [("stale", text)]
    assert said("blockers") == []


def test_a_task_that_is_taken_back_is_told_to_its_holder_and_in_blockers(held, now):
    reclaiming.take_back(now=now + 60 * MINUTE)
    assert said("blockers") == [
        f"{held.ref} Fix login was taken back from @ada.\n\n> ada wrote nothing to its log for 1h"
    ]
    assert [kind for kind, _ in told("ada")] == ["lost"]


def test_a_task_that_is_given_up_asks_a_human_in_blockers(held, now, settings):
    settings.MAX_ATTEMPTS = 1
    reclaiming.take_back(now=now + 60 * MINUTE)
    assert said("blockers") == [
        f"{held.ref} Fix login was taken back from @ada and needs a human. Taken back 1 times in a row;"
        " is it the right task, and can it be done?\n\n> ada wrote nothing to its log for 1h"
    ]
    assert [kind for kind, _ in told("ada")] == ["lost"]


def test_the_digest_is_posted_in_its_channel(held, now):
    digest = digests.post(now=now)
    assert digest
    assert said("digest") == [digest.text]

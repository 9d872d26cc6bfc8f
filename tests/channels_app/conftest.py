"""What the tests of the conversation look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from channels_app.models import Channel, Message, Notice
from tasks.models import Agent


@pytest.fixture
def said(db: None) -> Callable[[str], list[Message]]:
    """The messages of a channel, oldest first."""
    return lambda name: list(
        Message.objects.filter(channel__name=name).select_related("author").order_by("number")
    )


@pytest.fixture
def told(db: None) -> Callable[[Agent], list[tuple[str, str]]]:
    """What is in an agent's inbox, oldest first: the kind of each notice and the first line of its text."""

    def read(agent: Agent) -> list[tuple[str, str]]:
        notices = Notice.objects.filter(inbox=agent.pk).order_by("number")
        return [(notice.kind, notice.text.partition("\n")[0]) for notice in notices]

    return read


@pytest.fixture
def general(db: None) -> Channel:
    """#general."""
    return Channel.objects.get(name=Channel.GENERAL)

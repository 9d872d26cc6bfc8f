"""The whole board: what an export holds and an import brings back, of every app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def models() -> Sequence[type[Model]]:
    """The models of all apps, in the order in which their rows can be read back."""
    from channels_app import models as conversation
    from tasks.queries import exports

    own = (conversation.Channel, conversation.Message, conversation.Inbox, conversation.Notice)
    return (*exports.MODELS, *own)


def beginnings() -> Sequence[QuerySet[Any]]:
    """The rows that every board begins with, besides those that the board's own room knows of."""
    from channels_app.models import Channel

    return [Channel.objects.filter(name__in=Channel.FIRST, last_number=0)]

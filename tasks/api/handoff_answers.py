"""The shapes of answers about handoffs and blocks; see `answers`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tasks.api import answers
from tasks.models import Status


class HandoffReceipt(answers.Answer):
    """What a handoff did; `to` null: whoever comes."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    handoff = serializers.IntegerField()
    to = serializers.CharField(allow_null=True)
    task = answers.WholeTask(required=False)


class ReadbackReceipt(answers.Answer):
    """The task is yours to work on."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    handoff = serializers.IntegerField()
    expires_in = serializers.IntegerField()
    task = answers.WholeTask(required=False)


class ReadbackShown(answers.Answer):
    """What the next holder made of a handoff."""

    by = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class HandoffShown(answers.Answer):
    """A handoff as a list shows it."""

    id = serializers.IntegerField()
    to = serializers.CharField(allow_null=True)
    done = serializers.CharField()
    pending = serializers.CharField()
    gotchas = serializers.CharField()
    at = serializers.DateTimeField()
    readback = ReadbackShown(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.CharField(), **super().get_fields()}


class HandoffList(answers.Answer):
    """The newest handoffs of a task."""

    handoffs = HandoffShown(many=True)


class BlockReceipt(answers.Answer):
    """What a block did; it ends by itself when what it waits for is finished."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    block = serializers.IntegerField()
    waits = serializers.BooleanField()
    task = answers.WholeTask(required=False)

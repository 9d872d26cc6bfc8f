"""The shapes of digests."""

from __future__ import annotations

from rest_framework import serializers

from tasks.api import answers


class DigestTask(answers.Answer):
    """A task in a list of a digest; `for` is seconds."""

    id = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField(
        required=False, help_text="The beginning of why a human, or whoever can, is needed."
    )
    needs = serializers.CharField(
        required=False, help_text="Of a blocked task: the beginning of what it needs."
    )
    holder = serializers.CharField(required=False, allow_null=True)
    reserved_for = serializers.CharField(required=False, allow_null=True)
    reviewer = serializers.CharField(required=False, allow_null=True)
    worker = serializers.CharField(required=False, allow_null=True)
    by = serializers.CharField(required=False, allow_null=True)
    via = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        # A keyword of Python, and a word of the answer.
        return super().get_fields() | {"for": serializers.IntegerField(required=False)}


class DigestList(answers.Answer):
    """How many there are (1000: or more), and the first of them, worst first."""

    count = serializers.IntegerField()
    tasks = DigestTask(many=True)


class WebhookOff(answers.Answer):
    """A webhook that the board has turned off; `for` is seconds."""

    id = serializers.IntegerField()
    why = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"for": serializers.IntegerField()}


class NeedsHuman(DigestList):
    """What waits for a human; `count` counts both."""

    webhooks = WebhookOff(many=True, required=False)


class InEachState(answers.Answer):
    """How many tasks there are in each state."""

    todo = serializers.IntegerField()
    doing = serializers.IntegerField()
    blocked = serializers.IntegerField()
    validating = serializers.IntegerField()
    done = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class ReadyDepth(answers.Answer):
    """How many tasks are ready for anyone, and how many for the agent they are reserved for (1000: or more)."""

    count = serializers.IntegerField()
    reserved = serializers.IntegerField()


class OnlineAgent(answers.Answer):
    """An agent that is not offline."""

    name = serializers.CharField()
    presence = serializers.CharField()
    holds = serializers.ListField(child=serializers.CharField())


class DigestAgents(answers.Answer):
    """How many agents there are in each presence."""

    count = serializers.IntegerField()
    working = serializers.IntegerField()
    reviewing = serializers.IntegerField()
    idle = serializers.IntegerField()
    blocked = serializers.IntegerField()
    offline = serializers.IntegerField()
    online = OnlineAgent(many=True)


class DigestFacts(answers.Answer):
    """The state of the board at one time; `id` is null where it was computed for this call."""

    id = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    since = serializers.DateTimeField()
    needs_human = NeedsHuman()
    tasks = InEachState()
    ready = ReadyDepth()
    stale = DigestList()
    abandoned = DigestList()
    blocked = DigestList()
    reviews = DigestList()
    shipped = DigestList()
    rejected = DigestList()
    agents = DigestAgents()
    text = serializers.CharField(trim_whitespace=False)


class DigestPage(answers.Answer):
    """Digests, the newest first."""

    digests = DigestFacts(many=True)
    next_cursor = serializers.CharField(required=False)

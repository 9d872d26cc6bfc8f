"""Answers about events, for the schema."""

from __future__ import annotations

from rest_framework import serializers

from tasks.api.answers import Answer


class Event(Answer):
    """One thing that happened. `seq` is its place in the order of all events; `by` is an agent, or `system`."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    task = serializers.CharField(allow_null=True)
    by = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]


class EventPage(Answer):
    """A part of a task's history, oldest first."""

    events = Event(many=True)
    next_since = serializers.IntegerField(required=False)


class BoardEventPage(Answer):
    """A part of the board's log, oldest first. `next` is the next page's `since`; `more` says there is one."""

    events = Event(many=True)
    next = serializers.IntegerField()
    more = serializers.BooleanField()

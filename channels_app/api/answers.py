"""The shapes of answers, for the OpenAPI schema; the views build them, and a test holds the two together."""

from __future__ import annotations

from rest_framework import serializers

from channels_app.models import Notice
from tasks.api import answers


class ChannelLine(answers.Answer):
    """A channel."""

    name = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)
    messages = serializers.IntegerField(help_text="How many there are; the id of the newest.")
    last_at = serializers.DateTimeField(allow_null=True)


class ChannelPage(answers.Answer):
    """Channels by name."""

    channels = ChannelLine(many=True)
    next_after = serializers.CharField(required=False)


class MessageEntry(answers.Answer):
    """A message; `id` counts from 1 in its channel, and `event` says that the board made it from one."""

    id = serializers.IntegerField()
    by = serializers.CharField()
    text = serializers.CharField(help_text="Markdown, as it was written.")
    at = serializers.DateTimeField()
    mentions = serializers.ListField(child=serializers.CharField())
    reply_to = serializers.IntegerField(required=False)
    task = serializers.CharField(required=False)
    event = serializers.CharField(required=False)


class MessagePage(answers.Answer):
    """Messages, newest first, and `next_cursor` to older ones; with `since` oldest first, and `next_since`."""

    messages = MessageEntry(many=True)
    next_cursor = serializers.CharField(required=False)
    next_since = serializers.IntegerField(required=False)


class MessageReceipt(answers.Answer):
    """What a post did."""

    id = serializers.IntegerField()
    channel = serializers.CharField()
    reached = serializers.IntegerField(required=False, help_text="How many agents it mentions.")


class NoticeEntry(answers.Answer):
    """Something that concerns you; `id` counts from 1 in your inbox."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Notice.Kind.choices)
    by = serializers.CharField()
    text = serializers.CharField(help_text="The beginning of what was said.")
    at = serializers.DateTimeField()
    unread = serializers.BooleanField()
    task = serializers.CharField(required=False)
    channel = serializers.CharField(required=False)
    message = serializers.IntegerField(required=False, help_text="Its id in the channel.")
    comment = serializers.IntegerField(required=False, help_text="Its id in the task's log.")


class InboxPage(answers.Answer):
    """Unread first, the oldest of it first; then what you have read, the newest first."""

    items = NoticeEntry(many=True)
    unread = serializers.IntegerField()
    next_cursor = serializers.CharField(required=False)


class ReadReceipt(answers.Answer):
    """What is left."""

    unread = serializers.IntegerField()

"""The messages of a channel: reading them and writing one."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.api import answers, cursors
from channels_app.domain import channels, limits, messages
from channels_app.models import Message
from channels_app.queries import message_list
from tasks.api import callers, fields
from tasks.api.calls import Call

_BEFORE = re.compile(r"before:([1-9][0-9]{0,17})")
_LARGEST = 2**63 - 1


class MessageNumber(serializers.IntegerField):
    """The id of a message in its channel; a number, not a text or a boolean that looks like one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=_LARGEST, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            raise serializers.ValidationError("This takes the id of a message.")
        return super().to_internal_value(data)


class NewMessage(fields.Body):
    """A message to be."""

    agent = fields.AgentName(required=False)
    text = fields.Text(max_length=limits.MESSAGE, trim_whitespace=False)
    reply_to = MessageNumber(required=False, allow_null=True, default=None)

    def validate_text(self, text: str) -> str:
        if not text.strip():
            raise serializers.ValidationError("This field may not be blank.")
        return text


class Selection(serializers.Serializer[Any]):
    """Which messages to read: those after `since`, oldest first, or else the newest, and older ones by `cursor`."""

    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = fields.Text(required=False, max_length=60)
    since = serializers.IntegerField(required=False, min_value=0, max_value=_LARGEST)
    q = fields.Text(required=False, max_length=500)
    thread = MessageNumber(required=False)

    def validate_cursor(self, value: str) -> int:
        return int(cursors.read(value, _BEFORE)[1])

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "cursor" in asked and "since" in asked:
            raise serializers.ValidationError({"since": ["Either since or cursor, not both."]})
        return asked


class Messages(Call):
    """`/channels/{name}/messages`."""

    @extend_schema(operation_id="messages", parameters=[Selection], responses=answers.MessagePage)
    def get(self, request: Request, name: str) -> Response:
        """Newest first, and `next_cursor` to older ones; with `since` oldest first, and `next_since`."""
        asked = self.read_query(Selection)
        callers.notice(request, now=self.now)
        channel, limit = channels.find(name), asked["limit"]
        narrowed = {key: asked[key] for key in ("q", "thread") if key in asked}
        if "since" in asked:
            found = message_list.newer(channel, limit=limit, since=asked["since"], **narrowed)
        else:
            found = message_list.older(channel, limit=limit, before=asked.get("cursor"), **narrowed)
        answer: dict[str, Any] = {"messages": [entry(message) for message in found[:limit]]}
        if len(found) > limit:
            last = found[limit - 1].number
            more = (
                {"next_since": last} if "since" in asked else {"next_cursor": cursors.write(f"before:{last}")}
            )
            answer |= more
        return Response(answer)

    @extend_schema(operation_id="post", request=NewMessage, responses={201: answers.MessageReceipt})
    def post(self, request: Request, name: str) -> Response:
        """Write to the channel; `@name` reaches an agent's inbox, `T-9` links to a task."""
        new = self.read(NewMessage)
        agent = callers.caller(request, now=self.now)
        channel = channels.find(name)
        message = messages.post(channel, new["text"], by=agent, reply_to=new["reply_to"], now=self.now)
        receipt: dict[str, Any] = {"id": message.number, "channel": channel.name}
        if message.mentions:
            receipt["reached"] = len(message.mentions)
        return Response(receipt, status=201)


def entry(message: Message) -> dict[str, Any]:
    """One message as its channel shows it; `system` is the board itself."""
    shown: dict[str, Any] = {
        "id": message.number,
        "by": message.author.name if message.author else "system",
        "text": message.text,
        "at": message.created_at,
        "mentions": message.mentions,
    }
    if message.reply_to:
        shown["reply_to"] = message.reply_to
    if message.task_id:
        shown["task"] = f"T-{message.task_id}"
    if message.event:
        shown["event"] = message.event
    return shown

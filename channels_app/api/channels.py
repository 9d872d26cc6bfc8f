"""Channels: listing them and making new ones."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.api import answers
from channels_app.domain import channels, limits
from channels_app.models import Channel
from channels_app.queries import channel_list
from tasks.api import callers, fields
from tasks.api.calls import Call


class NewChannel(fields.Body):
    """A channel to be."""

    agent = fields.AgentName(required=False)
    name = fields.Text(max_length=60)
    topic = fields.Text(required=False, allow_blank=True, max_length=limits.TOPIC, default="")


class Page(serializers.Serializer[Any]):
    """Which channels to list."""

    limit = serializers.IntegerField(min_value=1, max_value=500, default=200)
    after = fields.Text(required=False, max_length=40, default="")


class Channels(Call):
    """`/channels`."""

    @extend_schema(operation_id="channels", parameters=[Page], responses=answers.ChannelPage)
    def get(self, request: Request) -> Response:
        """The channels by name; `next_after` is there when there is more."""
        asked = self.read_query(Page)
        callers.notice(request, now=self.now)
        found = channel_list.page(limit=asked["limit"], after=asked["after"])
        answer: dict[str, Any] = {"channels": [line(channel) for channel in found[: asked["limit"]]]}
        if len(found) > asked["limit"]:
            answer["next_after"] = found[asked["limit"] - 1].name
        return Response(answer)

    @extend_schema(operation_id="make_channel", request=NewChannel, responses={201: answers.ChannelLine})
    def post(self, request: Request) -> Response:
        """Make a channel."""
        new = self.read(NewChannel)
        agent = callers.caller(request, now=self.now)
        channel = channels.make(new["name"], topic=new["topic"], by=agent, now=self.now)
        return Response(line(channel), status=201)


def line(channel: Channel) -> dict[str, Any]:
    """A channel in a list."""
    return {
        "name": channel.name,
        "topic": channel.topic,
        "messages": channel.last_number,
        "last_at": channel.last_at,
    }

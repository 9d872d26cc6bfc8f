"""The caller's inbox: what concerns it, and saying what it has read."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.api import answers, cursors
from channels_app.domain import inboxes
from channels_app.models import Notice
from channels_app.queries import inbox_list, unread
from tasks.api import callers, fields
from tasks.api.calls import Call

_PLACE = re.compile(r"(unread|read):(0|[1-9][0-9]{0,17}):(0|[1-9][0-9]{0,17})")
_LARGEST = 2**63 - 1


class Selection(serializers.Serializer[Any]):
    """Which part of the inbox to list."""

    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = fields.Text(required=False, max_length=120)

    def validate_cursor(self, value: str) -> inbox_list.Place:
        match = cursors.read(value, _PLACE)
        return inbox_list.Place(int(match[2]), unread=match[1] == "unread", at=int(match[3]))


class UpTo(fields.Body):
    """How far the caller has read."""

    agent = fields.AgentName(required=False)
    up_to = fields.Lease(required=True)


class Inbox(Call):
    """`GET /inbox`."""

    @extend_schema(operation_id="inbox", parameters=[Selection], responses=answers.InboxPage)
    def get(self, request: Request) -> Response:
        """What concerns you, unread first, the oldest of it first; marks nothing as read."""
        asked = self.read_query(Selection)
        agent = callers.caller(request, now=self.now)
        page = inbox_list.page(agent, limit=asked["limit"], place=asked.get("cursor"))
        items = [entry(notice, read_up_to=page.read_up_to) for notice in page.notices]
        answer: dict[str, Any] = {"items": items, "unread": page.unread}
        if page.next:
            kind = "unread" if page.next.unread else "read"
            answer["next_cursor"] = cursors.write(f"{kind}:{page.next.read_up_to}:{page.next.at}")
        return Response(answer)


class ReadInbox(Call):
    """`POST /inbox/read`."""

    @extend_schema(operation_id="read_inbox", request=UpTo, responses=answers.ReadReceipt)
    def post(self, request: Request) -> Response:
        """Mark what is in your inbox as read, up to this id; the newest there is, if it is beyond."""
        body = self.read(UpTo)
        agent = callers.caller(request, now=self.now)
        inboxes.read(agent, up_to=body["up_to"])
        return Response({"unread": unread.count(agent)})


def entry(notice: Notice, *, read_up_to: int) -> dict[str, Any]:
    """One notice as the inbox shows it; `system` is the board itself."""
    shown: dict[str, Any] = {
        "id": notice.number,
        "kind": notice.kind,
        "by": notice.by.name if notice.by else "system",
        "text": notice.text,
        "at": notice.created_at,
        "unread": notice.number > read_up_to,
    }
    if notice.task_id:
        shown["task"] = f"T-{notice.task_id}"
    if notice.message:
        shown |= {"channel": notice.message.channel.name, "message": notice.message.number}
    if notice.comment_id:
        shown["comment"] = notice.comment_id
    return shown

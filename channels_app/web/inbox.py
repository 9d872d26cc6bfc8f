"""The inbox of the person who looks: what concerns it, and saying what it has read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from channels_app.domain import inboxes
from channels_app.models import Notice
from channels_app.queries import inbox_list
from channels_app.web.channels import number
from tasks import operators
from tasks.web import entry, viewers

_SHOWN = 50
_AROUND = 25
_PLACE = re.compile(r"(unread|read):(0|[1-9][0-9]{0,17}):(0|[1-9][0-9]{0,17})")
_KINDS = {
    Notice.Kind.MENTION: "mentions you",
    Notice.Kind.REVIEW_REQUEST: "asks for your review",
    Notice.Kind.HANDOFF: "hands off to you",
    Notice.Kind.REJECTION: "rejected your work",
    Notice.Kind.UNBLOCK: "unblocked a task that you held",
    Notice.Kind.STALE: "a task that you hold is silent",
    Notice.Kind.LOST: "a task was taken back from you",
}


@dataclass(frozen=True)
class Line:
    """A notice as the page shows it: what it is in words, where it leads, and whether it was read."""

    notice: Notice
    says: str
    address: str
    unread: bool


@entry.reading
def inbox(request: HttpRequest) -> HttpResponse:
    """`GET /board/inbox`: unread first, the oldest of it first; marks nothing as read."""
    if not viewers.signed_in(request):
        return entry.to_sign_in(request)
    agent = viewers.viewer(request)
    place = _place(request.GET.get("place", ""))
    page = inbox_list.page(agent, limit=_SHOWN, place=place) if agent else inbox_list.Page([], 0, 0, None)
    lines = [
        Line(notice, _KINDS[Notice.Kind(notice.kind)], _address(notice), notice.number > page.read_up_to)
        for notice in page.notices
    ]
    kind = "unread" if page.next and page.next.unread else "read"
    context = {
        "here": "inbox",
        "now": timezone.now(),
        "lines": lines,
        "unread": page.unread,
        "inbox_unread": page.unread,
        "up_to": max((line.notice.number for line in lines if line.unread), default=0),
        "next": f"{kind}:{page.next.read_up_to}:{page.next.at}" if page.next else None,
        "names": [agent.name] if agent else [],
    }
    return render(request, "inbox/inbox.html", context)


@entry.acting
def read(request: HttpRequest) -> HttpResponse:
    """`POST /board/inbox/read`, `up_to` the newest that was seen."""
    agent = operators.acting(request, now=timezone.now())
    inboxes.read(agent, up_to=number(request.POST.get("up_to")) or 0)
    return redirect("/board/inbox")


def _place(text: str) -> inbox_list.Place | None:
    match = _PLACE.fullmatch(text)
    return inbox_list.Place(int(match[2]), unread=match[1] == "unread", at=int(match[3])) if match else None


def _address(notice: Notice) -> str:
    """Where the whole of it is: the message in its channel, else the task."""
    if notice.message and notice.kind == Notice.Kind.MENTION:
        at = notice.message.number
        return f"/board/channels/{quote(notice.message.channel.name)}?before={at + _AROUND}#m-{at}"
    return f"/board/T-{notice.task_id}" if notice.task_id else "/board/channels/"

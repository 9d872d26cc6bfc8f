"""Channels: the list of them, and the page of one, where people and agents talk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from channels_app.domain import channels, limits, messages
from channels_app.models import Channel
from channels_app.queries import channel_list, message_list
from channels_app.web import talk
from tasks import operators
from tasks.domain.refusals import Invalid
from tasks.web import entry

_SHOWN = 50
_LISTED = 200
_LARGEST = 2**63 - 1


def every(request: HttpRequest) -> HttpResponse:
    """`/board/channels/`, where the list of them is read and a new one is made."""
    return make(request) if request.method == "POST" else listed(request)


@entry.reading
def listed(request: HttpRequest) -> HttpResponse:
    """`GET /board/channels/`: all of them, and a form that makes one."""
    return render(
        request, "channels/channels.html", _context(request, after=request.GET.get("after", "")[:40])
    )


@entry.reading
def shown(request: HttpRequest, name: str) -> HttpResponse:
    """`GET /board/channels/{name}`: its newest messages at the bottom; `?before=41` older ones, `?reply_to=41` to
    answer one. With `?since=41`, what came after it, for the page itself."""
    channel = channels.find(name)
    if "since" in request.GET:
        return _newer(request, channel, number(request.GET["since"]) or 0)
    before = number(request.GET.get("before"))
    found = message_list.older(channel, limit=_SHOWN, before=before)
    has_older = len(found) > _SHOWN
    lines = talk.laid_out(channel, found[:_SHOWN][::-1], after=None)
    answered = number(request.GET.get("reply_to"))
    context = _context(request, channel=channel) | {
        "lines": lines,
        "older": lines[0].message.number if has_older else None,
        "is_newest": not lines or lines[-1].message.number >= channel.last_number,
        "last": lines[-1].message.number if lines else 0,
        "answered": message_list.numbered(channel, answered) if answered else None,
        "longest": limits.MESSAGE,
    }
    return render(request, "channels/channel.html", context)


@entry.acting
def make(request: HttpRequest) -> HttpResponse:
    """`POST /board/channels/`, `name` and `topic`."""
    now = timezone.now()
    topic = request.POST.get("topic", "").strip()
    if len(topic) > limits.TOPIC:
        raise Invalid({"topic": [f"A topic has up to {limits.TOPIC} characters."]}, fix="Shorten it.")
    by = operators.acting(request, now=now)
    channel = channels.make(request.POST.get("name", ""), topic=topic, by=by, now=now)
    return redirect(f"/board/channels/{channel.name}")


@entry.acting
def post(request: HttpRequest, name: str) -> HttpResponse:
    """`POST /board/channels/{name}/messages`; to a script (`HX-Request`) the answer is empty."""
    now = timezone.now()
    channel, text = channels.find(name), request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    if not text.strip() or len(text) > limits.MESSAGE:
        raise Invalid(
            {"text": [f"A message has 1 to {limits.MESSAGE:,} characters."]}, fix="Write one, or shorten it."
        )
    reply_to = number(request.POST.get("reply_to"))
    by = operators.acting(request, now=now)
    message = messages.post(channel, text, by=by, reply_to=reply_to, now=now)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    return redirect(f"/board/channels/{channel.name}#m-{message.number}")


def number(text: str | None) -> int | None:
    """The positive number that an address or a form gives; None for anything else."""
    is_one = text and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) or None if text and is_one else None


def _newer(request: HttpRequest, channel: Channel, since: int) -> HttpResponse:
    found = message_list.newer(channel, limit=_SHOWN, since=max(0, since - 1))
    known = [message for message in found if message.number <= since]
    lines = talk.laid_out(channel, found[len(known) :], after=known[-1] if known else None)
    return render(request, "channels/_newer.html", _context(request, channel=channel) | {"lines": lines})


def _context(request: HttpRequest, *, channel: Channel | None = None, after: str = "") -> dict[str, Any]:
    found = channel_list.page(limit=_LISTED, after=after)
    return {
        "here": "channels",
        "now": timezone.now(),
        "channels": found[:_LISTED],
        "after": found[_LISTED - 1].name if len(found) > _LISTED else None,
        "channel": channel,
    }

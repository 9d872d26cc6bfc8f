"""Live: the events of the board for pages that are open, by the same machinery as `GET /events`.

An address of its own, because who looks at a page is known by a session, which only pages have; agents show a token.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from tasks.api import event_stream
from tasks.domain import sequence
from tasks.queries import event_log
from tasks.web import entry, viewers

_PLACE = re.compile(r"[0-9]{1,18}")
_LIMIT = 100
# A page that was open before the log was lost and restored asks for what is not there yet; it is told to begin anew.
_BEGIN_ANEW = 204


def stream(request: HttpRequest) -> HttpResponse:
    """`GET /board/live?since=SEQ`: what happened after that event, and then what happens.

    A stranger is refused instead of led to the sign-in page, which no script reads.
    """
    if not viewers.may_read(request):
        return HttpResponse(status=401)
    return _begun(request)


@entry.reading
def _begun(request: HttpRequest) -> HttpResponse:
    place = request.META.get(event_stream.GO_ON_AFTER)
    opening = b""
    if place is None:
        asked = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
        place = int(asked) if _PLACE.fullmatch(asked) else event_log.newest()
        if place > event_log.newest():
            sequence.catch_up()
        if place > event_log.newest():
            return HttpResponse(status=_BEGIN_ANEW)
        opening = event_stream.opening(place)
    page = sequence.after(place, limit=_LIMIT)
    return event_stream.answer(page, tags=(), opening=opening)

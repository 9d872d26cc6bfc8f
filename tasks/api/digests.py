"""The state of the board, told once in each period, or at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, digest_answers
from tasks.api.calls import Call
from tasks.domain import digests
from tasks.models import Digest

MARKDOWN = "text/markdown"


class Which(serializers.Serializer[Any]):
    """Which digest to give."""

    fresh = serializers.BooleanField(default=False)


class Page(serializers.Serializer[Any]):
    """Which digests to list."""

    limit = serializers.IntegerField(min_value=1, max_value=50, default=10)
    cursor = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class OneDigest(Call):
    """`GET /digest`."""

    @extend_schema(operation_id="digest", parameters=[Which], responses=digest_answers.DigestFacts)
    def get(self, request: Request) -> Response | HttpResponse:
        """The newest digest; `fresh=1` computes one now. With `Accept: text/markdown` as Markdown."""
        asked = self.read_query(Which)
        callers.notice(request, now=self.now)
        digest = None if asked["fresh"] else digests.newest()
        digest = digest or digests.fresh(now=self.now)
        return _markdown([digest]) if _wants_markdown(request) else Response(fact(digest))


class Digests(Call):
    """`GET /digests`."""

    @extend_schema(operation_id="digests", parameters=[Page], responses=digest_answers.DigestPage)
    def get(self, request: Request) -> Response | HttpResponse:
        """The digests that were posted, the newest first; `next_cursor` is there when there is more."""
        asked = self.read_query(Page)
        callers.notice(request, now=self.now)
        found, cursor = digests.page(limit=asked["limit"], before=asked.get("cursor"))
        if _wants_markdown(request):
            return _markdown(found)
        answer: dict[str, Any] = {"digests": [fact(digest) for digest in found]}
        return Response(answer | ({"next_cursor": str(cursor)} if cursor else {}))


def fact(digest: Digest) -> dict[str, Any]:
    """A digest as the API shows it."""
    return {
        "id": digest.pk,
        "at": digest.at,
        "since": digest.since,
        **digest.data,
        "text": digest.text,
    }


def _wants_markdown(request: Request) -> bool:
    return MARKDOWN in request.headers.get("Accept", "")


def _markdown(found: Sequence[Digest]) -> HttpResponse:
    text = "\n---\n\n".join(digest.text for digest in found)
    return HttpResponse(text, content_type=f"{MARKDOWN}; charset=utf-8", headers={"Vary": "Accept"})

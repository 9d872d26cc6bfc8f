"""The brief of a task: its whole story within a budget."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers
from tasks.api.calls import Call, find_task
from tasks.queries import briefs, stories

MARKDOWN = "text/markdown"
JSON = "application/json"


class Size(serializers.Serializer[Any]):
    """How long a brief may be, in tokens of 4 characters."""

    budget = serializers.IntegerField(
        min_value=briefs.LEAST,
        max_value=briefs.MOST,
        default=briefs.USUAL,
        help_text="Tokens of 4 characters.",
    )


class Brief(answers.Answer):
    """A brief in JSON, for whoever accepts that and no Markdown."""

    brief = serializers.CharField()


class TaskBrief(Call):
    """`GET /tasks/{id}/brief`."""

    @extend_schema(
        operation_id="brief", parameters=[Size], responses={(200, MARKDOWN): str, (200, JSON): Brief}
    )
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The whole story of a task in Markdown, for a session that starts cold; in JSON if only that is accepted."""
        budget = self.read_query(Size)["budget"]
        callers.notice(request, now=self.now)
        story = stories.of(find_task(ref).pk, longest=budget * briefs.CHARACTERS)
        text = briefs.build(story, budget=budget)
        headers = {"Vary": "Accept"}
        if _wants_json(request.headers.get("Accept", "")):
            return Response({"brief": text}, headers=headers)
        return HttpResponse(text, content_type=f"{MARKDOWN}; charset=utf-8", headers=headers)


def _wants_json(accept: str) -> bool:
    """Whether JSON is named, and text in no form: what a client sends that takes anything is no wish."""
    accepted = {one.split(";")[0].strip().lower() for one in accept.split(",")}
    return JSON in accepted and not any(one.startswith("text/") for one in accepted)

"""The figures of a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, fields, review_answers
from tasks.api.calls import Call
from tasks.queries import statistics

LONGEST = timedelta(days=366)
USUAL = timedelta(days=7)


class Period(serializers.Serializer[Any]):
    """How far back."""

    since = fields.Duration(required=False)

    def validate_since(self, value: int) -> int:
        if value > LONGEST.total_seconds():
            raise serializers.ValidationError("This takes up to 366d.")
        return value


class Stats(Call):
    """`GET /stats`."""

    @extend_schema(operation_id="stats", parameters=[Period], responses=review_answers.Statistics)
    def get(self, request: Request) -> Response:
        """Throughput, cycle time, review time and rejections of a period; times in seconds."""
        asked = self.read_query(Period)
        callers.notice(request, now=self.now)
        back = timedelta(seconds=asked["since"]) if "since" in asked else USUAL
        return Response(statistics.since(self.now - back, until=self.now))

"""Health: whether the server can do its work now."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

import agentboard
from tasks.api import problems
from tasks.api.calls import Call


class Health(Call):
    """`GET /health`."""

    @extend_schema(operation_id="health", responses=dict)
    def get(self, request: Request) -> Response | HttpResponse:
        """200 when the database answers, else 503 naming what is wrong."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM tasks_project")
        except DatabaseError as error:
            return problems.problem(
                503, "unavailable", f"The database does not answer: {str(error).strip()[:200]}",
                fix="Call again in a few seconds.", headers={"Retry-After": "5"},
            )  # fmt: skip
        return Response({"status": "ok", "version": agentboard.__version__, "database": connection.vendor})

"""The admin site: its first page answers what an operator asks first."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone


class OperatorsSite(AdminSite):
    """Django's site under the board's name."""

    site_header = site_title = "AgentBoard"
    index_title = "What needs you"
    site_url = "/board/"
    index_template = "admin/agentboard/index.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The questions with their answers, in a fixed number of queries; below them every list there is."""
        # Late: rooms that register their lists with the site cannot be there before it.
        from agentboard.admin import questions

        answers = questions.answers(now=timezone.now())
        return super().index(request, {"answers": answers} | (extra_context or {}))

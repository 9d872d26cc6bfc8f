"""The admin site: its first page answers what an operator asks first."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

_ORDER = {label: place for place, label in enumerate(("tasks", "channels_app", "agentboard", "django_q"))}


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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What there is, the board first and Django's own last; the scheduler's rows are not called tasks."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for one in app["models"]:
                one["name"] = capfirst(self.get_model_admin(one["model"]).opts.verbose_name_plural)
        return sorted(apps, key=lambda app: _ORDER.get(app["app_label"], len(_ORDER)))

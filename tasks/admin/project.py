"""Projects: what separates one team's queue from another's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.refusing import Refusable, RefusableForm
from tasks.domain import projects
from tasks.models import Project


class ProjectForm(RefusableForm):
    """A project's name."""

    class Meta:
        model = Project
        fields = ["name"]


@admin.register(Project)
class ProjectAdmin(Refusable):
    """Added, and read; a project is never renamed."""

    filled_by = "Add a project, or write a task, which makes main."
    form = ProjectForm
    ordering = ["name"]
    list_display = ["name", "created_at", "its_tasks"]
    search_fields = ["name"]

    def get_fields(self, request: HttpRequest, obj: Project | None = None) -> Any:
        return ["name", "created_at", "its_tasks"] if obj else ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Project | None = None) -> Any:
        return ["created_at", "its_tasks"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        obj.pk = projects.find_or_create(form.cleaned_data["name"], now=timezone.now()).pk
        obj.refresh_from_db()

    @admin.display(description="Tasks")
    def its_tasks(self, project: Project) -> SafeString:
        """Where its tasks are listed."""
        return showing.listing("task", "its tasks", f"project={project.name}")

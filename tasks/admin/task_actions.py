"""Repair: the verbs on selected tasks, with a page that asks first and a report for each task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from tasks.admin import operators, refusing, task_verbs
from tasks.admin.listing import Listed
from tasks.admin.task_verbs import Verb
from tasks.domain.refusals import Refusal
from tasks.models import Task
from tasks.queries import references

MOST_AT_ONCE = 100


class TaskActions(Listed):
    """The actions of the task list, which are the buttons of a task's page too."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not self.has_change_permission(request):
            return {}
        return {verb.name: (_action(verb), verb.name, verb.title) for verb in task_verbs.VERBS.values()}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Task], *where: Any) -> Any:
        """The page that asks, or what was done. An id that is none is refused before the database sees it."""
        if not all(map(references.task_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            self.message_user(request, "Choose tasks from the list.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *where)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        task = context["original"]
        if task and self.has_change_permission(request, task):
            context["verbs"] = [verb for verb in task_verbs.VERBS.values() if verb.becomes(task)]
        return super().render_change_form(request, context, *args, **kwargs)

    def ask_or_do(self, request: HttpRequest, queryset: QuerySet[Task], verb: Verb) -> HttpResponse | None:
        """The verb on the selected tasks: a page that says what it will do, then the deed."""
        chosen = queryset
        if "confirmed" in request.POST:
            # By id: what has left the list since it was shown is reported, not passed over.
            chosen = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        tasks = list(chosen.select_related("assignee").order_by("pk")[: MOST_AT_ONCE + 1])
        if len(tasks) > MOST_AT_ONCE:
            text = (
                f"{verb.title} takes up to {MOST_AT_ONCE} tasks at once; narrow the list. Nothing was done."
            )
            self.message_user(request, text, messages.WARNING)
            return None
        form = verb.asks(request.POST) if "confirmed" in request.POST else _asked(verb, tasks)
        if not form.is_valid():
            return self._ask(request, tasks, verb, form)
        self._do(request, tasks, verb, form.cleaned_data)
        if "from_page" in request.POST and len(tasks) == 1:
            return HttpResponseRedirect(reverse("admin:tasks_task_change", args=[tasks[0].pk]))
        return None

    def _ask(self, request: HttpRequest, tasks: list[Task], verb: Verb, form: forms.Form) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{verb.title}: {len(tasks)} task{'' if len(tasks) == 1 else 's'}",
            "verb": verb,
            "form": form,
            "media": self.media + form.media,
            "fates": [(task, verb.becomes(task)) for task in tasks],
            "checkbox": ACTION_CHECKBOX_NAME,
            "from_page": "from_page" in request.POST,
        }
        return TemplateResponse(request, "admin/tasks/task/confirm.html", context)

    def _do(self, request: HttpRequest, tasks: list[Task], verb: Verb, given: dict[str, Any]) -> None:
        now = timezone.now()
        by = operators.acting(request, now=now)
        done = []
        for task in tasks:
            try:
                verb.call(task, by=by, now=now, **given)
            except (Refusal, IntegrityError) as refusal:
                text = f"{task.ref} is left as it was. {refusing.sentence(refusal)}"
                self.message_user(request, text, messages.WARNING)
            else:
                self.log_change(request, task, ": ".join([verb.title, *map(_said, given.values())]))
                done.append(task.ref)
        if done:
            self.message_user(request, f"{verb.title}: {', '.join(done)}.", messages.SUCCESS)


def _asked(verb: Verb, tasks: list[Task]) -> forms.Form:
    return verb.asks(initial=verb.starts(tasks[0]) if len(tasks) == 1 else {})


def _said(given: object) -> str:
    """What was typed, for the admin's own history."""
    if isinstance(given, list):
        return "; ".join(map(str, given))
    return str(given or "nobody")


def _action(verb: Verb) -> Callable[[TaskActions, HttpRequest, QuerySet[Task]], HttpResponse | None]:
    @admin.action(description=verb.title)
    def act(door: TaskActions, request: HttpRequest, tasks: QuerySet[Task]) -> HttpResponse | None:
        return door.ask_or_do(request, tasks, verb)

    return act

"""Acting on selected rows: a page that asks first and says what will happen, then the deed and a report for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from tasks import operators
from tasks.admin import refusing
from tasks.admin.listing import Listed
from tasks.admin.verbs import Verb
from tasks.domain.refusals import Refusal

MOST_AT_ONCE = 100


class Acting(Listed):
    """The `verbs` are the actions of the list, and the buttons of a row's page too, as far as they apply to it."""

    verbs: Mapping[str, Verb] = {}
    # What an id of a row looks like: what does not is refused before the database sees it.
    ids = re.compile(r"[1-9][0-9]{0,17}")
    # What the pages that ask need of each row.
    acted_on_with: tuple[str, ...] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not self.may_act(request):
            return {}
        return {verb.name: (_action(verb), verb.name, verb.title) for verb in self.verbs.values()}

    def may_act(self, request: HttpRequest) -> bool:
        """Whether the person may do anything here."""
        return self.has_change_permission(request)

    def described(self, row: Any) -> tuple[str, str, str]:
        """What a row is called, what it is about and how it is, for the page that asks."""
        return str(row), "", ""

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any) -> Any:
        """The page that asks, or what was done."""
        if not all(map(self.ids.fullmatch, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            self.message_user(request, "Choose from the list.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *where)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context["original"]
        if row and self.may_act(request):
            # An action on one row is an action of the list.
            context["verbs"] = [verb for verb in self.verbs.values() if verb.becomes(row)]
            context["list_address"] = self._address()
        return super().render_change_form(request, context, *args, **kwargs)

    def ask_or_do(self, request: HttpRequest, queryset: QuerySet[Any], verb: Verb) -> HttpResponse | None:
        """The verb on the selected rows: a page that says what it will do, then the deed."""
        chosen = queryset
        if "confirmed" in request.POST:
            # By id: what has left the list since it was shown is reported, not passed over.
            chosen = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        if self.acted_on_with:
            chosen = chosen.select_related(*self.acted_on_with)
        found = chosen.order_by("pk")[: MOST_AT_ONCE + 1]
        rows = self.complete(list(found))
        if len(rows) > MOST_AT_ONCE:
            text = f"{verb.title} takes up to {MOST_AT_ONCE} {self.opts.verbose_name_plural} at once;"
            self.message_user(request, f"{text} narrow the list. Nothing was done.", messages.WARNING)
            return None
        form = verb.asks(request.POST) if "confirmed" in request.POST else _asked(verb, rows)
        if not form.is_valid():
            return self._ask(request, rows, verb, form)
        self._do(request, rows, verb, form.cleaned_data)
        if "from_page" in request.POST and len(rows) == 1:
            return HttpResponseRedirect(self._address(rows[0]))
        return None

    def _ask(self, request: HttpRequest, rows: list[Any], verb: Verb, form: forms.Form) -> HttpResponse:
        many = self.opts.verbose_name_plural if len(rows) != 1 else self.opts.verbose_name
        fates = verb.fates(rows, now=timezone.now())
        from_page = "from_page" in request.POST
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{verb.title}: {len(rows)} {many}",
            "verb": verb,
            "form": form,
            "media": self.media + form.media,
            "fates": [
                (row, self._address(row), self.described(row), fate)
                for row, fate in zip(rows, fates, strict=True)
            ],
            "explains": any(fate.says for fate in fates),
            "all_ticked": "confirmed" in request.POST,
            "checkbox": ACTION_CHECKBOX_NAME,
            "from_page": from_page,
            "back": self._address(rows[0]) if from_page and rows else self._address(),
            "list_address": self._address(),
        }
        return TemplateResponse(request, "admin/tasks/confirm.html", context)

    def _do(self, request: HttpRequest, rows: list[Any], verb: Verb, given: dict[str, Any]) -> None:
        now = timezone.now()
        by = operators.acting(request, now=now)
        done = []
        for row in rows:
            name = self.described(row)[0]
            why = request.POST.get(f"why-{row.pk}", "")
            try:
                told = verb.do(row, why=why, by=by, now=now, **given)
            except (Refusal, IntegrityError) as refusal:
                text = f"{name} is left as it was. {refusing.sentence(refusal)}"
                self.message_user(request, text, messages.WARNING)
            else:
                self.log_change(request, row, ": ".join([verb.title, *map(_said, given.values())]))
                done.append(f"{name} ({told})" if isinstance(told, str) else name)
        if done:
            self.message_user(request, f"{verb.title}: {', '.join(done)}.", messages.SUCCESS)

    def _address(self, row: Model | None = None) -> str:
        kind = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return reverse(f"{kind}_change", args=[row.pk]) if row else reverse(f"{kind}_changelist")


def _asked(verb: Verb, rows: list[Any]) -> forms.Form:
    return verb.asks(initial=verb.starts(rows[0]) if len(rows) == 1 else {})


def _said(given: object) -> str:
    """What was typed, for the admin's own history."""
    if isinstance(given, list):
        return "; ".join(map(str, given))
    return str(given or "nobody")


def _action(verb: Verb) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    @admin.action(description=verb.title)
    def act(door: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return cast(Acting, door).ask_or_do(request, rows, verb)

    return act

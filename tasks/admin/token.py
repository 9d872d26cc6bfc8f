"""Tokens: whose they are, when each was used last, and taking one away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import operators
from tasks.admin import fields, showing
from tasks.admin.refusing import Refusable, RefusableForm, sentence
from tasks.domain import tokens
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Token

_SHOWN = ["prefix", "agent", "label", "created_by", "created_at", "expires_at", "revoked_at", "last_used_at"]


class TokenForm(RefusableForm):
    """A token to be."""

    agent = forms.ModelChoiceField(queryset=Agent.objects.order_by("name"))
    label = forms.CharField(max_length=60, required=False, help_text="What it is for, such as the machine.")
    lives = fields.Duration(help_text="How long it is good: 90d. Empty: until it is revoked.")

    class Meta:
        model = Token
        fields = ["agent", "label"]


class Good(admin.SimpleListFilter):
    """Tokens that let somebody in, or no more, as `Token.state` says."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state) for state in ("good", "expired", "revoked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Token]) -> QuerySet[Token]:
        state = self.value()
        if state == "revoked":
            return queryset.filter(revoked_at__isnull=False)
        has_expired = Q(expires_at__lte=timezone.now())
        if state == "expired":
            return queryset.filter(has_expired, revoked_at=None)
        return queryset.exclude(has_expired).filter(revoked_at=None) if state == "good" else queryset


@admin.register(Token)
class TokenAdmin(Refusable):
    """Newest first. A token is shown once, when it is made."""

    filled_by = "Add a token to let an agent in where the server asks for one."
    form = TokenForm
    list_display = ["prefix", "agent", "label", "state", "used", "created_by", "created_at"]
    list_select_related = ["agent", "created_by"]
    list_filter = [Good]
    search_fields = ["prefix", "agent__name", "label"]
    search_help_text = "An agent, a label, or the eight letters after ab_."
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        # The list has an action; a token itself is never edited.
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> Any:
        return _SHOWN if obj else ["agent", "label", "lives"]

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        given, now = form.cleaned_data, timezone.now()
        lives = timedelta(seconds=given["lives"]) if given["lives"] else None
        by = operators.acting(request, now=now)
        issued = tokens.issue(given["agent"], by=by, now=now, label=given["label"], lives=lives)
        obj.pk = issued.token.pk
        obj.refresh_from_db()
        text = format_html("The token, shown this once: <code>{}</code>", issued.secret)
        messages.success(request, text)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Token]) -> None:
        """Let the chosen tokens in no more."""
        done = []
        for token in chosen.order_by("pk"):
            try:
                tokens.revoke(token.prefix, by=None, now=timezone.now())
            except Refusal as refusal:
                self.message_user(request, sentence(refusal), messages.WARNING)
            else:
                self.log_change(request, token, "Revoked")
                done.append(str(token))
        if done:
            self.message_user(request, f"Revoked: {', '.join(done)}", messages.SUCCESS)

    @admin.display(description="State")
    def state(self, token: Token) -> str:
        """Good, revoked or expired."""
        return token.state(now=timezone.now())

    @admin.display(description="Used")
    def used(self, token: Token) -> SafeString | str:
        """How long ago it was used."""
        return showing.age(token.last_used_at, now=timezone.now()) or "never"

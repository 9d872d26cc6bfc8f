"""Webhooks: made, changed, tried, turned off and on; each action is one domain call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import operators
from tasks.admin import fields, refusing, showing
from tasks.admin.refusing import Refusable, RefusableForm
from tasks.domain import webhooks
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Delivery, Webhook

_KEPT_BY_THE_BOARD = ["failures", "failing_since", "resting_until", "cursor", "created_by", "created_at"]
_SHOWN = 50
_SECRET = "The secret of {} is {}. Give it to the receiver now: it is not shown again."


class WebhookForm(RefusableForm):
    """Where to send what."""

    kinds = fields.Names(
        longest=40,
        most=100,
        lower=True,
        help_text="Such as task.approved, with commas; docs/webhooks.md lists them. Empty: all.",
    )

    class Meta:
        model = Webhook
        fields = ["url", "project"]
        labels = {"url": "URL"}
        widgets = {"url": forms.TextInput(attrs={"class": "vLargeTextField"})}
        help_texts = {
            "url": "https:// or http://; an address that is not public must be allowed by AGENTBOARD_WEBHOOK_PRIVATE.",
            "project": "Only what happens to its tasks. Empty: everything on the board.",
        }


def _acting(
    title: str, call: Callable[..., object], done: str
) -> Callable[[Any, HttpRequest, QuerySet[Webhook]], None]:
    @admin.action(description=title, permissions=["change"])
    def act(door: WebhookAdmin, request: HttpRequest, chosen: QuerySet[Webhook]) -> None:
        now = timezone.now()
        by = operators.acting(request, now=now)
        for webhook in chosen.order_by("pk"):
            try:
                call(webhook, by=by, now=now)
            except Refusal as refusal:
                door.message_user(request, refusing.sentence(refusal), messages.WARNING)
            else:
                door.log_change(request, webhook, title)
                door.message_user(request, done.format(webhook), messages.SUCCESS)
                if call is webhooks.renew_secret:
                    door.show_secret(request, webhook)

    return act


@admin.register(Webhook)
class WebhookAdmin(Refusable):
    """Newest first; the page of one shows its last deliveries."""

    filled_by = "Add a webhook to have another server told what happens on the board."
    form = WebhookForm
    change_form_template = "admin/tasks/webhook/change_form.html"
    list_display = ["id", "to", "told_of", "project", "state", "failures"]
    list_select_related = ["project"]
    readonly_fields = ["state", *_KEPT_BY_THE_BOARD, "last_deliveries"]
    actions = ["test", "disable", "enable", "renew_secret"]

    test = _acting(
        "Send a test event", webhooks.test, "A test event goes to {}; its deliveries tell how it went."
    )
    disable = _acting("Turn off", webhooks.disable, "Nothing more is sent to {}.")
    enable = _acting("Turn on", webhooks.enable, "What waits for {} is sent, and what happens from now on.")
    renew_secret = _acting(
        "New secret", webhooks.renew_secret, "The old secret of {} is good for nothing now."
    )

    def get_fieldsets(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        told = (None, {"fields": ["url", "kinds", "project"]})
        if obj is None:
            return [told]
        return [
            (None, {"fields": ["state"]}),
            told,
            ("What was sent", {"fields": ["last_deliveries"]}),
            ("Kept by the board", {"fields": _KEPT_BY_THE_BOARD}),
        ]

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        now = timezone.now()
        by = operators.acting(request, now=now)
        changes = form.changes()
        if not change:
            obj.pk = self._make(request, changes, by=by, now=now).pk
        elif changes:
            webhooks.change(obj, by=by, now=now, **changes)
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        webhook = context["original"]
        if webhook and self.has_change_permission(request, webhook):
            unfit = "disable" if webhook.disabled_at else "enable"
            offered = self.get_action_choices(request, default_choices=[])
            context["actions_here"] = [(name, title) for name, title in offered if name != unfit]
        return super().render_change_form(request, context, *args, **kwargs)

    def show_secret(self, request: HttpRequest, webhook: Webhook) -> None:
        """Show it on the next page, to this operator, once."""
        shown = format_html(_SECRET, webhook, format_html("<code>{}</code>", webhooks.secret(webhook)))
        self.message_user(request, shown, messages.WARNING)

    @admin.display(description="URL")
    def to(self, webhook: Webhook) -> str:
        """Where it leads; without the query, which may hold a key."""
        return webhook.url.partition("?")[0]

    @admin.display(description="Kinds")
    def told_of(self, webhook: Webhook) -> str:
        """What it is told of."""
        return ", ".join(webhook.kinds) or "all"

    @admin.display(description="Now")
    def state(self, webhook: Webhook) -> SafeString | str:
        """Whether it is on and how it goes."""
        now = timezone.now()
        if webhook.disabled_at:
            since = showing.age(webhook.disabled_at, now=now)
            return format_html('<b class="stale">off</b> for {}: {}', since, webhook.disabled_why)
        if webhook.failing_since:
            return format_html(
                '<b class="stale">failing</b> for {}, failures in a row: {}',
                showing.age(webhook.failing_since, now=now),
                webhook.failures,
            )
        return "on"

    @admin.display(description=f"Deliveries (last {_SHOWN})")
    def last_deliveries(self, webhook: Webhook) -> str:
        """What was sent, and what became of it."""
        now = timezone.now()
        newest = Delivery.objects.filter(webhook=webhook).select_related("event").order_by("-pk")[:_SHOWN]
        rows = [
            [
                showing.delivery_link(one.pk),
                showing.age(one.created_at, now=now),
                one.event.kind,
                showing.task_link(one.event.task_id),
                one.state,
                one.tries,
                one.status or one.answer,
            ]
            for one in newest
        ]
        every = showing.listing("delivery", "All of them", f"webhook={webhook.pk}")
        return showing.table(
            ["delivery", "ago", "event", "task", "state", "tries", "last answer"], rows, more=every
        )

    def _make(self, request: HttpRequest, given: dict[str, Any], *, by: Agent, now: datetime) -> Webhook:
        webhook = webhooks.create(**given, by=by, now=now)
        self.show_secret(request, webhook)
        return webhook

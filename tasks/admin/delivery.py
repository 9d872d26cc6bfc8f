"""Deliveries: what was sent to webhooks and what became of it; any of them can be sent again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from tasks.admin import refusing, showing
from tasks.admin.listing import ReadOnly
from tasks.domain import deliveries
from tasks.domain.refusals import Refusal
from tasks.models import Delivery, Webhook

_MOST_AT_ONCE = 100


class OfWebhook(admin.SimpleListFilter):
    """Deliveries to one webhook."""

    title = "webhook"
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those there are."""
        return [
            (str(one.pk), f"{one.pk} {one.url.partition('?')[0]:.60}")
            for one in Webhook.objects.order_by("pk")[:100]
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Its deliveries."""
        value = self.value()
        return queryset.filter(webhook_id=int(value)) if value and value.isdecimal() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Newest first."""

    filled_by = "What happens on the board is sent to the webhooks there are, and kept here for some days."
    change_form_template = "admin/tasks/webhook/change_form.html"
    list_display = [
        "id",
        "webhook",
        "kind",
        "of_task",
        "state",
        "tries",
        "status",
        "answer",
        "next_try",
        "ago",
    ]
    list_filter = ["state", OfWebhook]
    list_select_related = ["webhook", "event"]
    fields = [
        *("webhook", "event", "state", "tries", "status", "answer"),
        *("next_try_at", "tried_at", "ended_at", "created_at"),
    ]
    actions = ["send_again"]

    @admin.action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Have them sent under their names, whatever became of them."""
        now = timezone.now()
        sent = 0
        for delivery in chosen.select_related("webhook").order_by("pk")[:_MOST_AT_ONCE]:
            try:
                deliveries.send_again(delivery, now=now)
            except Refusal as refusal:
                self.message_user(request, f"{delivery}: {refusing.sentence(refusal)}", messages.WARNING)
            else:
                self.log_change(request, delivery, "Send again")
                sent += 1
        if sent:
            self.message_user(request, f"{sent} will be sent again within seconds.", messages.SUCCESS)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Sending again is a matter of those who may change webhooks."""
        return request.user.has_perm("tasks.change_webhook")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["actions_here"] = self.get_action_choices(request, default_choices=[])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Event")
    def kind(self, delivery: Delivery) -> str:
        """What happened."""
        return delivery.event.kind

    @admin.display(description="Task")
    def of_task(self, delivery: Delivery) -> SafeString | str:
        """To which task."""
        return showing.task_link(delivery.event.task_id)

    @admin.display(description="Next try")
    def next_try(self, delivery: Delivery) -> SafeString | str:
        """When it is tried next."""
        return showing.age(delivery.next_try_at, now=timezone.now())

    @admin.display(description="Ago")
    def ago(self, delivery: Delivery) -> SafeString | str:
        """How long ago it was written down."""
        return showing.age(delivery.created_at, now=timezone.now())

"""Channels: made here as elsewhere; what one is about can be changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_app.domain import channels, limits
from channels_app.models import Channel
from tasks import operators
from tasks.admin import showing
from tasks.admin.refusing import Refusable, RefusableForm


class ChannelForm(RefusableForm):
    """A channel's name, given once, and its topic."""

    topic = forms.CharField(max_length=limits.TOPIC, required=False)

    class Meta:
        model = Channel
        fields = ["name", "topic"]


@admin.register(Channel)
class ChannelAdmin(Refusable):
    """By name, with how many messages there are and when the last one came."""

    filled_by = "Add a channel for people and agents to talk in."
    change_form_template = "admin/tasks/change_form.html"
    form = ChannelForm
    ordering = ["name"]
    list_display = ["name", "topic", "its_messages", "last"]
    list_select_related = ["created_by"]
    search_fields = ["name", "topic"]

    def get_fields(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        kept = ["its_messages", "last_at", "created_by", "created_at"]
        return ["name", "topic", *(kept if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        return [*(["name"] if obj else []), "its_messages", "last_at", "created_by", "created_at"]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        now = timezone.now()
        by, told = operators.acting(request, now=now), form.changes()
        if not change:
            obj.pk = channels.make(told["name"], topic=told["topic"], by=by, now=now).pk
        elif told:
            channels.describe(obj, topic=told["topic"], by=by, now=now)
        obj.refresh_from_db()

    @admin.display(description="Messages")
    def its_messages(self, channel: Channel) -> SafeString:
        """How many there are, leading to them."""
        address = f"/admin/channels_app/message/?channel={channel.pk}"
        return format_html('<a href="{}">{}</a>', address, channel.last_number)

    @admin.display(description="Last (ago)")
    def last(self, channel: Channel) -> SafeString | str:
        """How long ago the last message came."""
        return showing.age(channel.last_at, now=timezone.now())

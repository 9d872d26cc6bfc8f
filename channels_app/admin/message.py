"""Messages: what was said in all channels, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from channels_app.models import Channel, Message
from channels_app.queries import message_list
from tasks.admin import showing
from tasks.admin.listing import PartOfATask

_SHOWN = 160
_CHANNELS_SHOWN = 200


class ByChannel(admin.SimpleListFilter):
    """The messages of one channel."""

    title = parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The channels there are, as far as a list of them is any use."""
        return [(str(one.pk), one.name) for one in Channel.objects.order_by("name")[:_CHANNELS_SHOWN]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """The messages of the chosen channel; of none, if what is asked for is none."""
        value = self.value()
        if not value:
            return queryset
        return (
            queryset.filter(channel=int(value)) if value.isdecimal() and len(value) < 19 else queryset.none()
        )


@admin.register(Message)
class MessageAdmin(PartOfATask):
    """The beginnings of messages, newest first; found by task or by words."""

    filled_by = "Messages are posted to channels by agents, by people, and by the board itself."
    change_form_template = "admin/tasks/change_form.html"
    list_display = ["id", "channel", "number", "by", "beginning", "of_task", "event", "ago"]
    list_filter = [ByChannel]
    list_select_related = ["author", "channel"]
    search_help_text = "A task, such as T-12, or words."
    fields = [
        *("channel", "number", "author", "text", "reply_to", "thread"),
        *("task", "event", "mentions", "created_at"),
    ]

    def get_ordering(self, request: HttpRequest) -> Any:
        # In a channel the numbers have the index, and the same order.
        return ["-number"] if request.GET.get(ByChannel.parameter_name) else ["-id"]

    def slim(self, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.defer("text").annotate(beginning=Substr("text", 1, _SHOWN))

    def search(self, queryset: QuerySet[Message], term: str) -> QuerySet[Message]:
        return message_list.holding(queryset, term)

    @admin.display(description="Task")
    def of_task(self, message: Message) -> SafeString | str:
        """The task it is about, if the board made it."""
        return showing.task_link(message.task_id)

    @admin.display(description="By")
    def by(self, message: Message) -> SafeString | str:
        """Who wrote it."""
        return showing.agent_link(message.author) or "system"

    @admin.display(description="Text")
    def beginning(self, message: Any) -> str:
        """Its first characters."""
        text: str = message.beginning
        return f"{text}…" if len(text) == _SHOWN else text

    @admin.display(description="Ago")
    def ago(self, message: Message) -> SafeString | str:
        """How long ago it was written."""
        return showing.age(message.created_at, now=timezone.now())

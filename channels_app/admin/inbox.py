"""Inboxes: who has read how much."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_app.models import Inbox
from tasks.admin.listing import ReadOnly


@admin.register(Inbox)
class InboxAdmin(ReadOnly):
    """One for each agent that anything was put into the inbox of; found by its name."""

    filled_by = "An agent has an inbox once there is anything to tell it."
    change_form_template = "admin/tasks/change_form.html"
    ordering = ["-pk"]
    list_display = ["name", "unread", "its_notices"]
    list_select_related = ["agent"]
    search_fields = ["agent__name"]
    search_help_text = "An agent's name."
    fields = ["agent", "last_number", "read_up_to", "its_notices"]
    readonly_fields = ["its_notices"]

    @admin.display(description="Agent")
    def name(self, inbox: Inbox) -> str:
        """Whose it is."""
        return inbox.agent.name

    @admin.display(description="Unread")
    def unread(self, inbox: Inbox) -> int:
        """How many notices it has not read."""
        return inbox.last_number - inbox.read_up_to

    @admin.display(description="Notices")
    def its_notices(self, inbox: Inbox) -> SafeString:
        """How many there are, leading to them."""
        address = f"/admin/channels_app/notice/?q={inbox.agent.name}"
        return format_html('<a href="{}">{}</a>', address, inbox.last_number)

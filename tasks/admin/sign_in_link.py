"""Sign-in links: who was let in by one, and when. The links themselves are shown to nobody."""

from __future__ import annotations

from django.contrib import admin

from tasks.admin.listing import ReadOnly
from tasks.models import SignInLink


@admin.register(SignInLink)
class SignInLinkAdmin(ReadOnly):
    """Newest first."""

    filled_by = "The server prints a link when it starts; another is made by the command agentboard sign-in."
    list_display = ["id", "user", "created_at", "expires_at", "used_at"]
    list_select_related = ["user"]
    fields = ["user", "created_at", "expires_at", "used_at"]

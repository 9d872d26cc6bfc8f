"""Digests: what was told, and when."""

from __future__ import annotations

from django.contrib import admin

from tasks.admin.listing import ReadOnly
from tasks.models import Digest


@admin.register(Digest)
class DigestAdmin(ReadOnly):
    """Newest first."""

    filled_by = "The scheduler posts a digest at the end of each period."
    list_display = ["id", "period", "at", "since"]
    fields = ["period", "at", "since", "text"]

"""Handoffs and blocks: to be read; they come from the holder's calls alone."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Block, Handoff


@admin.register(Handoff)
class HandoffAdmin(PartOfATask):
    """What the one who stopped told the one who went on, and what that one understood."""

    filled_by = "A holder who stops hands its task over with what is done, pending and to be minded."
    list_display = ["id", "of_task", "number", "passed_by", "passed_to", "created_at", "read_at"]
    list_select_related = ["by", "to"]
    fields = [
        "task", "number", "by", "to", "done", "pending", "gotchas", "created_at", "read_by", "read_at", "readback",
    ]  # fmt: skip

    @admin.display(description="Task")
    def of_task(self, handoff: Handoff) -> SafeString | str:
        """Its task."""
        return showing.task_link(handoff.task_id)

    @admin.display(description="From")
    def passed_by(self, handoff: Handoff) -> SafeString | str:
        """Who stopped."""
        return showing.agent_link(handoff.by)

    @admin.display(description="To")
    def passed_to(self, handoff: Handoff) -> SafeString | str:
        """Who was to go on."""
        return showing.agent_link(handoff.to)


@admin.register(Block)
class BlockAdmin(PartOfATask):
    """What stopped a task, and what became of it."""

    filled_by = "A holder who cannot go on blocks its task and says what it needs."
    list_display = ["id", "of_task", "number", "stopped_by", "reason", "needs", "created_at", "ended_at"]
    list_select_related = ["by"]
    fields = [
        "task", "number", "by", "reason", "needs", "waits", "created_at", "ended_at", "ended_by", "resolution",
    ]  # fmt: skip

    @admin.display(description="Task")
    def of_task(self, block: Block) -> SafeString | str:
        """Its task."""
        return showing.task_link(block.task_id)

    @admin.display(description="By")
    def stopped_by(self, block: Block) -> SafeString | str:
        """Who stopped it."""
        return showing.agent_link(block.by)

"""The shapes of answers, for the OpenAPI schema; the views build them, and a test holds the two together."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tasks.api import fields
from tasks.models import Comment, DoneVia, Status


class Answer(serializers.Serializer[Any]):
    """Base of the shapes."""


class Problem(Answer):
    """Every refusal: `code` is stable, `detail` is what is true now, `fix` is the one call to make next."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    fix = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class Criterion(Answer):
    """One done criterion."""

    id = serializers.IntegerField()
    text = serializers.CharField()


class Lease(Answer):
    """The right to act on a task."""

    token = serializers.IntegerField()
    expires_in = serializers.IntegerField(help_text="Seconds until the task may be taken back.")


class LogEntry(Answer):
    """What somebody wrote, as a packet shows it."""

    by = serializers.CharField()
    kind = serializers.ChoiceField(Comment.Kind.choices)
    text = serializers.CharField()
    ago = serializers.IntegerField(help_text="Seconds.")


class PacketTask(Answer):
    """A task as a packet shows it."""

    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Status.choices)
    priority = fields.Priority()
    assignee = serializers.CharField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    done_criteria = Criterion(many=True)
    depends_on = serializers.ListField(child=serializers.CharField())
    labels = serializers.ListField(child=serializers.CharField())
    attempts = serializers.IntegerField()
    rejections = serializers.IntegerField()


class Also(Answer):
    """What else waits for the agent."""

    reviews_waiting = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="In your inbox.")


class Finding(Answer):
    """The verdict on one criterion."""

    id = serializers.IntegerField()
    met = serializers.BooleanField()
    note = serializers.CharField()


class Feedback(Answer):
    """The review that rejected the newest submission, until there is a newer one."""

    submission = serializers.IntegerField()
    by = serializers.CharField()
    comment = serializers.CharField(allow_blank=True)
    criteria = Finding(many=True)


class PacketHandoff(Answer):
    """What the one before left for you; to be read back before anything else if `readback_needed`."""

    id = serializers.IntegerField()
    done = serializers.CharField()
    pending = serializers.CharField()
    gotchas = serializers.CharField()
    readback_needed = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.CharField(), **super().get_fields()}


class Packet(Answer):
    """A task that is yours, with all you need to start or resume it."""

    task = PacketTask()
    lease = Lease()
    handoff = PacketHandoff(allow_null=True)
    feedback = Feedback(allow_null=True)
    log = LogEntry(many=True)
    log_earlier = serializers.IntegerField(required=False, help_text="Entries left out.")
    also = Also()
    resumed = serializers.BooleanField()
    next_step = serializers.CharField()


class PacketOrNothing(Packet):
    """A packet, or `task` null with the reason, when to ask again, and counts (each stops at 1,000)."""

    task = PacketTask(allow_null=True)
    lease = Lease(required=False)
    handoff = PacketHandoff(allow_null=True, required=False)
    feedback = Feedback(allow_null=True, required=False)
    log = LogEntry(many=True, required=False)
    also = Also(required=False)
    resumed = serializers.BooleanField(required=False)
    next_step = serializers.CharField(required=False)
    reason = serializers.ChoiceField(
        ["nothing_ready", "waiting_on_dependencies", "no_matching_skills", "paused"], required=False
    )
    retry_after = serializers.IntegerField(required=False)
    other_skills = serializers.IntegerField(required=False)
    waiting = serializers.IntegerField(required=False)
    reserved = serializers.IntegerField(required=False)
    paused_until = serializers.DateTimeField(required=False)
    hint = serializers.CharField(required=False)


class Packets(Answer):
    """The packets of all tasks an agent holds."""

    tasks = Packet(many=True)


class TaskLine(Answer):
    """A task in a list."""

    id = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    priority = fields.Priority()
    project = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    labels = serializers.ListField(child=serializers.CharField())
    ready = serializers.BooleanField()
    stale = serializers.BooleanField()
    attempts = serializers.IntegerField()
    rejections = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    asks_human = serializers.CharField(required=False, help_text="What a human is asked to decide.")


class TaskPage(Answer):
    """A page of a list."""

    tasks = TaskLine(many=True)
    next_cursor = serializers.CharField(required=False)
    hint = serializers.CharField(required=False)


class Holder(Answer):
    """Who holds a task."""

    agent = serializers.CharField()
    alive = serializers.BooleanField()
    since = serializers.DateTimeField()
    last_word = serializers.DateTimeField()
    expires_in = serializers.IntegerField()


class OpenBlock(Answer):
    """What stops a task: why, and what is needed from whom; `waits`: it ends by itself."""

    id = serializers.IntegerField()
    by = serializers.CharField()
    reason = serializers.CharField()
    needs = serializers.CharField()
    waits = serializers.BooleanField()
    since = serializers.DateTimeField()


class WholeTask(TaskLine):
    """Everything a task says."""

    description = serializers.CharField(allow_blank=True)
    done_criteria = Criterion(many=True)
    depends_on = serializers.ListField(child=serializers.CharField())
    skills = serializers.ListField(child=serializers.CharField())
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    created_by = serializers.CharField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    status_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    not_before = serializers.DateTimeField(allow_null=True)
    reserved_until = serializers.DateTimeField(allow_null=True)
    stale_after = fields.Duration(allow_null=True)
    reason = serializers.CharField(required=False, help_text="Why a todo task is not ready.")
    holder = Holder(required=False)
    block = OpenBlock(required=False)
    done_via = serializers.ChoiceField(DoneVia.choices, required=False)
    finished_at = serializers.DateTimeField(required=False)
    origin = serializers.DictField(required=False, help_text="What an import kept that has no field.")


class Receipt(Answer):
    """What a write did; `?include=task` adds the task."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    reason = serializers.CharField(required=False, help_text="Why the task is not ready.")
    new_agents = serializers.ListField(child=serializers.CharField(), required=False)
    task = WholeTask(required=False)


class BatchReceipt(Answer):
    """What a batch did, in the order of its tasks."""

    tasks = Receipt(many=True)
    new_agents = serializers.ListField(child=serializers.CharField(), required=False)


class CommentReceipt(Answer):
    """What a comment did."""

    id = serializers.IntegerField()
    on = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    expires_in = serializers.IntegerField(required=False, help_text="While you hold the task.")
    task = WholeTask(required=False)


class CommentEntry(Answer):
    """One comment of a log."""

    id = serializers.IntegerField()
    by = serializers.CharField()
    kind = serializers.ChoiceField(Comment.Kind.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class CommentPage(Answer):
    """A part of a log, oldest first."""

    comments = CommentEntry(many=True)
    next_since = serializers.IntegerField(required=False)

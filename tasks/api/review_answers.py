"""The shapes of answers about submissions, reviews and the figures of a period; see `answers`."""

from __future__ import annotations

from rest_framework import serializers

from tasks.api import answers
from tasks.models import Status


class SubmissionReceipt(answers.Answer):
    """What a submission did; `reviewer` null: anyone who has not worked on the task may review it."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    submission = serializers.IntegerField()
    reviewer = serializers.CharField(allow_null=True)
    task = answers.WholeTask(required=False)


class AmendmentReceipt(answers.Answer):
    """What an amendment did."""

    id = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    version = serializers.IntegerField()
    task = answers.WholeTask(required=False)


class EvidenceShown(answers.Answer):
    """Why the worker believes that a criterion is met."""

    criterion = serializers.IntegerField()
    text = serializers.CharField()


class ArtifactShown(answers.Answer):
    """Something the work left behind."""

    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()


class SubmissionShown(answers.Answer):
    """A submission as a reviewer reads it."""

    id = serializers.IntegerField()
    by = serializers.CharField()
    summary = serializers.CharField()
    evidence = EvidenceShown(many=True)
    artifacts = ArtifactShown(many=True)
    caveats = serializers.CharField(allow_blank=True)


class ReviewPacketOrNothing(answers.Answer):
    """A submission that is yours to judge, or `task` null."""

    task = answers.PacketTask(allow_null=True)
    submission = SubmissionShown(required=False)
    log = answers.LogEntry(many=True, required=False)
    next_step = serializers.CharField(required=False)
    retry_after = serializers.IntegerField(required=False)


class ReviewLine(answers.Answer):
    """A task that waits for a review."""

    task = serializers.CharField()
    title = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()
    review_until = serializers.DateTimeField(allow_null=True)


class ReviewPage(answers.Answer):
    """What waits for a review."""

    reviews = ReviewLine(many=True)
    next_after = serializers.IntegerField(required=False)


class Spread(answers.Answer):
    """Seconds; null where there is nothing to measure."""

    median = serializers.FloatField(allow_null=True)
    p85 = serializers.FloatField(allow_null=True)


class Figures(answers.Answer):
    """What is counted; the rate is of rejections among reviews."""

    done = serializers.IntegerField()
    overridden = serializers.IntegerField()
    rejected = serializers.IntegerField()
    rejection_rate = serializers.FloatField(allow_null=True)
    cycle_time = Spread()


class FiguresOfDay(answers.Answer):
    """What was finished on a day (UTC)."""

    day = serializers.DateField()
    done = serializers.IntegerField()


class FiguresOfAgent(Figures):
    """For the tasks an agent did."""

    agent = serializers.CharField()


class FiguresOfLabel(Figures):
    """For the tasks that have a label."""

    label = serializers.CharField()  # type: ignore[assignment]


class Statistics(Figures):
    """The figures of a period."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    review_time = Spread()
    throughput = FiguresOfDay(many=True)
    by_agent = FiguresOfAgent(many=True)
    agents_left_out = serializers.IntegerField(help_text="Beyond the 100 with the most.")
    by_label = FiguresOfLabel(many=True)
    labels_left_out = serializers.IntegerField()

"""Reviews: the one judgement of a submission, and its verdict on each criterion."""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.criterion import Criterion
from tasks.models.submission import Submission
from tasks.models.task import Task


class Review(models.Model):
    """Who judged a submission, and how. There is one for each submission: of two at the same instant, one counts.

    The database refuses a review by a worker of the task, and one of a submission that was voided.
    """

    class Judgement(models.TextChoices):
        APPROVE = "approve"
        REJECT = "reject"

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="review")
    reviewer = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="reviews")
    judgement = models.CharField(max_length=7, choices=Judgement)
    comment = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="review_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(judgement__in=["approve", "reject"]), name="review_judgement_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.judgement} by {self.reviewer_id}"


class Verdict(models.Model):
    """Whether one criterion of one submission is met, and why."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="verdicts", db_index=False)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    met = models.BooleanField()
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="verdict_is_given_once"),
            models.CheckConstraint(condition=~models.Q(note=""), name="verdict_says_why"),
        ]

    def __str__(self) -> str:
        return self.note


class Override(models.Model):
    """A human closed a task without an approval, and says why. Never looks like one."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="overrides")
    human = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="overrides")
    reason = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="override_says_why")]

    def __str__(self) -> str:
        return self.reason

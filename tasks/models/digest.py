"""Digests: the state of the board as it was told, one for each period."""

from django.db import models


class Digest(models.Model):
    """What was told at `at` of what happened since `since`: `data` is all of it, `text` the Markdown of it.

    There is one for each `period` (its beginning), however many schedulers there are.
    """

    period = models.DateTimeField(unique=True)
    at = models.DateTimeField()
    since = models.DateTimeField()
    data = models.JSONField()
    text = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="digest_says_something")]

    def __str__(self) -> str:
        return f"digest of {self.at:%Y-%m-%d %H:%M}"

"""Webhooks: addresses that are told of events, and what became of each event that they are told of."""

from django.db import models
from django.db.models import Q

from tasks.models.agent import Agent
from tasks.models.event import Event
from tasks.models.project import Project


class Webhook(models.Model):
    """A URL that is told of events of these `kinds` (none named: of all), of one project or of the whole board.

    `key` is random and names it in what is sent. Its secret is not stored: it is derived from the server's secret key,
    `key` and `secret_version` (`tasks.domain.webhooks`). `cursor` is the number of the last event that was looked at.
    Whoever holds the lease `lease_token` until `leased_until` is the one that sends. `failures` counts the tries that
    failed in a row, the first at `failing_since`; until `resting_until` nothing is sent. `disabled_at` null: it is on.
    """

    url = models.CharField(max_length=2000)
    kinds = models.JSONField(default=list, blank=True)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=32, unique=True)
    secret_version = models.PositiveIntegerField(default=1)
    cursor = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    resting_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="webhook_speaks_http",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="webhook_has_a_key"),
            models.CheckConstraint(
                condition=Q(secret_version__gte=1) & Q(cursor__gte=0) & Q(lease_token__gte=0),
                name="webhook_counts_up",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True, resting_until__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
                name="webhook_fails_since_its_first_failure",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_why="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_why="")),
                name="webhook_is_off_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class Delivery(models.Model):
    """One event on its way to one webhook; `tries` counts those that were answered, or failed, and were written down.

    It is `waiting` for `next_try_at`, or it ended at `ended_at`. `status` and `answer` are of the last try: what the
    receiver answered, or why there was no answer (`status` null).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["webhook", "next_try_at", "id"], name="delivery_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["webhook", "id"], name="delivery_by_webhook"),
            models.Index(fields=["state", "id"], name="delivery_by_state"),
            models.Index(fields=["ended_at"], name="delivery_ended", condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            # The event first: SQLite looks from an event at what refers to it, at every write of one.
            models.UniqueConstraint(fields=["event", "webhook"], name="delivery_of_an_event_is_one"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["delivered", "given_up"], next_try_at__isnull=True, ended_at__isnull=False),
                name="delivery_waits_or_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(tries__gt=0, status__isnull=False),
                name="delivery_was_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

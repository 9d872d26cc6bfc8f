"""Tasks: the facts of a unit of work, and the constraints that keep an impossible one from existing."""

from django.db import models
from django.db.models import F, Q

from tasks.models.agent import Agent
from tasks.models.lane import Lane
from tasks.models.project import Project


class Status(models.TextChoices):
    """The states of a task. `tasks.domain.lifecycle` is the only code that writes one."""

    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    VALIDATING = "validating"
    DONE = "done"
    CANCELLED = "cancelled"


# Nothing more is to be done, and nobody waits for it.
FINISHED = frozenset({Status.DONE, Status.CANCELLED})


class DoneVia(models.TextChoices):
    """How a task came to be done."""

    APPROVAL = "approval"
    OVERRIDE = "override"
    IMPORT = "import"


class Task(models.Model):
    """A unit of work.

    A `doing` task has a holder: `assignee` with the current `lease_token` (which only grows) until
    `lease_expires_at`; `flagged_at` says when it was found to be stale.
    A `todo` task with an assignee is reserved for it until `reserved_until` (null: for good).
    With `readback_due` its next holder has a handoff to read back before it can do anything else with it.
    A `validating` task has the submission its `reviewer` judges until `review_until`; after that another may.
    `open_blockers` counts the dependencies that are not finished, `deferred` says that `not_before` has not been seen
    to pass; both are kept in the row so that `claimable`, and with it the queue's index, follows from the row alone.
    """

    title = models.CharField(max_length=300)
    description = models.TextField(blank=True, default="")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.TODO)
    status_since = models.DateTimeField()
    priority = models.PositiveSmallIntegerField(default=2)
    created_by = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="created", db_index=False
    )
    assignee = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned", db_index=False
    )
    reviewer = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="reviewing", db_index=False
    )
    reserved_until = models.DateTimeField(null=True, blank=True)

    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    criteria_version = models.PositiveSmallIntegerField(default=0)
    criteria_count = models.PositiveSmallIntegerField(default=0)
    open_blockers = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    deferred = models.BooleanField(default=False)
    claimable = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(status="todo", open_blockers=0, criteria_count__gt=0, deferred=False),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    lease_token = models.BigIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    stale_at = models.DateTimeField(null=True, blank=True)
    flagged_at = models.DateTimeField(null=True, blank=True)
    last_word_at = models.DateTimeField(null=True, blank=True)
    stale_after = models.PositiveIntegerField(
        null=True, blank=True, help_text="Seconds; null: the server's setting."
    )
    attempts = models.PositiveIntegerField(default=0)
    rejections = models.PositiveIntegerField(default=0)

    readback_due = models.BooleanField(default=False, db_default=False)
    review_until = models.DateTimeField(null=True, blank=True)
    asks_human = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="What a human is asked to decide."
    )

    due_at = models.DateTimeField(null=True, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    external_id = models.CharField(max_length=200, null=True, blank=True)
    origin = models.JSONField(
        null=True, blank=True, help_text="What the source of an import said that has no field."
    )
    done_via = models.CharField(max_length=8, choices=DoneVia, null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            # The ready queue and each agent's reserved part of it. The order is the order work is given out in.
            models.Index(
                fields=["lane", "priority", "created_at", "id"],
                name="task_queue",
                condition=Q(claimable=True, assignee__isnull=True),
            ),
            models.Index(
                fields=["assignee", "priority", "created_at", "id"],
                name="task_reserved",
                condition=Q(claimable=True, assignee__isnull=False),
            ),
            models.Index(
                fields=["assignee", "status_since", "id"], name="task_held", condition=Q(status="doing")
            ),
            # What falls due: each probe reads the few rows that are.
            models.Index(
                fields=["reserved_until"], name="task_lapsing", condition=Q(reserved_until__isnull=False)
            ),
            models.Index(fields=["not_before"], name="task_deferred", condition=Q(deferred=True)),
            models.Index(fields=["lease_expires_at"], name="task_overdue", condition=Q(status="doing")),
            models.Index(fields=["stale_at"], name="task_stale", condition=Q(status="doing")),
            models.Index(
                fields=["project", "open_blockers"],
                name="task_waiting",
                condition=Q(status="todo", open_blockers__gt=0),
            ),
            models.Index(
                fields=["reviewer", "status_since", "id"],
                name="task_to_review",
                condition=Q(status="validating"),
            ),
            models.Index(
                fields=["review_until"], name="task_review_overdue", condition=Q(status="validating")
            ),
            models.Index(
                fields=["status_since", "id"], name="task_blocked_since", condition=Q(status="blocked")
            ),
            models.Index(
                fields=["status_since", "id"], name="task_handed_in_since", condition=Q(status="validating")
            ),
            # The columns of the board, each in the order it is shown; those without one have theirs above.
            models.Index(
                fields=["priority", "created_at", "id"],
                name="task_ready_first",
                condition=Q(claimable=True),
            ),
            models.Index(
                fields=["project", "priority", "created_at", "id"],
                name="task_ready_of_project",
                condition=Q(claimable=True),
            ),
            models.Index(fields=["id"], name="task_not_ready", condition=Q(status="todo", claimable=False)),
            models.Index(
                fields=["status", "criteria_count"],
                name="task_without_criteria",
                condition=Q(status="todo", criteria_count=0),
            ),
            models.Index(fields=["status_since", "id"], name="task_held_since", condition=Q(status="doing")),
            models.Index(fields=["finished_at", "id"], name="task_done_at", condition=Q(status="done")),
            # By id, because SQLite takes a partial index for its order only.
            models.Index(fields=["id"], name="task_asks_human", condition=~Q(asks_human="")),
            # What a filter compares comes first: SQLite takes a partial index for that, or for its order, only.
            models.Index(
                fields=["status", "project", "open_blockers"],
                name="task_waits",
                condition=Q(status="todo", open_blockers__gt=0),
            ),
            models.Index(
                fields=["status", "assignee", "priority", "id"],
                name="task_kept",
                condition=Q(status="todo", assignee__isnull=False),
            ),
            models.Index(fields=["done_via", "id"], name="task_overridden", condition=Q(done_via="override")),
            # Lists, each read newest first.
            models.Index(fields=["status", "id"], name="task_by_status"),
            models.Index(fields=["project", "id"], name="task_by_project"),
            models.Index(fields=["priority", "id"], name="task_by_priority"),
            models.Index(
                fields=["assignee", "id"], name="task_by_assignee", condition=Q(assignee__isnull=False)
            ),
            models.Index(
                fields=["reviewer", "id"], name="task_by_reviewer", condition=Q(reviewer__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "external_id"],
                name="task_external_id_is_unique",
                condition=Q(external_id__isnull=False),
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="task_status_is_known"),
            models.CheckConstraint(condition=Q(priority__lte=3), name="task_priority_is_p0_to_p3"),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True) | Q(reviewer__isnull=True) | ~Q(assignee=F("reviewer")),
                name="task_assignee_is_not_the_reviewer",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        status="doing",
                        assignee__isnull=False,
                        lease_expires_at__isnull=False,
                        lease_token__gt=0,
                    )
                    & Q(stale_at__isnull=False, last_word_at__isnull=False, attempts__gt=0)
                )
                | (~Q(status="doing") & Q(lease_expires_at__isnull=True, stale_at__isnull=True)),
                name="task_lease_if_and_only_if_doing",
            ),
            models.CheckConstraint(
                condition=Q(flagged_at__isnull=True) | Q(status="doing"), name="task_flag_is_of_a_holder"
            ),
            models.CheckConstraint(
                condition=Q(reserved_until__isnull=True) | Q(status="todo", assignee__isnull=False),
                name="task_reservation_is_of_a_todo_task",
            ),
            models.CheckConstraint(
                # A null would make the whole condition null, and with that it would hold.
                condition=Q(
                    status="done",
                    done_via__isnull=False,
                    done_via__in=DoneVia.values,
                    finished_at__isnull=False,
                )
                | (~Q(status="done") & Q(done_via__isnull=True)),
                name="task_done_says_how",
            ),
            models.CheckConstraint(
                condition=Q(review_until__isnull=True) | Q(status="validating", reviewer__isnull=False),
                name="task_review_is_leased_while_validating",
            ),
            models.CheckConstraint(
                condition=Q(criteria_count__gt=0) | ~Q(status__in=["doing", "validating"]),
                name="task_in_work_has_criteria",
            ),
            models.CheckConstraint(
                condition=Q(readback_due=False) | ~Q(status="validating"),
                name="task_handed_in_was_read_back",
            ),
            models.CheckConstraint(
                condition=Q(deferred=False) | Q(not_before__isnull=False), name="task_deferred_until_a_time"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="task_is_not_its_own_parent"
            ),
        ]

    @property
    def ref(self) -> str:
        """The id people and agents write: `T-12`."""
        return f"T-{self.pk}"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

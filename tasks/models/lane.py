"""Lanes: the queues that together are the ready queue.

Every task stands in the lane of what decides who may be given it: its project, the skills it requires, its reviewer.
So an agent looks at the heads of the lanes it may take from, and a head is always a task it can have: a hundred
thousand tasks of foreign skills ahead of it cost nothing, where a filter over the queue would read them all.
"""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.project import Project


class Lane(models.Model):
    """One combination of project, required skills (sorted) and reviewer. Never changed, never deleted."""

    key = models.CharField(max_length=1500, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lanes")
    reviewer = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    skills = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.key

"""Projects: what separates one team's queue from another's on the same board."""

from django.db import models


class Project(models.Model):
    """A named part of the board; `main` is there from the start."""

    DEFAULT = "main"

    name = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

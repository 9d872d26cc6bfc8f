"""Projects: made by the first task that names one."""

from __future__ import annotations

import re
from datetime import datetime

from tasks.domain.refusals import Invalid
from tasks.models import Project

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


def clean_name(name: object) -> str:
    """The name lower-cased and checked; refused as Invalid."""
    if isinstance(name, str) and _NAME.fullmatch(name.strip().lower()):
        return name.strip().lower()
    raise Invalid(
        {"project": ["A project's name is 1 to 60 of a-z 0-9 . _ -, and starts with a letter or digit."]},
        fix="Call again with project set to such a name, or leave it out for main.",
    )


def find_or_create(name: object, *, now: datetime) -> Project:
    """The project of this name, made on first use."""
    project, _ = Project.objects.get_or_create(name=clean_name(name), defaults={"created_at": now})
    return project

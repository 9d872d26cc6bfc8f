"""Files of beads records for the tests of the imports."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tasks.domain.imports import beads
from tasks.domain.imports.summary import Summary
from tasks.models import Task

DATE = "2025-11-02T21:58:07.295058-08:00"


def record(name: str = "bd-1", /, **fields: Any) -> dict[str, Any]:
    """A record that needs no mapping, but for the given `fields` (... leaves one out); `blocks` names its blockers."""
    links = [
        {"depends_on_id": other, "type": "blocks", "created_at": DATE} for other in fields.pop("blocks", ())
    ]
    whole = {
        "id": name,
        "title": f"Do {name}",
        "status": "open",
        "priority": 1,
        "issue_type": "task",
        "created_at": DATE,
        "updated_at": DATE,
        **({"dependencies": links} if links else {}),
    }
    return {key: value for key, value in (whole | fields).items() if value is not ...}


def file(*lines: dict[str, Any] | str | bytes) -> io.BytesIO:
    """A file of these lines; an object becomes its JSON."""
    return io.BytesIO(b"".join(_line(line) + b"\n" for line in lines))


def _line(line: dict[str, Any] | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


Take = Callable[..., Summary]


@pytest.fixture
def take(db: None, now: datetime) -> Take:
    """Import these lines: `take({…}, b"broken", project="shop")`."""

    def one(*lines: dict[str, Any] | str | bytes, **options: Any) -> Summary:
        return beads.take(file(*lines), **{"now": now, **options})

    return one


def task(external_id: str) -> Task:
    """The task of a record."""
    return Task.objects.get(external_id=external_id)

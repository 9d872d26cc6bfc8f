"""Times that raw SQL hands over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def aware(value: Any) -> datetime:
    """A time of the database in UTC: SQLite gives text or a time without zone, PostgreSQL one with a zone."""
    time: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time if time.tzinfo else time.replace(tzinfo=UTC)

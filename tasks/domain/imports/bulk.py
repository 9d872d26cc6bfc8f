"""Bulk: one transaction for a whole file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

from tasks.domain import transactions

# Rows per statement, and between two steps of a progress bar.
AT_ONCE = 500

_T = TypeVar("_T")


@contextmanager
def change(*, dry_run: bool = False) -> Iterator[None]:
    """A change that may take as long as it needs; a dry run is undone at its end."""
    with transactions.change():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # The limits are there for calls, which somebody waits for.
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
        if dry_run:
            transaction.set_rollback(True)


def batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The items, AT_ONCE at a time."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]

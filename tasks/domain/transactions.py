"""Changes: what a domain call does happens as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tasks.domain import followers, writers


@contextmanager
def change() -> Iterator[None]:
    """A transaction for one domain call. Inside another one it joins it as a savepoint.

    Whoever follows what happened in it is told at the end of the outermost one, before it commits.
    """
    with statement(), transaction.atomic(), followers.gathering():
        yield


@contextmanager
def statement() -> Iterator[None]:
    """Room for a single statement, which is whole or not at all by itself. Inside a transaction it is part of it."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with writers.one_by_one():
        yield

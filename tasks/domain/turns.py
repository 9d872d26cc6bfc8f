"""Turns: what one transaction on the whole board does at a time, whoever does it."""

from __future__ import annotations

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    """The numbers of PostgreSQL's advisory locks, which have no names: all of them stand here, so that no two are one.

    The guard of the dependencies (`tasks/models/guards/postgresql.sql`) takes GRAPH, too.
    """

    GRAPH = 4871001
    DUE = 4871002
    MIGRATIONS = 4871003
    SEQUENCE = 4871004
    SCHEDULES = 4871005


def take(turn: Turn) -> None:
    """Wait until nobody else has the turn, and keep it until this transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [turn])

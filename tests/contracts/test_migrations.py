"""Migrations: none is missing, each says in its name what it does, and each can be undone."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

pytestmark = pytest.mark.once

OURS = {"tasks", "channels_app", "agentboard"}


def test_no_migration_is_missing():
    changes = MigrationAutodetector(_loader().project_state(), ProjectState.from_apps(apps)).changes(
        _loader().graph
    )

    assert {label: [migration.operations for migration in found] for label, found in changes.items()} == {}


def test_every_migration_has_a_name_that_says_what_it_does():
    assert [str(migration) for migration in _migrations() if "_auto_" in migration.name] == []


def test_every_migration_can_be_undone():
    lasting = [
        f"{migration}: {operation.describe()}"
        for migration in _migrations()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert lasting == []


def _loader() -> MigrationLoader:
    return MigrationLoader(None)


def _migrations() -> Iterator[Migration]:
    found = [one for (label, _), one in _loader().disk_migrations.items() if label in OURS]
    assert found
    yield from found

"""Every row of the board, to compare before and after: a refusal leaves no trace."""

from __future__ import annotations

from typing import Any

from django.apps import apps

Rows = dict[str, dict[Any, dict[str, Any]]]


def read() -> Rows:
    """All rows of all tables of the board, by the name of the model and the primary key."""
    return {
        model.__name__: {row[model._meta.pk.name]: row for row in model._default_manager.values()}
        for model in apps.get_app_config("tasks").get_models()
    }


def changed(before: Rows, after: Rows) -> dict[str, set[Any]]:
    """The primary keys of the rows that are new, gone or different, by model; models without any are left out."""
    found = {
        name: {
            pk
            for pk in before[name].keys() | after[name].keys()
            if before[name].get(pk) != after[name].get(pk)
        }
        for name in before
    }
    return {name: keys for name, keys in found.items() if keys}

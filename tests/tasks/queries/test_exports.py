"""Exports: everything on the board, of one moment, the same from either database."""

from __future__ import annotations

import hashlib
import json

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from tasks.domain import agents, authoring
from tasks.models import Agent, Task
from tasks.queries import exports


def test_every_model_of_the_board_is_exported_but_for_the_keys_to_the_server():
    models = [*exports.MODELS, *exports.LEFT_OUT]
    assert sorted(map(str, models)) == sorted(map(str, apps.get_app_config("tasks").get_models()))


def test_every_column_is_exported_but_those_the_database_keeps_and_accounts():
    left_out = {
        f"{model.__name__}.{field.name}"
        for model in exports.MODELS
        for field in model._meta.get_fields()
        if field.concrete and field not in exports.fields(model, exports.MODELS)
    }
    assert left_out == {
        "Agent.user",
        "Event.seq",
        "Task.claimable",
        *(f"TaskLabel.{name}" for name in ("in_pool", "lane", "priority", "created_at")),
    }


def test_an_export_names_its_format_and_counts_and_seals_its_rows(write):
    write("Fix « login »")
    *body, last = list(exports.lines())
    assert json.loads(body[0]) == {"format": "agentboard", "version": 1}
    digest = hashlib.sha256(b"".join(body)).hexdigest()
    assert json.loads(last) == {"end": True, "rows": len(body) - 1, "sha256": digest}
    assert "Fix « login »".encode() in b"".join(body)


def test_a_row_says_its_columns_with_times_to_the_microsecond(ada, now):
    Agent.objects.filter(pk=ada.pk).update(user=get_user_model().objects.create(username="ada"))
    (row,) = [line for line in map(json.loads, exports.lines()) if line.get("model") == "tasks.agent"]
    assert row == {
        "model": "tasks.agent",
        "id": ada.pk,
        "name": "ada",
        "kind": "agent",
        "role": "",
        "skills": [],
        "wip_limit": None,
        "paused_until": None,
        "last_seen_at": "2026-03-02T12:00:00.000000+00:00",
        "gone_at": None,
        "said_status": "",
        "said_note": "",
        "created_at": "2026-03-02T12:00:00.000000+00:00",
    }


def test_json_is_written_the_same_whatever_the_database_made_of_it(write):
    one = write()
    Task.objects.filter(pk=one.pk).update(
        origin={"b": {"y": 1, "x": [2, 1]}, "a": [1e20, -0.0, 1.5, 2.0, 1e-7]}
    )
    (line,) = [line for line in exports.lines() if b'"tasks.task"' in line]
    assert b'"origin":{"a":[100000000000000000000,0.0,1.5,2.0,1e-07],"b":{"x":[2,1],"y":1}}' in line


def test_rows_come_in_the_order_of_their_keys(olga, now):
    authoring.write([authoring.Draft(f"t{n}") for n in range(5)], by=olga, now=now)
    ids = [row["id"] for row in map(json.loads, exports.lines()) if row.get("model") == "tasks.task"]
    assert ids == sorted(ids)
    assert len(ids) == 5


def test_what_is_written_meanwhile_is_not_part_of_it_and_does_not_wait(own_board, now):
    agents.register("ada", now=now)
    lines = exports.lines()
    seen = [next(lines), next(lines)]
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE tasks_agent SET role = 'changed meanwhile'")
            cursor.execute(
                "INSERT INTO tasks_project (name, created_at) VALUES ('late', %s)", [now.isoformat()]
            )
    finally:
        other.close()
    seen += list(lines)
    assert b"meanwhile" not in b"".join(seen)
    assert b"late" not in b"".join(seen)
    assert b"changed meanwhile" in b"".join(exports.lines())


def test_the_connection_is_as_before_after_an_export(own_board):
    connection.ensure_connection()
    before = getattr(connection, "transaction_mode", None)
    list(exports.lines())
    assert not connection.in_atomic_block
    assert getattr(connection, "transaction_mode", None) == before

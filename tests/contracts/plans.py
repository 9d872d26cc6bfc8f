"""Plans: how much of the board a statement reads, in the words of the database that runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, connections, transaction

# The tables that grow with the board. Agents, lanes and projects are a few for any number of tasks.
BIG = {
    *("tasks_task", "tasks_tasklabel", "tasks_criterion", "tasks_dependency"),
    *("tasks_comment", "tasks_event", "tasks_attempt", "tasks_search"),
    *("tasks_submission", "tasks_evidence", "tasks_review", "tasks_verdict"),
    *("channels_app_message", "channels_app_notice", "channels_app_search", "tasks_delivery"),
}
_NAMED = re.compile(
    r'"?((?:tasks|channels_app)_[a-z]+)"?(?:\s+(?:AS\s+)?"?(?!WHERE|SET|ON|JOIN|ORDER|USING|LIMIT)([A-Za-z]\w*)"?)?'
)
_PARAMETER = re.compile(r"%(?:\((\w+)\))?s")

# A board on SQLite begins without statistics, and may be given some.
STATISTICS = ["none", "some"] if connections.settings["default"]["ENGINE"].endswith("sqlite3") else ["some"]
_SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT n FROM s) s",
    "postgresql": "generate_series(1, {}) s(n)",
}


@dataclass(frozen=True)
class Statement:
    """One statement as the code ran it; `kept` says that PostgreSQL keeps its plan (`tasks.queries.planned`)."""

    sql: str
    parameters: Any
    kept: bool


def recorded(call: Callable[[], object]) -> list[Statement]:
    """The statements on the board's tables that `call` runs. What it changes is undone."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        if "tasks_" in sql or "channels_app_" in sql:
            kept = type(context["cursor"].cursor) is psycopg.Cursor
            # Of one that is run for many rows, the plan is the same for each.
            statements.append(Statement(sql, parameters[0] if many else parameters, kept))
        return execute(sql, parameters, many, context)

    with undone(), connection.execute_wrapper(note):
        call()
    return statements


def costs(call: Callable[[], object], *, most: int, without: str = "") -> list[str]:
    """The objections to all that `call` runs, as it is or without these indexes."""
    statements = recorded(call)
    assert statements
    with undone():
        for index in without.split():
            execute(f"DROP INDEX {index}")
        return [line for one in statements for line in objections(one, most=most)]


def undone() -> Any:
    """A transaction that is rolled back when the block ends."""
    return _Undone()


class _Undone(transaction.Atomic):
    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *exception: Any) -> None:
        connection.set_rollback(True)
        super().__exit__(*exception)


def series(many: int) -> str:
    """The numbers from 1 to `many` in SQL, as a table `s` with a column `n`."""
    return _SERIES[connection.vendor].format(many)


def execute(sql: str) -> None:
    """Run one statement that has no parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def analyse() -> None:
    """Give the board statistics. What was filled in on PostgreSQL is put into its search index by a vacuum only."""
    execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def objections(statement: Statement, *, most: int) -> list[str]:
    """Why the statement costs more on a larger board: tables it reads whole, or more rows of them than `most`.

    It is run to find out, and undone.
    """
    with undone():
        if connection.vendor == "sqlite":
            return list(_sqlite(statement, most))
        return list(_postgresql(statement, most))


def _postgresql(statement: Statement, most: int) -> Iterator[str]:
    plan = _explained(statement)
    reading = [node for node in _nodes(plan) if node.get("Relation Name") in BIG]
    for node in reading:
        if node["Node Type"] == "Seq Scan":
            yield f"reads all of {node['Relation Name']} in {statement.sql}"
    # What a bitmap gathers from an index counts too: two may be gathered whole to find the few rows in both.
    reading += [node for node in _nodes(plan) if node["Node Type"] == "Bitmap Index Scan"]
    rows = sum(_rows(node) for node in reading)
    if rows > most:
        yield f"reads {rows:,.0f} rows in {statement.sql}"


def _explained(statement: Statement) -> dict[str, Any]:
    """The plan the statement runs with: made without its parameters if it is one that is kept."""
    explain = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
    with connection.cursor() as cursor:
        if not statement.kept:
            cursor.execute(explain + statement.sql, statement.parameters)
            return dict(_decoded(cursor.fetchone()[0])[0]["Plan"])
        sql, values = _numbered(statement)
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE plan_of AS {sql}")
        try:
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"{explain} EXECUTE plan_of" + (f" ({marks})" if marks else ""), values)
            return dict(_decoded(cursor.fetchone()[0])[0]["Plan"])
        finally:
            cursor.execute("DEALLOCATE plan_of")


def _numbered(statement: Statement) -> tuple[str, list[Any]]:
    """The statement with `$1` for its first parameter, as the driver sends it, and the values in that order."""
    if not isinstance(statement.parameters, dict):
        numbers = iter(range(1, len(statement.parameters) + 1))
        return _PARAMETER.sub(lambda _: f"${next(numbers)}", statement.sql), list(statement.parameters)
    names = list(dict.fromkeys(_PARAMETER.findall(statement.sql)))
    sql = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement.sql)
    return sql, [statement.parameters[name] for name in names]


def _decoded(plan: Any) -> Any:
    return json.loads(plan) if isinstance(plan, str) else plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> float:
    """Rows that the node looked at, whether or not it passed them on."""
    removed = sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


def _sqlite(statement: Statement, most: int) -> Iterator[str]:
    tables = {alias or table: table for table, alias in _NAMED.findall(statement.sql)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
        for *_, step in cursor.fetchall():
            words = step.split()
            # With a limit it may stop early, and the rows that refer to one that is inserted are only looked at while a
            # deferred foreign key is broken; whether it is so, the steps tell.
            may_scan = "LIMIT" in statement.sql or _is_plain_insert(statement.sql)
            if words[0] == "SCAN" and tables.get(words[1], words[1]) in BIG and not may_scan:
                yield f"{step} in {statement.sql}"
        steps = _steps(cursor, statement)
    if steps > most * STEPS_A_ROW:
        yield f"takes {steps:,} steps in {statement.sql}"


def _is_plain_insert(sql: str) -> bool:
    return sql.lstrip().startswith("INSERT INTO") and "SELECT" not in sql


# SQLite does not say how many rows it reads, but it counts the instructions it runs; this is what a row takes at most.
STEPS_A_ROW = 60
_EVERY = 100


def _steps(cursor: Any, statement: Statement) -> int:
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += _EVERY
        return 0

    connection.connection.set_progress_handler(count, _EVERY)
    try:
        cursor.execute(statement.sql, statement.parameters)
        if cursor.description:
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted

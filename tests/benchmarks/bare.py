"""The baseline of the claim: what any claim must do to the database, by its driver alone.

Lock the agent, pick the head of one lane, update the task, insert the attempt and the event, commit. No rule is asked,
nothing is rendered. On SQLite the callers queue for the one writer's place, as they do in the board.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.benchmarks import crowd

_AGENT = "SELECT id FROM tasks_agent WHERE name = :name"
_PICK = """
SELECT id, lease_token FROM tasks_task WHERE lane_id = :lane AND claimable AND assignee_id IS NULL
ORDER BY priority, created_at, id LIMIT 1
"""
_UPDATE = """
UPDATE tasks_task SET status = 'doing', status_since = :now, updated_at = :now, last_word_at = :now,
    assignee_id = :agent, lease_token = :token, attempts = attempts + 1, stale_at = :later, lease_expires_at = :later
WHERE id = :task AND claimable AND lease_token = :token - 1
"""
_ATTEMPT = (
    "INSERT INTO tasks_attempt (task_id, agent_id, token, started_at) VALUES (:task, :agent, :token, :now)"
)
_EVENT = """
INSERT INTO tasks_event (kind, at, task_id, agent_id, data) VALUES ('task.claimed', :now, :task, :agent, '{}')
"""
_one_writer = threading.Lock()


def main() -> None:
    """Standard input: the board's URL and each caller's orders, an agent's name and a lane for each claim."""
    order = json.load(sys.stdin)
    url = order["url"]
    connect = _sqlite if url.startswith("sqlite:") else _postgresql
    crowd.answer(lambda: connect(url), order["claims"])


def _sqlite(url: str) -> Callable[[Any], None]:
    path = unquote(urlsplit(url).path.removeprefix("/"))
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;")

    def claim(order: tuple[str, int]) -> None:
        with _one_writer:
            connection.execute("BEGIN IMMEDIATE")
            _claim(connection.execute, order, locked="", picked="", now=_without_zone)
            connection.execute("COMMIT")

    return claim


def _postgresql(url: str) -> Callable[[Any], None]:
    connection = psycopg.connect(url)

    def execute(sql: str, parameters: dict[str, Any]) -> Any:
        return connection.execute(_FOR_PSYCOPG[sql], parameters)

    def claim(order: tuple[str, int]) -> None:
        _claim(execute, order, locked=_LOCKED, picked=_SKIP_LOCKED, now=lambda time: time)
        connection.commit()

    return claim


def _without_zone(time: datetime) -> str:
    return str(time.replace(tzinfo=None))


_LOCKED, _SKIP_LOCKED = " FOR NO KEY UPDATE", " FOR NO KEY UPDATE SKIP LOCKED"
_FOR_PSYCOPG = {
    sql: re.sub(r":([a-z]+)", r"%(\1)s", sql)
    for sql in (_AGENT + _LOCKED, _PICK + _SKIP_LOCKED, _UPDATE, _ATTEMPT, _EVENT)
}


def _claim(execute: Any, order: tuple[str, int], *, locked: str, picked: str, now: Any) -> None:
    name, lane = order
    at = datetime.now(UTC)
    facts = {"now": now(at), "later": now(at + timedelta(hours=1))}
    (facts["agent"],) = execute(_AGENT + locked, {"name": name}).fetchone()
    facts["task"], token = execute(_PICK + picked, {"lane": lane}).fetchone()
    facts["token"] = token + 1
    if execute(_UPDATE, facts).rowcount != 1:
        raise RuntimeError(f"T-{facts['task']} changed while it was locked")
    execute(_ATTEMPT, facts)
    execute(_EVENT, facts)


if __name__ == "__main__":
    main()

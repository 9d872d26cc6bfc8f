"""Filling a board fast: a million tasks in a minute, as the domain would have left them, on either database.

The rows are made by the database itself (INSERT … SELECT over a series of numbers) with its indexes, foreign keys and
row triggers taken off and put back, so that what the triggers keep (a label's place in the queue, the search) and what
the code counts (`open_blockers`, `criteria_count`) has to be right here too: `tests/contracts/test_filled_boards.py`
compares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from tests.benchmarks import bulk, filling_reviews

SKILLS = ["docs", "python"]
PROJECTS = ("main", "side", "attic")
HOLDERS = 20
# One of them has done all that is done.
VETERAN = "holder-0"
FOREIGN_LANES = 40
# Every third task has one of these, every thousandth the rare one.
LABELS, RARE_LABEL = 20, "rare"
# The condition on a lane that a worker may take from it.
FITTING = (
    "CAST(skills AS text) NOT LIKE '%craft%'"
    " AND project_id IN (SELECT id FROM tasks_project WHERE name IN ('main', 'side'))"
)
FAR = timedelta(days=3650)


@dataclass(frozen=True)
class Amounts:
    """How many tasks of each kind.

    Those that nobody can be given now stand ahead of the ready ones: they are older, and none is less urgent. `foreign`
    require a skill that no worker has, `held` are in work, `deferred` are all there is of the attic, of ruth's reviews
    and of P0. `done` came in finished, `approved` were reviewed, one after the other until now.
    """

    ready: int
    blocked: int = 0
    foreign: int = 0
    deferred: int = 0
    reserved: int = 0
    held: int = 0
    done: int = 0
    approved: int = 0

    @classmethod
    def around(cls, ready: int) -> Amounts:
        """A board of `ready` ready tasks with what a board of that size has beside them."""
        return cls(
            ready,
            blocked=ready * 4 // 10,
            foreign=ready * 2 // 10,
            deferred=ready // 200,
            reserved=ready // 200,
            held=ready // 200,
            done=ready * 2 // 10,
            approved=600 + ready // 10,
        )


def fill(url: str, amounts: Amounts, *, now: datetime) -> None:
    """Fill the migrated, empty board at `url`, and have the database look at what it holds (VACUUM ANALYZE)."""
    with bulk.connect(url) as board, board.unguarded():
        _cast(board, now)
        lanes = _lanes(board)
        kinds = _kinds(board, lanes, now)
        spans = {name: _tasks(board, kind, getattr(amounts, name)) for name, kind in kinds.items()}
        _edges(board, waiting=spans["blocked"], blockers=spans["ready"])
        _everything_else(board, now)


def top_up(url: str, count: int, *, now: datetime) -> None:
    """Add as many ready tasks behind the others, with all guards on; a measurement has claimed as many."""
    with bulk.connect(url) as board:
        lanes = board.rows(f"SELECT min(id), max(id) FROM tasks_lane WHERE {FITTING}")[0]
        before = board.rows("SELECT max(id) FROM tasks_task")[0][0]
        _tasks(board, _ready(board, lanes, now - timedelta(seconds=count)), count)
        for number in (1, 2):
            of_these = f" WHERE id > {before} AND criteria_count >= {number}"
            board.execute(_CRITERIA.format(number=number) + of_these)
        board.execute(f"{_CREATED} WHERE id > {before}")
        board.commit()


def add_agents(url: str, names: list[str], *, now: datetime, wip_limit: int) -> None:
    """Register workers: agents with SKILLS, who may take from every lane but the foreign ones."""
    with bulk.connect(url) as board:
        _agents(board, names, now, skills=SKILLS, wip_limit=wip_limit)
        board.commit()


@dataclass(frozen=True)
class _Kind:
    """The SQL of what sets tasks of one kind apart; `n` counts them from 1."""

    lanes: tuple[int, int]
    age: timedelta
    now: datetime
    columns: dict[str, str]


def _cast(board: bulk.Board, now: datetime) -> None:
    board.insert("tasks_project", ["name", "created_at"], [[name, now] for name in PROJECTS[1:]])
    _agents(board, ["rita", "olga", "ruth"], now)
    _agents(board, [f"holder-{n}" for n in range(HOLDERS)], now, wip_limit=1000)


def _agents(
    board: bulk.Board,
    names: list[str],
    now: datetime,
    *,
    skills: list[str] | None = None,
    wip_limit: int | None = None,
) -> None:
    columns = ["name", "kind", "role", "skills", "wip_limit", "said_status", "said_note", "created_at"]
    rows = [[name, "agent", "", json.dumps(skills or []), wip_limit, "", "", now] for name in names]
    board.insert("tasks_agent", columns, rows)


def _lanes(board: bulk.Board) -> dict[str, tuple[int, int]]:
    """Make the lanes; the first and last id of those a worker may take from, and of the foreign ones."""
    projects = {name: pk for pk, name in board.rows("SELECT id, name FROM tasks_project")}
    agents = {name: pk for pk, name in board.rows("SELECT id, name FROM tasks_agent")}
    sets: list[list[str]] = [[], SKILLS[:1], SKILLS[1:], SKILLS]
    places = [*product([projects["main"]], [None, agents["rita"], agents["olga"]], sets)]
    places += product([projects["side"]], [None], sets)
    spans = {}
    foreign = [(projects["main"], None, [f"craft-{n}"]) for n in range(FOREIGN_LANES)]
    attic = [(projects["attic"], agents["ruth"], [])]
    for name, group in {"fitting": places, "foreign": foreign, "attic": attic}.items():
        rows = [
            [json.dumps(place, separators=(",", ":")), place[0], place[1], json.dumps(place[2])]
            for place in group
        ]
        spans[name] = board.insert("tasks_lane", ["key", "project_id", "reviewer_id", "skills"], rows)
    return spans


def _kinds(board: bulk.Board, lanes: dict[str, tuple[int, int]], now: datetime) -> dict[str, _Kind]:
    fitting, long_ago = lanes["fitting"], timedelta(days=300)
    holder = f"(SELECT min(id) FROM tasks_agent WHERE name LIKE 'holder-%') + n % {HOLDERS}"
    lease = {"lease_token": "1", "attempts": "1", "last_word_at": board.time(now), "assignee_id": holder}
    lease |= {"lease_expires_at": board.time(now + FAR), "stale_at": board.time(now + FAR)}
    until = f"CASE WHEN n % 2 = 0 THEN {board.time(now + FAR, 'n')} END"
    later = {"priority": "0", "deferred": "TRUE", "not_before": board.time(now + FAR, "n")}
    finished = {"status": "'done'", "done_via": "'import'", "finished_at": board.time(now, "-n")}
    finished |= {"assignee_id": f"(SELECT id FROM tasks_agent WHERE name = '{VETERAN}')"}
    return {
        "blocked": _Kind(fitting, long_ago, now, {"priority": "1", "open_blockers": "1"}),
        "foreign": _Kind(lanes["foreign"], long_ago, now, {"priority": "1"}),
        "ready": _ready(board, fitting, now - timedelta(days=200)),
        "deferred": _Kind(lanes["attic"], long_ago, now, later),
        "reserved": _Kind(fitting, long_ago, now, {"assignee_id": holder, "reserved_until": until}),
        "held": _Kind(fitting, long_ago, now, {"status": "'doing'", **lease}),
        "done": _Kind(fitting, timedelta(days=100), now, finished),
        "approved": _Kind(fitting, timedelta(0), now, _approved(board, finished, now)),
    }


def _approved(board: bulk.Board, finished: dict[str, str], now: datetime) -> dict[str, str]:
    at = board.time(now, f"-{filling_reviews.EVERY} * n")
    times = dict.fromkeys(["finished_at", "status_since", "updated_at", "last_word_at"], at)
    written = {"created_at": board.time(now, f"-{filling_reviews.EVERY} * n - {3 * filling_reviews.CLAIMED}")}
    return finished | times | written | {"done_via": "'approval'", "lease_token": "1", "attempts": "1"}


def _ready(board: bulk.Board, lanes: tuple[int, int], now: datetime) -> _Kind:
    return _Kind(lanes, timedelta(0), now, {})


def _tasks(board: bulk.Board, kind: _Kind, count: int) -> tuple[int, int]:
    """Insert `count` tasks of a kind; the first and last of their ids."""
    created, (first, last) = board.time(kind.now - kind.age, "n"), kind.lanes
    columns = {
        "title": "'Mend the ' || n || '. hinge of door ' || (n % 977)",
        "description": "'Squeaks since week ' || (n % 53) || '; oil it or order part ' || n || '.'",
        "project_id": "lane.project_id",
        "lane_id": "lane.id",
        "reviewer_id": "lane.reviewer_id",
        "status": "'todo'",
        "status_since": created,
        "created_at": created,
        "updated_at": created,
        "priority": "n % 3 + 1",
        "criteria_version": "1",
        "criteria_count": "1 + n % 2",
        "open_blockers": "0",
        "deferred": "FALSE",
        "lease_token": "0",
        "attempts": "0",
        "rejections": "0",
        "created_by_id": "(SELECT id FROM tasks_agent WHERE name = 'olga')",
        **kind.columns,
    }
    before = board.rows("SELECT coalesce(max(id), 0) FROM tasks_task")[0][0]
    if count:
        board.execute(
            f"INSERT INTO tasks_task ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            f" FROM {board.numbers(count)} JOIN tasks_lane lane ON lane.id = {first} + n % {last - first + 1}"
        )
    return before + 1, before + count


def _edges(board: bulk.Board, *, waiting: tuple[int, int], blockers: tuple[int, int]) -> None:
    count = blockers[1] - blockers[0] + 1
    board.execute(
        "INSERT INTO tasks_dependency (task_id, depends_on_id)"
        f" SELECT id, {blockers[0]} + (id * 7) % {count} FROM tasks_task"
        f" WHERE id BETWEEN {waiting[0]} AND {waiting[1]}"
    )


_CRITERIA = (
    "INSERT INTO tasks_criterion (task_id, version, number, text)"
    " SELECT id, 1, {number}, 'The door opens without a sound, checked ' || {number} || ' times'"
    " FROM tasks_task"
)
_CREATED = (
    "INSERT INTO tasks_event (kind, at, task_id, agent_id, data)"
    " SELECT 'task.created', created_at, id, created_by_id, '{}' FROM tasks_task"
)


def _everything_else(board: bulk.Board, now: datetime) -> None:
    for number in (1, 2):
        board.execute(_CRITERIA.format(number=number) + f" WHERE criteria_count >= {number}")
    for label, which in (("'area-' || (id % 20)", "id % 3 = 0"), (f"'{RARE_LABEL}'", "id % 1000 = 0")):
        board.execute(
            "INSERT INTO tasks_tasklabel (task_id, label, in_pool, lane_id, priority, created_at)"
            f" SELECT id, {label}, claimable AND assignee_id IS NULL, lane_id, priority, created_at"
            f" FROM tasks_task WHERE {which}"
        )
    board.execute(
        "INSERT INTO tasks_attempt (task_id, agent_id, token, started_at)"
        " SELECT id, assignee_id, lease_token, status_since FROM tasks_task WHERE status = 'doing'"
    )
    board.execute(
        "INSERT INTO tasks_comment (task_id, author_id, kind, text, created_at)"
        " SELECT id, created_by_id, 'note', 'The oil is on shelf ' || (id % 9), created_at"
        " FROM tasks_task WHERE id % 10 = 0 OR status = 'doing'"
    )
    board.execute(_CREATED)
    board.execute(
        "INSERT INTO tasks_event (kind, at, task_id, agent_id, data)"
        " SELECT 'task.claimed', status_since, id, assignee_id, '{}' FROM tasks_task WHERE status = 'doing'"
    )
    filling_reviews.belong(board)
    if board.vendor == "sqlite":
        board.execute("UPDATE tasks_event SET seq = id")
    board.index_text()

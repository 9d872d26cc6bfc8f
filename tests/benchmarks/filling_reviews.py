"""What belongs to approved tasks: their attempt, submission, evidence, review, verdicts and events, made by SQL."""

from __future__ import annotations

from tests.benchmarks import bulk

# Seconds between two approvals: however large the board, 504 of them fall into a week.
EVERY = 1200
# The seconds before an approval at which its task was claimed, and handed in.
CLAIMED, HANDED_IN = 7200, 1800
_EARLIER = {
    "sqlite": "datetime(t.finished_at, '-{} seconds')",
    "postgresql": "t.finished_at - interval '{} seconds'",
}
_OF_APPROVED = " FROM tasks_task t WHERE t.status = 'done' AND t.done_via = 'approval'"
_CRITERIA = " JOIN tasks_submission s ON s.task_id = t.id JOIN tasks_criterion c ON c.task_id = t.id"
_REVIEWER = "coalesce(t.reviewer_id, (SELECT id FROM tasks_agent WHERE name = 'rita'))"


def belong(board: bulk.Board) -> None:
    """Give every approved task what it must have; its criteria are there."""
    claimed, handed_in = (board.in_dialect(_EARLIER).format(seconds) for seconds in (CLAIMED, HANDED_IN))
    worker = "'{\"worker\": \"' || (SELECT name FROM tasks_agent WHERE id = t.assignee_id) || '\"}'"
    data = f"CAST({worker} AS jsonb)" if board.vendor == "postgresql" else worker
    _insert(
        board, "attempt (task_id, agent_id, token, started_at, ended_at, outcome)",
        f"t.id, t.assignee_id, 1, {claimed}, {handed_in}, 'submitted'",
    )  # fmt: skip
    _insert(
        board, "submission (task_id, number, agent_id, criteria_version, summary, caveats, artifacts, created_at)",
        f"t.id, 1, t.assignee_id, 1, 'The hinge is oiled', '', '[]', {handed_in}",
    )  # fmt: skip
    _insert(board, "evidence (submission_id, criterion_id, text)", "s.id, c.id, 'It is silent'", _CRITERIA)
    _insert(
        board, "review (submission_id, reviewer_id, judgement, comment, created_at)",
        f"s.id, {_REVIEWER}, 'approve', '', t.finished_at", " JOIN tasks_submission s ON s.task_id = t.id",
    )  # fmt: skip
    _insert(
        board, "verdict (review_id, criterion_id, met, note)", "r.id, c.id, TRUE, 'It is'",
        f"{_CRITERIA} JOIN tasks_review r ON r.submission_id = s.id",
    )  # fmt: skip
    for kind, at, by in (
        ("claimed", claimed, "t.assignee_id"),
        ("submitted", handed_in, "t.assignee_id"),
        ("approved", "t.finished_at", _REVIEWER),
    ):
        _insert(
            board, "event (kind, at, task_id, agent_id, data)", f"'task.{kind}', {at}, t.id, {by}, {data}"
        )


def _insert(board: bulk.Board, into: str, values: str, joined: str = "") -> None:
    rows = _OF_APPROVED.replace(" WHERE", f"{joined} WHERE")
    board.execute(f"INSERT INTO tasks_{into} SELECT {values}{rows}")

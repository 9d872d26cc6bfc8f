"""Writing: where long text comes from, and the fields of a task as options."""

import json

import pytest

from tests.agentboard.cli.fake_board import problem

pytestmark = pytest.mark.once

COMMENT = "POST /tasks/T-12/comments"
RECEIPT = {"id": 5, "on": "T-12", "status": "todo"}


def written(board) -> list:
    return [one.body for one in board.asked]


@pytest.mark.parametrize(
    ("arguments", "piped", "text"),
    [
        (["It works"], b"ignored", "It works"),
        (["- a list\n- of two"], b"", "- a list\n- of two"),
        (["--", "--odd"], b"", "--odd"),
        ([], b"from a pipe\n", "from a pipe"),
        (["-"], "ümläut\n\n".encode(), "ümläut"),
        (["--file", "-"], b"\xef\xbb\xbfwith a mark", "with a mark"),
        (["--file", "FILE"], b"", "  from\n\na file"),
    ],
)
def test_text_comes_from_an_argument_a_file_or_a_pipe(run, board, tmp_path, arguments, piped, text):
    (tmp_path / "long").write_text("  from\n\na file\n")
    board.says(COMMENT, RECEIPT)
    given = [argument.replace("FILE", str(tmp_path / "long")) for argument in arguments]
    assert run("comment", "T-12", "--kind", "tried", *given, piped=piped).code == 0
    assert written(board) == [{"kind": "tried", "text": text}]


def test_options_may_stand_anywhere(run, board):
    board.says(COMMENT, RECEIPT)
    for arguments in (
        ["--kind", "tried", "T-12", "x"],
        ["T-12", "--kind", "tried", "x"],
        ["T-12", "x", "--kind=tried"],
    ):
        assert run("comment", *arguments).code == 0
    assert written(board) == [{"kind": "tried", "text": "x"}] * 3


@pytest.mark.parametrize(
    ("arguments", "piped"),
    [
        ([], b""),
        ([], b" \n"),
        ([""], b""),
        (["-"], b""),
        (["x", "--file", "-"], b"y"),
        (["--file", "/nowhere/at/all"], b""),
        (["--file", "/"], b""),
        (["-"], b"\xff\xfe"),
    ],
)
def test_no_text_or_none_that_can_be_read_is_bad_input_and_sends_nothing(run, board, arguments, piped):
    ran = run("comment", "T-12", *arguments, piped=piped)
    assert ran.code == 2
    assert "fix:" in ran.err
    assert board.asked == []


def test_nobody_is_kept_waiting_for_a_person_to_type(run, board):
    assert run("comment", "T-12", piped=None).code == 2


def test_a_task_is_created_with_everything_it_can_say(run, board):
    board.says(
        "POST /tasks",
        {"id": "T-1", "status": "todo", "reason": "T-1 waits for T-3.", "new_agents": ["ritta (like rita)"]},
    )
    ran = run(
        "create", "Fix login", "--description", "It fails.", "--criterion", "A", "--criterion", "B", "--priority", "P1",
        "--reviewer", "ritta", "--assignee", "ada", "--depends-on", "T-3", "--label", "web", "--skill", "python",
        "--project", "site", "--due", "2027-01-01", "--not-before", "2026-12-01", "--stale-after", "2h",
        "--external-id", "x-1",
    )  # fmt: skip
    assert ran.out == "T-1 is todo, not ready: T-1 waits for T-3. New agents: ritta (like rita).\n"
    assert written(board) == [
        {
            "title": "Fix login", "description": "It fails.", "done_criteria": ["A", "B"], "priority": "P1",
            "reviewer": "ritta", "assignee": "ada", "depends_on": ["T-3"], "labels": ["web"], "skills": ["python"],
            "project": "site", "due_at": "2027-01-01", "not_before": "2026-12-01", "stale_after": "2h",
            "external_id": "x-1",
        }
    ]  # fmt: skip


def test_a_description_comes_from_a_file_but_never_from_a_pipe_unasked(run, board):
    board.says("POST /tasks", {"id": "T-1", "status": "todo"})
    run("create", "A", "--file", "-", piped=b"long\n")
    run("create", "B", piped=b"long\n")
    assert written(board) == [{"title": "A", "description": "long"}, {"title": "B"}]


def test_a_task_without_a_title_is_bad_input(run, board):
    assert run("create").code == 2
    assert run("create", " ").code == 2
    assert board.asked == []


def test_many_tasks_are_created_at_once(run, board):
    tasks = [{"title": "A", "external_id": "a"}, {"title": "B", "depends_on": ["a"]}]
    receipts = [{"id": f"T-{number}", "status": "todo"} for number in range(1, 301)]
    board.says("POST /tasks/batch", {"tasks": receipts[:2]}, {"tasks": receipts, "new_agents": ["rita"]})
    assert run("create", "--batch", "-", piped=json.dumps(tasks).encode()).out == "2 tasks: T-1, T-2.\n"
    assert written(board) == [{"tasks": tasks}]
    assert run("create", "--batch", "-", piped=b"[]").out == "300 tasks: T-1 to T-300. New agents: rita.\n"


@pytest.mark.parametrize(
    ("arguments", "piped"),
    [
        (["--batch", "-"], b"{"),
        (["--batch", "-"], b"{}"),
        (["Title", "--batch", "-"], b"[]"),
        (["--batch", "/nowhere"], b""),
    ],
)
def test_a_batch_that_is_none_is_bad_input(run, board, arguments, piped):
    assert run("create", *arguments, piped=piped).code == 2
    assert board.asked == []


def test_an_edit_sends_what_was_given_and_takes_away_what_is_empty(run, board):
    board.says("PATCH /tasks/T-1", {"id": "T-1", "status": "todo"})
    assert (
        run("edit", "T-1", "--title", "B", "--reviewer", "", "--label", "", "--description", "").out
        == "T-1 is todo.\n"
    )
    assert written(board) == [{"title": "B", "reviewer": None, "labels": [], "description": ""}]


def test_an_edit_of_nothing_is_bad_input(run, board):
    assert run("edit", "T-1").code == 2
    assert board.asked == []


@pytest.mark.parametrize("verb", ["cancel", "reopen", "release", "override"])
def test_a_task_is_ended_or_restarted_with_a_reason(run, board, verb: str):
    board.says(f"POST /tasks/T-1/{verb}", {"id": "T-1", "status": "todo"})
    assert run(verb, "T-1", "Because").out == "T-1 is todo.\n"
    assert written(board) == [{"reason": "Because"}]
    assert run(verb, "T-1").code == 2


AGENT = {
    "name": "ada", "kind": "agent", "role": "", "skills": ["sql"], "wip_limit": 2, "paused_until": None,
    "presence": "working", "note": "", "last_seen": None, "holds": ["T-1"],
}  # fmt: skip


def test_agents_are_listed_read_and_changed(run, board):
    board.says(
        "GET /agents", {"agents": [AGENT, AGENT | {"name": "olga", "kind": "human"}], "next_after": "olga"}
    )
    board.says("GET /agents/ada", AGENT)
    board.says("PATCH /agents/ada", AGENT)
    assert run("agents").out.splitlines() == [
        "ada working [holds T-1; wip limit 2; skills sql]",
        "olga working [human; holds T-1; wip limit 2; skills sql]",
        "There is more: add --after olga",
    ]
    assert run("agents", "ada").out == "ada working [holds T-1; wip limit 2; skills sql]\n"
    run("agents", "ada", "--skill", "sql", "--skill", "go", "--wip-limit", "2")
    assert board.asked[-1].body == {"skills": ["sql", "go"], "wip_limit": 2}


def test_a_change_of_nobody_is_bad_input(run, board):
    assert run("agents", "--wip-limit", "2").code == 2
    assert board.asked == []


def test_what_the_board_says_of_a_field_is_passed_on(run, board):
    board.says("POST /tasks", problem(422, "invalid", "priority: This takes P0, P1, P2 or P3.", errors={}))
    ran = run("create", "A", "--priority", "P9")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "agentboard: priority: This takes P0, P1, P2 or P3.")

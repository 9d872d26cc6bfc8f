"""`agentboard import`: from the file to the summary and the exit code."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.models import Task
from tests.agentboard.cli import operating
from tests.tasks import board_rows

MESSY = Path(__file__).parents[2] / "tasks/domain/imports/messy.jsonl"


def test_the_summary_names_what_was_taken_mapped_skipped_cut_and_broken(own_board):
    ran = operating.run("import", "beads", str(MESSY), DATABASE_URL=own_board)
    assert (ran.code, ran.err) == (0, "")
    for line in (
        f"{MESSY}: 16 lines, into the project main",
        "        9  taken (1 finished, 1 ready now)",
        "               1  status 'hooked' becomes todo",
        "               1  not work: event",
        "           line 5: not JSON: unterminated string starting, at character 25",
        "           line 8: labels is text, not a list",
        "        4  dependencies",
        "               1  to a record that is not there",
        "           mx-13 no longer waits for mx-14 (mx-14 → mx-12 → mx-13 → mx-14)",
        "           mx-11 is no longer a child of mx-10 (mx-10 → mx-11 → mx-10)",
    ):
        assert line.split() in [shown.split() for shown in ran.out.splitlines()]
    assert "7 unfinished tasks have no done criteria" in ran.out
    assert Task.objects.count() == 9


def test_a_second_import_says_that_all_is_here_and_changes_nothing(own_board):
    operating.run("import", "beads", str(MESSY), DATABASE_URL=own_board)
    before = board_rows.read()
    ran = operating.run("import", "beads", str(MESSY), "--criteria", "It works", DATABASE_URL=own_board)
    assert ran.code == 0
    assert "9  already here (left as they are)" in ran.out
    assert ran.out.endswith("Nothing was changed.\n")
    assert board_rows.read() == before


def test_a_dry_run_prints_the_same_summary_and_writes_nothing(own_board):
    before = board_rows.read()
    options = [
        "import",
        "beads",
        "-",
        "--project",
        "shop",
        "--criteria",
        "It works",
        "--criteria",
        "It is quick",
    ]
    tried = operating.run(*options, "--dry-run", given=MESSY.read_bytes(), DATABASE_URL=own_board)
    assert tried.out.endswith("This was a dry run: nothing was written.\n")
    assert board_rows.read() == before
    done = operating.run(*options, given=MESSY.read_bytes(), DATABASE_URL=own_board)
    assert done.out.splitlines() == tried.out.splitlines()[:-1]
    assert Task.objects.get(external_id="mx-3").criteria.count() == 2
    assert Task.objects.get(external_id="mx-3").project.name == "shop"


def test_the_summary_as_json_names_every_line(own_board):
    content = b'{"id": "a", "title": "Do it"}\n' + b"broken\n" * 30
    ran = operating.run("import", "beads", "-", "--json", given=content, DATABASE_URL=own_board)
    summary = json.loads(ran.out)
    assert (ran.code, summary["taken"], len(summary["broken"])) == (0, 1, 30)
    assert summary["broken"][0] == {"line": 2, "why": "not JSON: expecting value, at character 1"}


def test_the_summary_for_people_is_bounded_and_moves_no_cursor(own_board):
    records = [{"id": f"a{n}", "title": "x", "status": f"odd \x1b[2J {n}"} for n in range(30)]
    content = b"\n".join(json.dumps(record).encode() for record in records) + b"\nbroken" * 30
    ran = operating.run("import", "beads", "-", given=content, DATABASE_URL=own_board)
    assert "\x1b" not in ran.out
    assert "… and 10 more lines; --json names them all" in ran.out
    assert "… and 13 more reasons; --json names them all" in ran.out
    assert len(ran.out.splitlines()) < 60


@pytest.mark.once
def test_an_import_begins_a_board_where_there_is_none(tmp_path):
    ran = operating.run("import", "beads", str(MESSY), DATA_DIR=tmp_path / "new")
    assert (ran.code, ran.err) == (0, "")
    again = operating.run("import", "beads", str(MESSY), "--json", DATA_DIR=tmp_path / "new")
    assert json.loads(again.out)["already_here"] == 9


@pytest.mark.once
@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["beads", "/no/such/file"], b"", "/no/such/file cannot be read: No such file or directory."),
        (["beads", "/"], b"", "/ cannot be read: Is a directory."),
        (["beads", "-"], b"", "No line of it is a JSON object."),
        (["beads", "-"], b"hello\n[]\n", "No line of it is a JSON object."),
        (["beads", "-", "--project", "a b"], b"{}", "project: A project's name is"),
        (["beads", "-", "--criteria", " "], b"{}", "criteria: These are up to 100 texts"),
        (["agentboard", "-"], b"", "line 1: the last line of the export is missing"),
        (
            ["agentboard", "-"],
            b'{"id": "bd-1"}\n',
            "line 1: it does not say that this is an export of a board.",
        ),
        (["agentboard", "-", "--dry-run"], b"", "--project, --criteria and --dry-run are for beads."),
        (["jira", "-"], b"", "invalid choice: 'jira'"),
        (["beads"], b"", "FILE"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_a_sentence(own_board, arguments, given, said):
    ran = operating.run("import", *arguments, given=given, DATABASE_URL=own_board)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.once
def test_a_database_that_is_not_there_ends_with_5(tmp_path):
    url = f"postgresql://nobody@127.0.0.1:{operating.free_port()}/none"
    ran = operating.run("import", "beads", str(MESSY), DATABASE_URL=url, DATA_DIR=tmp_path)
    assert ran.code == 5
    assert "agentboard: The database does not answer" in ran.err


@pytest.mark.once
def test_a_bar_shows_the_progress_on_a_terminal(own_board):
    terminal, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "agentboard.cli.main", "import", "beads", str(MESSY)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=operating.environment({"DATABASE_URL": own_board}) | {"TERM": "xterm"},
        timeout=operating.WITHIN,
        check=False,
    )
    os.close(theirs)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert done.returncode == 0
    assert "reading" in shown
    assert "writing" in shown
    assert b"reading" not in done.stdout

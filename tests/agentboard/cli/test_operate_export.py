"""`agentboard export` and back: the same bytes, whichever database they went through."""

import contextlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agentboard.cli.operate import files
from tasks.domain import agents, authoring
from tests.agentboard.cli import operating
from tests.tasks import board_rows, invariants

MESSY = Path(__file__).parents[2] / "tasks/domain/imports/messy.jsonl"


def test_an_export_goes_through_both_databases_and_comes_back_the_same(own_board, tmp_path):
    """On PostgreSQL this is from SQLite to PostgreSQL and to SQLite again."""
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    operating.run("migrate", DATA_DIR=tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    operating.run("import", "beads", str(MESSY), "--criteria", "It works", DATA_DIR=tmp_path / "a")
    ran = operating.run("export", str(first), DATA_DIR=tmp_path / "a")
    rows = first.read_bytes().count(b"\n") - 2
    assert (ran.code, ran.out, ran.err) == (0, "", f"{first}: {rows} rows.\n")

    ran = operating.run("import", "agentboard", str(first), DATABASE_URL=own_board)
    assert (ran.code, ran.out) == (0, f"{first}: {rows} rows, as they were exported.\n")
    assert invariants.broken() == []
    operating.run("export", str(second), DATABASE_URL=own_board)
    assert second.read_bytes() == first.read_bytes()

    ran = operating.run(
        "import", "agentboard", "-", "--json", given=second.read_bytes(), DATA_DIR=tmp_path / "b"
    )
    assert ran.out == f'{{"rows": {rows}}}\n'
    assert operating.run("export", DATA_DIR=tmp_path / "b").out.encode() == first.read_bytes()


def test_a_board_that_is_not_empty_is_left_alone(own_board, tmp_path):
    operating.run("import", "beads", str(MESSY), DATABASE_URL=own_board)
    exported = operating.run("export", DATABASE_URL=own_board).out
    before = board_rows.read()
    ran = operating.run("import", "agentboard", "-", given=exported.encode(), DATABASE_URL=own_board)
    assert (ran.code, ran.out) == (3, "")
    assert "This board is not empty: it holds 4 agents, 1 lane, " in ran.err
    assert board_rows.read() == before


@pytest.mark.once
def test_a_database_without_a_board_is_not_exported(tmp_path):
    ran = operating.run("export", DATA_DIR=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "fix: Run agentboard migrate." in ran.err


@pytest.mark.once
def test_a_place_that_cannot_be_written_to_ends_with_2(own_board):
    ran = operating.run("export", "/no/such/directory/file", DATABASE_URL=own_board)
    said = "agentboard: /no/such/directory/file cannot be written: No such file or directory.\n"
    assert (ran.code, ran.err) == (2, said)


@pytest.mark.once
def test_a_reader_who_has_seen_enough_ends_an_export_quietly(own_board, now):
    olga = agents.register("olga", now=now)
    authoring.write([authoring.Draft("x" * 300) for _ in range(1000)], by=olga, now=now)
    done = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m agentboard.cli.main export | head -n 1"],
        capture_output=True,
        env=operating.environment({"DATABASE_URL": own_board}),
        check=True,
    )
    assert (done.stdout, done.stderr) == (b'{"format":"agentboard","version":1}\n', b"")


@pytest.mark.once
def test_a_file_keeps_what_it_held_until_the_new_content_is_whole(tmp_path):
    path = tmp_path / "board.jsonl"
    path.write_bytes(b"old")
    with contextlib.suppress(KeyboardInterrupt), files.writing(str(path)) as out:
        out.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    with files.writing(str(path)) as out:
        out.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.once
def test_a_device_is_written_to_and_not_replaced():
    with files.writing("/dev/null") as out:
        out.write(b"x")
    assert Path("/dev/null").is_char_device()

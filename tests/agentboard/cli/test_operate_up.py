"""`agentboard up` and `agentboard web`: starting a board, refusing to, and ending it."""

import contextlib
import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from agentboard import env
from agentboard.cli import exits
from agentboard.cli.operate import one_process
from tests.agentboard.cli import operating


@pytest.mark.once
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_makes_the_board_serves_it_says_where_and_ends_within_ten_seconds(tmp_path, number):
    port = operating.free_port()
    with operating.running("up", DATA_DIR=tmp_path / "new", PORT=port) as process:
        assert operating.healthy(port)
        began = time.monotonic()
        ran = operating.end(process, number)
    assert ran.code == 0
    assert time.monotonic() - began < 10
    where, invitation = ran.out.splitlines()
    assert where == f"The board is on http://127.0.0.1:{port}. Ctrl-C stops it."
    assert re.fullmatch(
        rf"Sign in as \S+, once, within 30 minutes: http://127\.0\.0\.1:{port}/board/sign-in/[\w-]{{43}}",
        invitation,
    )
    assert "Traceback" not in ran.err


@pytest.mark.once
def test_up_keeps_the_board_running_when_its_web_process_or_its_scheduler_is_killed(data_dir):
    port = operating.free_port()
    with operating.running("up", DATA_DIR=data_dir, PORT=port) as process:
        assert operating.healthy(port)
        for role in ("web", "scheduler"):
            (old,) = operating.children(process, role)
            os.kill(old, signal.SIGKILL)
            while operating.children(process, role) in ([old], []):
                time.sleep(0.05)
        assert operating.healthy(port)
        ran = operating.end(process)
    for role in ("web", "scheduler"):
        assert f"{role} was killed by signal 9; starting it again" in ran.err


@pytest.mark.once
@pytest.mark.parametrize("command", ["up", "web"])
def test_a_second_process_on_one_sqlite_board_is_refused_on_any_port_until_the_first_is_gone(
    data_dir, command
):
    port, other = operating.free_port(), operating.free_port()
    with operating.running("up", DATA_DIR=data_dir, PORT=port) as process:
        assert operating.healthy(port)
        ran = operating.run(command, DATA_DIR=data_dir, PORT=other)
        assert (ran.code, ran.out) == (3, "")
        assert f"is served at http://127.0.0.1:{port} by process " in ran.err
        assert operating.healthy(port, within=5)
        children = operating.children(process)
        assert len(children) == 2
        process.kill()
        process.wait()
    for child in children:
        _gone(child)
    with operating.running(command, DATA_DIR=data_dir, PORT=other):
        assert operating.healthy(other)


def _gone(pid: int) -> None:
    """Wait for a process that its killed parent leaves behind; the supervisor sees to it that it ends."""
    deadline = time.monotonic() + operating.WITHIN
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        time.sleep(0.05)


def test_several_web_processes_serve_one_board_on_postgresql(own_board, tmp_path):
    if own_board.startswith("sqlite"):
        pytest.skip("a board on SQLite has one web process")
    ports = [operating.free_port(), operating.free_port()]
    with (
        operating.running("web", DATABASE_URL=own_board, DATA_DIR=tmp_path, PORT=ports[0]),
        operating.running("web", DATABASE_URL=own_board, DATA_DIR=tmp_path, PORT=ports[1]),
    ):
        assert all(operating.healthy(port) for port in ports)


@pytest.mark.once
@pytest.mark.parametrize("command", ["up", "web"])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "http"}, "AGENTBOARD_PORT is 'http'; it takes a whole number from 0 to 65535."),
        ({"STALE_AFTER": "soon"}, "AGENTBOARD_STALE_AFTER: 'soon' is not a duration"),
        ({"DATABASE_URL": "mysql://x/y"}, "AGENTBOARD_DATABASE_URL starts with 'mysql'"),
        ({"HOST": "0.0.0.0"}, "AGENTBOARD_HOST is '0.0.0.0', which others can reach"),
        ({"HOST": "no.such.host.invalid"}, "AGENTBOARD_HOST is 'no.such.host.invalid'"),
    ],
)
def test_settings_that_cannot_be_end_with_2_and_a_sentence_before_anything_is_begun(
    tmp_path, command, settings, said
):
    ran = operating.run(command, DATA_DIR=tmp_path / "new", **settings)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"agentboard: {said}")
    assert "Traceback" not in ran.err
    assert not (tmp_path / "new").exists()


@pytest.mark.once
def test_a_port_in_use_ends_up_with_the_reason(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = operating.run("up", DATA_DIR=data_dir, PORT=port)
    assert ran.code == 1
    assert f"Port {port} of 127.0.0.1 is in use" in ran.err


@pytest.mark.once
@pytest.mark.parametrize("command", ["web", "scheduler"])
def test_a_database_that_lacks_migrations_is_neither_served_nor_looked_after(tmp_path, command):
    ran = operating.run(command, DATA_DIR=tmp_path, PORT=0)
    assert ran.code == 3
    assert "fix: Run agentboard migrate." in ran.err


@pytest.mark.once
@pytest.mark.parametrize("command", ["up", "web", "scheduler", "migrate"])
def test_a_database_that_does_not_answer_ends_with_5(tmp_path, command):
    url = f"postgresql://nobody@127.0.0.1:{operating.free_port()}/none"
    ran = operating.run(command, DATABASE_URL=url, DATA_DIR=tmp_path, PORT=0)
    assert ran.code == 5
    assert ran.err.startswith("agentboard: The database does not answer: ")


@pytest.mark.once
def test_the_lock_of_a_board_is_of_its_file_however_it_is_named_and_ends_with_its_holder(tmp_path):
    (tmp_path / "board.sqlite3").touch()
    (tmp_path / "link.sqlite3").symlink_to(tmp_path / "board.sqlite3")
    one, other = (
        env.load({"AGENTBOARD_DATABASE_URL": f"sqlite:///{tmp_path}/{name}.sqlite3"}, base=tmp_path)
        for name in ("board", "link")
    )
    with one_process.only(one, doing="is served at home"):
        with (
            pytest.raises(exits.Failure, match="is served at home by process") as refused,
            one_process.only(other, doing="is served elsewhere"),
        ):
            pass
        assert refused.value.exit_code == exits.REFUSED
    with one_process.only(other, doing="is served elsewhere"):
        pass

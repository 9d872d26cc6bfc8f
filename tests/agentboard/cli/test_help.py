"""Help: every command has its line, its page and examples that are understood; a command loads only what it needs."""

import shlex
import subprocess
import sys

import pytest

from agentboard.cli import commands, main

pytestmark = pytest.mark.once

MINE = [name for name, module in main.COMMANDS.items() if ".operate" not in module]


def test_nothing_but_the_name_prints_a_line_for_each_command(run):
    ran = run()
    assert ran.code == 0
    listed = {line.split()[0] for line in ran.out.splitlines() if line.startswith("    ") and line.strip()}
    assert set(main.COMMANDS) <= listed


@pytest.mark.parametrize("command", MINE)
def test_every_command_documents_itself_with_an_example(run, command: str):
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"Example:\n  agentboard {command}" in ran.out or f"| agentboard {command}" in ran.out


@pytest.mark.parametrize("command", MINE)
def test_every_example_is_understood(run, monkeypatch, command: str):
    examples = [
        line.split("| ")[-1].strip()
        for line in run(command, "--help").out.partition("Example:")[2].splitlines()
        if line
    ]
    assert examples
    understood = []
    monkeypatch.setattr(
        commands, "run", lambda handler, options, named: understood.append(options.command) or 0
    )
    monkeypatch.setattr(
        "agentboard.cli.simulate.command._run", lambda options: understood.append(options.command) or 0
    )
    for example in examples:
        name, *arguments = shlex.split(example)
        assert name == "agentboard"
        assert run(*arguments).code == 0
    assert understood == [command] * len(examples)


def test_no_command_of_an_agent_loads_the_server_or_before_its_call_the_http_client():
    program = (
        "import sys; from agentboard.cli import main\n"
        "try: main.main(['next', '--help'])\n"
        "except SystemExit: print([name for name in sys.modules if name.split('.')[0] in"
        " ('django', 'httpx2', 'rich', 'tasks', 'uvicorn', 'psycopg')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_who_has_seen_enough_ends_a_command_quietly(board):
    board.says("GET /capabilities", {"calls": ["x" * 1000] * 1000})
    pipeline = (
        f"{shlex.quote(sys.executable)} -m agentboard.cli.main capabilities --url {board.url} | head -c 1"
    )
    done = subprocess.run(["sh", "-c", pipeline], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("x", "")

"""The command line in this process, against a board that answers what a test tells it to."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agentboard.cli import main
from tests.agentboard.cli import fake_board


@dataclass(frozen=True)
class Ran:
    """How a command ended: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


class Terminal(io.StringIO):
    """Standard input when nobody has redirected it; reading it would wait for a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def board() -> Iterator[fake_board.FakeBoard]:
    """A fake board."""
    with fake_board.serving(fake_board.FakeBoard()) as one:
        yield one


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands keep what they remember, and an environment that says nothing else."""
    for name in ("AGENTBOARD_URL", "AGENTBOARD_AGENT", "AGENTBOARD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def run(
    board: fake_board.FakeBoard,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command as ada: `run("comment", "T-12", piped=b"It works")`; without `piped` (None) at a terminal."""
    monkeypatch.setenv("AGENTBOARD_URL", board.url)
    monkeypatch.setenv("AGENTBOARD_AGENT", "ada")

    def one(*arguments: str, piped: bytes | None = b"") -> Ran:
        given = Terminal() if piped is None else io.TextIOWrapper(io.BytesIO(piped))
        monkeypatch.setattr("sys.stdin", given)
        try:
            code = main.main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return one

"""One vocabulary: every kind of event that is recorded anywhere is known to `event_kinds`, and documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.domain import event_kinds, lifecycle

pytestmark = pytest.mark.once
ROOT = Path(__file__).parent.parent.parent


def test_every_kind_that_is_recorded_is_known_and_none_besides():
    """Add what is missing to `tasks/domain/event_kinds.py` and to docs/webhooks.md."""
    recorded = {kind for app in ("tasks", "channels_app", "agentboard") for kind in _recorded(ROOT / app)}
    assert recorded | {move.event for move in lifecycle.MOVES.values()} == event_kinds.KINDS


def test_every_kind_is_documented():
    page = (ROOT / "docs/webhooks.md").read_text()
    table = "".join(line for line in page.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", table)) == event_kinds.KINDS


def _recorded(app: Path) -> Iterator[str]:
    for path in app.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("events.record"):
                yield from _kinds(node.args[0])


def _kinds(argument: ast.expr) -> Iterator[str]:
    for node in ast.walk(argument):
        if isinstance(node, ast.Constant) and "." in str(node.value):
            yield str(node.value)
        elif isinstance(node, ast.Attribute) and node.attr == "TESTED":
            yield event_kinds.TESTED

"""A setting, an error code or a command that no page mentions does not exist for its user."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agentboard import env

pytestmark = pytest.mark.once
ROOT = Path(__file__).parent.parent.parent


def test_every_setting_is_documented_with_its_default():
    rows = dict(
        re.findall(
            r"^\| `AGENTBOARD_(\w+)` \| (?:`([^`]*)`)? ?\|",
            (ROOT / "docs/settings.md").read_text(),
            re.MULTILINE,
        )
    )
    assert rows == env.DEFAULTS


def test_every_error_code_is_documented():
    codes = set()
    for path in [*(ROOT / "tasks").rglob("*.py"), *(ROOT / "agentboard").rglob("*.py")]:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["code"]:
                codes |= {node.value.value} if isinstance(node.value, ast.Constant) else set()
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "problem"
            ):
                codes |= {a.value for a in node.args[1:2] if isinstance(a, ast.Constant)}
    documented = set(
        re.findall(r"^\| \d+ \| `(\w+)` \|", (ROOT / "docs/agents.md").read_text(), re.MULTILINE)
    )
    assert len(codes) > 10
    assert codes == documented


def test_every_command_is_documented():
    listed = subprocess.run(
        [sys.executable, "-m", "agentboard.cli.main", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = set(re.findall(r"^    (\w+) ", listed, re.MULTILINE))
    pages = "".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert "web" in commands
    assert {name for name in commands if f"agentboard {name}" not in pages} == set()


def test_the_pages_link_to_files_there_are():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"

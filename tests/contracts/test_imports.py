"""Who may import whom: the contracts in pyproject.toml, and what import-linter cannot say about parts of a package."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
BELOW_THE_DOORS = ["models", "queries", "domain"]
# import-linter sees an installed package as one thing; these rooms need django.db and none of this.
WEB = [
    *("django.contrib", "django.forms", "django.http", "django.middleware", "django.shortcuts"),
    *("django.template", "django.urls", "django.views", "asyncio", "http", "urllib.request"),
]


def test_the_import_contracts_hold():
    """In a process of its own: import-linter turns off the loggers of the one it runs in."""
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("floor", BELOW_THE_DOORS)
def test_below_the_doors_nothing_knows_the_web(floor: str):
    files = [path for app in ("tasks", "channels_app") for path in (ROOT / app / floor).rglob("*.py")]
    assert files
    reached = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in _imports(path)
        if any(name == web or name.startswith(f"{web}.") for web in WEB)
    ]
    assert reached == []


def test_nothing_but_outbound_can_send_to_the_outside():
    """What import-linter cannot name, because it is a part of a package of the standard library."""
    senders = (
        "http.client",
        "urllib.request",
        "smtplib",
        "ftplib",
        "asyncio.open_connection",
        "xmlrpc",
        "requests",
    )
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for app in ("agentboard", "channels_app", "tasks")
        for path in (ROOT / app).rglob("*.py")
        for name in _imports(path)
        if any(name == sender or name.startswith(f"{sender}.") for sender in senders)
    ]
    assert found == ["agentboard/outbound.py imports http.client"]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)

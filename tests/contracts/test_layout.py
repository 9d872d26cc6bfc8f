"""Where things are and how big they may get: what keeps a newcomer able to find a thing by its name."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["agentboard", "channels_app", "tasks"]
TOP_LEVEL = {
    *PACKAGES,
    *("templates", "static", "tests", "docs", ".ci"),
    *("manage.py", "Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"),
    *("README.md", "CHANGELOG.md", "LICENSE", ".gitignore"),
}
NAMES_THAT_SAY_NOTHING = {"models.py", "views.py", "services.py", "utils.py", "helpers.py", "common.py"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 30


def test_the_top_level_holds_only_what_a_newcomer_has_been_told_about():
    assert {path.parts[0] for path in _tracked()} - TOP_LEVEL == set()


def test_files_stay_under_300_lines():
    hand_written = {".py", ".html", ".css", ".js", ".sql", ".md"}
    sizes = {
        str(path): (ROOT / path).read_text().count("\n")
        for path in _ours()
        if path.suffix in hand_written and not {"vendor", "migrations"} & set(path.parts)
    }
    assert sizes
    assert {path: lines for path, lines in sizes.items() if lines >= LONGEST_FILE} == {}


def test_functions_stay_under_30_lines_without_their_docstring():
    long = [
        f"{path}:{function.lineno} {function.name} has {lines}"
        for path in _ours()
        if path.suffix == ".py" and path.parts[0] in PACKAGES and "migrations" not in path.parts
        for function, lines in _functions(path)
        if lines >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path) for path in _ours() if path.name in NAMES_THAT_SAY_NOTHING] == []


def test_tests_are_no_packages():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_modules_are_imported_as_rooms_not_reached_into_for_names():
    """`from tasks.domain import claims`, so that a call reads `claims.claim(…)`; a class may be named for its type."""
    reached = [
        f"{path}:{node.lineno} from {node.module} import {name.name}"
        for path in _ours()
        if path.suffix == ".py" and path.parts[0] in PACKAGES
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tasks.domain.")
        for name in node.names
        if name.name[0].islower() and not _is_room(f"{node.module}.{name.name}")
    ]
    assert reached == []


def _is_room(module: str) -> bool:
    place = ROOT / module.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").exists()


def _ours() -> list[Path]:
    roots = [*PACKAGES, "templates", "static", "tests", "docs"]
    return [
        path.relative_to(ROOT)
        for root in roots
        for path in sorted((ROOT / root).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def _functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            assert node.end_lineno
            yield node, node.end_lineno - first.lineno + 1


def _tracked() -> list[Path]:
    try:
        listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [Path(line) for line in listing.stdout.splitlines()]

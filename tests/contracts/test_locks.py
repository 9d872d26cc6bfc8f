"""The lock files: what is installed is what was looked at, from whatever index the machine uses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
EVERY_LOCK = pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
PIN = re.compile(
    r"[a-z0-9][a-z0-9.-]*(\[[a-z0-9,-]+\])?==[^ ]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+"
)


@EVERY_LOCK
def test_every_line_is_a_pinned_requirement_with_hashes_and_names_no_host_or_path(lock: Path):
    entries = re.split(r"\n(?! )", lock.read_text().strip())

    assert [entry for entry in entries if not PIN.fullmatch(entry)] == []


@EVERY_LOCK
def test_what_pyproject_asks_for_is_locked_in_a_version_it_accepts(lock: Path):
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["build"]]
    if lock == DEVELOPMENT:
        wanted += pyproject["dependency-groups"]["dev"]
    locked = _pins(lock)

    unmet = [
        need
        for need in map(Requirement, wanted)
        if need.name not in locked or not need.specifier.contains(locked[need.name])
    ]
    assert unmet == []


def test_tests_run_on_exactly_the_versions_that_users_get():
    runtime, development = _pins(RUNTIME), _pins(DEVELOPMENT)

    assert {name: development.get(name) for name in runtime} == runtime


def _pins(lock: Path) -> dict[str, str]:
    needs = [Requirement(line.rstrip("\\ ")) for line in lock.read_text().splitlines() if line[:1].isalnum()]
    return {need.name: next(iter(need.specifier)).version for need in needs}

"""Vendored files are what their table says they are, and nothing is vendored that the table does not list."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| `(?P<file>[^`]+)` \|[^|]+\|[^|]+\| `(?P<hash>[0-9a-f]{64})` \|$", re.MULTILINE)

pytestmark = pytest.mark.once


@pytest.mark.parametrize("directory", ["static/vendor", "tests/vendor"])
def test_vendored_files_are_listed_with_their_hashes(directory):
    vendor = ROOT / directory
    listed = {match["file"]: match["hash"] for match in _ROW.finditer((vendor / "VENDOR.md").read_text())}
    there = {
        str(file.relative_to(vendor)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in vendor.rglob("*")
        if file.suffix in {".js", ".css"}
    }

    assert listed
    assert there == listed
    assert all((vendor / Path(name).parts[0] / "LICENSE").exists() for name in listed)

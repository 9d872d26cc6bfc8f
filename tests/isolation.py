"""Loaded by pytest before Django reads its settings (`-p` in pyproject.toml): decides what the suite runs against.

`AGENTBOARD_TEST_DATABASE` is `sqlite` (the default), `postgresql` (a throw-away server) or the `postgresql://…` URL of
a server whose user may create databases. No other AGENTBOARD_ variable of the caller reaches a test.
"""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres_server

MISSING = pytest.StashKey[str]()
# Says what the database is called, on PostgreSQL, that the boards of this run are copied from.
TEMPLATE = "TESTS_BOARD_TEMPLATE"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, because pytest-django reads the settings in the first plain call of this hook."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        own = Path(os.environ["AGENTBOARD_DATA_DIR"], worker)
        own.mkdir(exist_ok=True)
        os.environ["AGENTBOARD_DATA_DIR"] = str(own)
    else:
        _isolate(early_config)
    yield


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Say loudly that this half of the suite does not run: allowed on a developer's machine, a failure in CI."""
    if not (reason := config.stash.get(MISSING, None)):
        return None
    line = "!" * 100
    print(f"{line}\nNOT TESTED ON POSTGRESQL: none can be had here.\n{reason}\n{line}", file=sys.stderr)
    return 1 if os.environ.get("CI", "").lower() not in ("", "0", "false") else 0


def pytest_configure() -> None:
    """Real password hashes are slow on purpose."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


def pytest_collection_finish() -> None:
    """Have the collector pass over what stays to the end (Django, thousands of tests): it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _isolate(config: pytest.Config) -> None:
    wanted = os.environ.get("AGENTBOARD_TEST_DATABASE", "sqlite")
    for name in [name for name in os.environ if name.startswith("AGENTBOARD_")]:
        del os.environ[name]
    # Python dies of SIGTERM without cleaning up; as an interrupt it closes what follows.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lasting = contextlib.ExitStack()
    config.add_cleanup(lasting.close)
    directory = tempfile.TemporaryDirectory(prefix="agentboard-tests-", ignore_cleanup_errors=True)
    os.environ["AGENTBOARD_DATA_DIR"] = lasting.enter_context(directory)
    if wanted == "postgresql":
        try:
            wanted = lasting.enter_context(postgres_server.running())
        except postgres_server.Unavailable as unavailable:
            config.stash[MISSING] = str(unavailable)
            return
    if wanted.startswith("postgresql://"):
        os.environ["AGENTBOARD_DATABASE_URL"] = wanted
        os.environ[TEMPLATE] = f"agentboard_template_{secrets.token_hex(4)}"
        lasting.callback(_drop, wanted, os.environ[TEMPLATE])
    elif wanted != "sqlite":
        raise pytest.UsageError(
            f"AGENTBOARD_TEST_DATABASE is sqlite, postgresql or postgresql://…, not {wanted!r}"
        )


def _drop(url: str, database: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

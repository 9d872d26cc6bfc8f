"""`agentboard demo`: a team of eight with a day behind it, on a board of its own that is thrown away at the end."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentboard import env
from agentboard.cli import exits
from agentboard.cli.operate import board, migrations, one_process, running, sign_in, up, web

# The settings of the environment that a demo heeds. With the others it could meet a board that is somebody's, or be
# told by other clocks than the story is.
_KEPT = ("HOST", "PORT", "ALLOWED_HOSTS")


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = running.add(
        subparsers,
        "demo",
        _demo,
        summary="show a living board: a team of eight, on a board of its own",
        about="Make a board with a day of a team's work on it, serve it and let the team go on, until SIGTERM or"
        " Ctrl-C. The board is a SQLite file in a temporary directory, which is removed at the end. AGENTBOARD_PORT and"
        " AGENTBOARD_HOST say where; no other setting is heeded.",
    )
    parser.add_argument(
        "--still", action="store_true", help="nobody goes on working: the board stays as it is"
    )
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="make the board in this directory, and leave it there"
    )


def _demo(options: argparse.Namespace) -> int:
    # Until the supervisor listens to it: what was begun is cleared away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _directory(options.keep) as directory:
        _set_apart(directory)
        settings = running.settings()
        web.refuse_exposure(settings)
        url = _free_address(settings)
        print("Making a board with a team and a day of its work…", flush=True)
        # Once more: it is known by now which port is free.
        link = _make(running.settings())
        end = (
            f"stops it; the board stays in {directory}"
            if options.keep
            else "stops it and throws the board away"
        )
        print(f"The demo is on {url}. Ctrl-C {end}.\n{link}", flush=True)
        from agentboard.serve import supervisor

        children = up.commands()
        if not options.still:
            children.append(("the demo's cast", [sys.executable, "-P", "-m", "agentboard.demo.cast", url]))
        return supervisor.up(children)


@contextmanager
def _directory(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="agentboard-demo-") as directory:
            yield Path(directory)
        return
    if kept.is_dir() and any(kept.iterdir()):
        raise exits.Failure(
            exits.REFUSED,
            f"{kept} is not empty.",
            fix=f"Name a new directory, or go on with a board that is there: AGENTBOARD_DATA_DIR={kept.resolve()}"
            " agentboard up.",
        )
    yield kept.resolve()


def _set_apart(directory: Path) -> None:
    """Make the environment, this process's and its children's, one of the demo alone."""
    for name in [name for name in os.environ if name.startswith(env.PREFIX)]:
        if name.removeprefix(env.PREFIX) not in _KEPT:
            del os.environ[name]
    os.environ[f"{env.PREFIX}DATA_DIR"] = str(directory)


def _free_address(settings: env.Env) -> str:
    """Where the board will be, found free before the work is begun; port 0 is set to one that is free."""
    from agentboard.serve import listening

    try:
        sockets = listening.listen(settings.host, settings.port)
    except listening.CannotListen as reason:
        raise exits.Failure(exits.REFUSED, str(reason), fix="") from None
    os.environ[f"{env.PREFIX}PORT"] = str(sockets[0].getsockname()[1])
    url = listening.url(sockets)
    for each in sockets:
        each.close()
    return url


def _make(settings: env.Env) -> str:
    """Make the board, and give the sentence that invites the visitor to sign in as the person of the story."""
    with board.connected():
        migrations.apply(settings)
        with one_process.only(settings, doing="is being made"):
            from django.utils import timezone

            from agentboard.demo import seeding, story

            told = story.load()
            seeding.play(told, now=timezone.now())
        return sign_in.invitation(settings, username=told.person)

"""The board: its database opened for a command, and what can go wrong with it said in a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from agentboard import env
from agentboard.cli import exits
from agentboard.cli.operate import migrations


@contextmanager
def opened(settings: env.Env, *, begin: bool = False) -> Iterator[None]:
    """Let the block use Django and the database, which must be migrated; `begin` makes a board where there is none.

    Refusals of the domain and failures of the database become failures of the command.
    """
    with connected():
        if begin and migrations.is_new():
            migrations.apply(settings)
        elif missing := migrations.missing():
            raise exits.Failure(
                exits.REFUSED,
                f"The database lacks {len(missing)} migration{'s' * (len(missing) > 1)} of this version.",
                fix="Run agentboard migrate.",
            )
        yield


@contextmanager
def connected() -> Iterator[None]:
    """Let the block use Django and the database as it is."""
    _set_up()
    from django.db import DatabaseError, InterfaceError, OperationalError, connections

    from tasks.domain import refusals

    try:
        yield
    except refusals.Refusal as refusal:
        code = exits.BAD_INPUT if isinstance(refusal, refusals.Invalid) else exits.REFUSED
        raise exits.Failure(code, refusal.detail, fix=refusal.fix) from None
    except DatabaseError as error:
        raise _of_database(error, unreachable=isinstance(error, OperationalError | InterfaceError)) from None
    finally:
        connections.close_all()


def _set_up() -> None:
    import django

    from agentboard import loading

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentboard.settings")
    try:
        with loading.kept():
            django.setup()
    except OSError as error:
        raise exits.Failure(
            exits.BAD_INPUT,
            f"The board's files cannot be kept there: {error}.",
            fix="Set AGENTBOARD_DATA_DIR to a directory that can be written to.",
        ) from None


def _of_database(error: Exception, *, unreachable: bool) -> exits.Failure:
    said = str(error).strip().partition("\n")[0]
    if unreachable:
        fix = "Look at AGENTBOARD_DATABASE_URL, and whether another command is busy with the board."
        return exits.Failure(exits.UNREACHABLE, f"The database does not answer: {said}.", fix=fix)
    return exits.Failure(exits.REFUSED, f"The database refused it, and nothing was written: {said}.", fix="")

"""Holding: the calls that carry the lease of a task, which the caller's memory supplies."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any

from agentboard.cli import connection, exits
from agentboard.cli.connection import Answer, Connection
from agentboard.cli.leases import Leases

LOST = "lease_lost"


def add_lease(parser: argparse.ArgumentParser) -> None:
    """Have the command take the lease that it is to show."""
    parser.add_argument("--lease", type=int, metavar="TOKEN", help="show this lease, not the noted one")


def post(
    board: Connection, leases: Leases, ref: str, what: str, body: Mapping[str, Any], *, lease: int | None
) -> Answer:
    """POST `/tasks/{ref}/{what}` as the caller, with `lease`, or else the remembered one, or else none.

    A lease that the board calls lost is forgotten, so that the next command does not show it again.
    """
    token = leases.of(ref) if lease is None else lease
    shown = {} if token is None else {"lease": token}
    try:
        return board.post(connection.task_path(ref, what), {**body, **shown})
    except exits.Failure as failure:
        if failure.code == LOST:
            leases.forget(ref, token)
        raise


def required(leases: Leases, ref: str, *, lease: int | None) -> int:
    """The `lease` that was given, or else the remembered one; fails, with the way to it, where there is neither."""
    token = leases.of(ref) if lease is None else lease
    if token is None:
        raise exits.Failure(
            exits.BAD_INPUT,
            f"No lease of {ref} is noted here.",
            fix="`agentboard active` shows what you hold and notes the leases; then run the same command again.",
        )
    return token


def keep(packets: list[dict[str, Any]], write: Callable[[list[dict[str, Any]]], None]) -> None:
    """Have the memory's `write` note the leases of packets; where it cannot, say so and how to do without."""
    try:
        write(packets)
    except OSError as error:
        tokens = ", ".join(f"{packet['task']['id']} --lease {packet['lease']['token']}" for packet in packets)
        print(f"agentboard: the lease could not be noted ({error}); {tokens}", file=sys.stderr)

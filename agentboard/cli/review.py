"""`agentboard review`: get a submission to judge, and judge it."""

from __future__ import annotations

import argparse
import contextlib
import os
from typing import Any

from agentboard.cli import commands, connection, exits, long_text, numbered, review_packets
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.memory import Memory

_ABOUT = """\
Without TASK it shows the oldest submission that you may judge, and keeps it for you for a while. With TASK it judges
the one that was shown: a note for every criterion, approved only if all are met. Never your own work. Exit code 4:
none waits."""
_STALE = "wrong_state"


def add_parser(subparsers: Any) -> None:
    """Add `review`."""
    parser = commands.add(
        subparsers,
        "review",
        _review,
        named=True,
        summary="give me a submission to judge, or judge it",
        about=_ABOUT,
        example="agentboard review\n"
        'agentboard review T-12 --approve --met "1=Ran make test: 212 passed"\n'
        'agentboard review T-12 --reject --met "1=It works" --unmet "2=No test fails without the fix"',
    )
    parser.add_argument("task", nargs="?", metavar="TASK", help="judge this one; its id, T-12 or 12")
    long_text.add_arguments(parser, what="a comment besides the notes")
    verdict = parser.add_mutually_exclusive_group()
    for one in ("approve", "reject"):
        verdict.add_argument(f"--{one}", dest="verdict", action="store_const", const=one)
    parser.add_argument(
        "--met", metavar="N=NOTE", action="append", help="criterion N is met, and how you know"
    )
    parser.add_argument("--unmet", metavar="N=NOTE", action="append", help="criterion N is not met, and why")
    parser.add_argument(
        "--submission", type=int, metavar="N", help="judge this one, not the one that was shown"
    )


def _review(board: Connection, options: argparse.Namespace) -> Outcome:
    shown = Memory("reviews", board.caller, os.environ)
    if options.task is not None:
        return _judge(board, options, shown)
    if options.verdict or options.met or options.unmet:
        raise exits.Failure(
            exits.BAD_INPUT, "No task is named.", fix="Name the one to judge: agentboard review T-12 ..."
        )
    answer = board.get("/reviews/next")
    packet = answer.body
    if packet["task"] is None:
        said = f"No submission waits for you. Ask again in {packet['retry_after']} s."
        return Outcome(answer, said, exits.NOTHING_TO_DO)
    with contextlib.suppress(OSError):
        # Where nothing can be kept, the packet says the number and the judgement asks for it.
        shown.note({packet["task"]["id"]: packet["submission"]["id"]})
    return Outcome(answer, review_packets.shown(packet))


def _judge(board: Connection, options: argparse.Namespace, shown: Memory) -> Outcome:
    submission = options.submission or shown.of(options.task)
    if options.verdict is None:
        raise exits.Failure(exits.BAD_INPUT, "There is no verdict.", fix="Give --approve or --reject.")
    if submission is None:
        raise exits.Failure(
            exits.BAD_INPUT,
            f"Which submission of {options.task} you have read is not noted here.",
            fix="Read one with `agentboard review`, or say its number: --submission N.",
        )
    body = {"submission": submission, "verdict": options.verdict, "criteria": _findings(options)}
    if comment := long_text.optional(options, what="comment"):
        body["comment"] = comment
    try:
        answer = board.post(connection.task_path(options.task, "reviews"), body)
    except exits.Failure as failure:
        if failure.code == _STALE:
            shown.forget(options.task, submission)
        raise
    shown.forget(options.task, submission)
    after = "" if options.verdict == "approve" else " again, with your notes for its worker"
    return Outcome(answer, f"{answer.body['id']} is {answer.body['status']}{after}.")


def _findings(options: argparse.Namespace) -> list[dict[str, Any]]:
    found = [(number, True, note) for number, note in numbered.read(options.met, option="--met")]
    found += [(number, False, note) for number, note in numbered.read(options.unmet, option="--unmet")]
    return [{"id": number, "met": met, "note": note} for number, met, note in sorted(found)]

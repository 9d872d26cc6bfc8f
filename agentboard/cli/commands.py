"""What the client's commands have in common: their options, their connection, what they print and how they end."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentboard.cli import callers, exits, plain, wording

if TYPE_CHECKING:
    from agentboard.cli.connection import Answer, Connection


@dataclass(frozen=True)
class Outcome:
    """What a command found: the board's answer, the same as plain text, and the exit code."""

    answer: Answer
    text: str
    code: int = exits.DONE


Handler = Callable[["Connection", argparse.Namespace], Outcome]


def add(
    subparsers: Any,
    name: str,
    handler: Handler,
    *,
    summary: str,
    about: str = "",
    example: str,
    named: bool = False,
) -> argparse.ArgumentParser:
    """Add a command whose handler gets a connection and its options; gives its parser, for options of its own.

    `summary` is its line in the list of commands, `about` what its own help says besides, `example` calls of it.
    A `named` command fails for a caller who did not say who it is.
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=summary,
        description="\n\n".join(filter(None, [summary[0].upper() + summary[1:] + ".", about])),
        epilog="Example:\n" + "\n".join(f"  {one}" for one in example.split("\n")),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    caller = parser.add_argument_group("the board and you")
    caller.add_argument("--agent", metavar="NAME", help="who you are (default: AGENTBOARD_AGENT)")
    caller.add_argument(
        "--url", help=f"the board's address (default: AGENTBOARD_URL, or {callers.DEFAULT_URL})"
    )
    caller.add_argument("--json", action="store_true", help="print the board's answer as it comes")
    parser.set_defaults(run=functools.partial(run, handler, named=named))
    return parser


def add_task(parser: argparse.ArgumentParser) -> None:
    """Have the command take a task."""
    parser.add_argument("task", metavar="TASK", help="its id, T-12 or 12")


def run(handler: Handler, options: argparse.Namespace, *, named: bool) -> int:
    """Let the handler do the command's work; print what it found, or why it failed, and give the exit code."""
    try:
        outcome = _handled(handler, options, named=named)
        _print(outcome.answer.content if options.json else outcome.text.encode())
        return outcome.code
    except exits.Failure as failure:
        if options.json and failure.answer:
            _print(failure.answer)
        return complain(failure)
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except BrokenPipeError:
        # Whoever read this has seen enough. Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.DONE


def complain(failure: exits.Failure) -> int:
    """Say on standard error what is true and what to do next; gives the exit code."""
    print(f"agentboard: {plain.line(failure.detail)}", file=sys.stderr)
    if failure.fix:
        print(f"fix: {wording.as_commands(plain.line(failure.fix))}", file=sys.stderr)
    return failure.exit_code


def _handled(handler: Handler, options: argparse.Namespace, *, named: bool) -> Outcome:
    from agentboard.cli.connection import Connection

    caller = callers.identify(os.environ, url=options.url, agent=options.agent)
    if named:
        callers.require_name(caller)
    board = Connection(caller)
    try:
        return handler(board, options)
    finally:
        board.close()


def _print(content: bytes) -> None:
    """As bytes: the terminal's encoding must neither change an answer nor choke on one."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content.rstrip(b"\n") + b"\n")
    sys.stdout.buffer.flush()

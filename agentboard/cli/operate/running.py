"""Running: an operator's command from its options to its exit code, and what it says when it cannot be done."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import agentboard
from agentboard import env
from agentboard.cli import exits, plain

# What a relative DATA_DIR counts from, here as in the settings.
BASE = Path(agentboard.__file__).resolve().parent.parent

Handler = Callable[[argparse.Namespace], int]


def add(subparsers: Any, name: str, handler: Handler, *, summary: str, about: str) -> argparse.ArgumentParser:
    """Add a command; gives its parser, for options of its own. `summary` is its line in the list of commands."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=summary, description=about, allow_abbrev=False
    )
    parser.set_defaults(run=functools.partial(run, handler))
    return parser


def run(handler: Handler, options: argparse.Namespace) -> int:
    """Let the handler do the work, and give the exit code; a failure is told in a sentence on standard error."""
    try:
        return handler(options)
    except exits.Failure as failure:
        _say(failure.detail)
        if failure.fix:
            print(f"fix: {plain.line(failure.fix)}", file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except BrokenPipeError:
        # Whoever read this has seen enough. Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.DONE


def settings() -> env.Env:
    """The settings in the environment. Fails with the sentence that names the variable which is wrong."""
    try:
        return env.load(os.environ, base=BASE)
    except env.EnvError as error:
        raise exits.Failure(exits.BAD_INPUT, str(error), fix="") from None


def _say(sentence: str) -> None:
    print(f"agentboard: {plain.line(sentence)}", file=sys.stderr)

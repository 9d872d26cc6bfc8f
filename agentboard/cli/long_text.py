"""Long text: from the command line, from a file, or from standard input."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agentboard.cli import exits


def add_arguments(parser: argparse.ArgumentParser, *, what: str) -> None:
    """Have the parser take the text as an argument, as `--file FILE`, or from standard input."""
    parser.add_argument("text", nargs="?", metavar="TEXT", help=f"{what}; - reads standard input")
    parser.add_argument("--file", metavar="FILE", help="read it from FILE; - is standard input")


def read(options: argparse.Namespace, *, what: str) -> str:
    """The text that the options give, without blank lines at its end; a pipe is read if they give none.

    Fails if there is none, if there are two, or if it is not UTF-8.
    """
    if options.text is not None and options.file is not None:
        raise exits.Failure(exits.BAD_INPUT, f"There are two: {what} and --file.", fix="Give one of them.")
    source = "-" if options.text == "-" else options.file
    if source is not None:
        text = content(source)
    elif options.text is not None:
        text = options.text
    else:
        text = "" if sys.stdin is None or sys.stdin.isatty() else content("-")
    if not text.strip():
        raise exits.Failure(
            exits.BAD_INPUT,
            f"There is no {what}.",
            fix=f"Give the {what} as an argument, with --file FILE, or through a pipe.",
        )
    return text.rstrip()


def given(value: str) -> str:
    """The text of an option: as it is, or what the file holds that it names as `@FILE` (`@-`: standard input)."""
    return content(value[1:]).rstrip() if value.startswith("@") and len(value) > 1 else value


def optional(options: argparse.Namespace, *, what: str) -> str:
    """The same where the text may be left out, which gives an empty one; a pipe is read only where `-` asks for it."""
    return "" if options.text is None and options.file is None else read(options, what=what)


def content(file: str) -> str:
    """What the file holds (`-`: standard input). Fails if it cannot be read or is not UTF-8."""
    name = "standard input" if file == "-" else file
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise exits.Failure(exits.BAD_INPUT, f"{name}: {reason}.", fix="Name a file to read.") from None
    except UnicodeDecodeError:
        raise exits.Failure(
            exits.BAD_INPUT, f"{name} is not UTF-8 text.", fix="Convert it, or say what it shows in words."
        ) from None

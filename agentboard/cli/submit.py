"""`agentboard submit`: hand a task in, with evidence for every criterion."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, exits, holding, long_text, numbered, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases

_ABOUT = """\
Every done criterion needs evidence: what another agent can look at or run to see that it is met. Your lease ends, and
somebody else judges it; rejected, it comes back to you with notes. A file of evidence has a line `1=...` for each
criterion, and the lines below it belong to it. Exit code 3: you have lost the lease; nothing was written."""


def add_parser(subparsers: Any) -> None:
    """Add `submit`."""
    parser = commands.add(
        subparsers,
        "submit",
        _submit,
        named=True,
        summary="hand a task in for review, with evidence for every criterion",
        about=_ABOUT,
        example='agentboard submit T-12 "Raised the pool\'s limit" --evidence "1=make test: 212 passed"'
        ' --artifact "fix=src/pool.py#L40"\n'
        "agentboard submit T-12 --file summary.md --evidence-file evidence.txt",
    )
    commands.add_task(parser)
    long_text.add_arguments(parser, what="the summary")
    add = parser.add_argument
    add("--evidence", metavar="N=TEXT", action="append", help="why criterion N is met; once for each")
    add("--evidence-file", metavar="FILE", help="read the evidence from FILE; - is standard input")
    add(
        "--artifact", metavar="LABEL=URL", action="append",
        help="what it left behind: http(s), or a path in the repository; once for each",
    )  # fmt: skip
    add("--caveats", metavar="TEXT", help="what the reviewer should know is not perfect")
    holding.add_lease(parser)


def _submit(board: Connection, options: argparse.Namespace) -> Outcome:
    leases = Leases(board.caller, os.environ)
    lease = holding.required(leases, options.task, lease=options.lease)
    answer = holding.post(board, leases, options.task, "submissions", _body(options), lease=lease)
    leases.forget(options.task, lease)
    receipt = answer.body
    reviewer = plain.line(receipt.get("reviewer") or "anybody who has not worked on it")
    said = f"Submission {receipt['submission']} of {receipt['id']} waits to be judged by {reviewer}."
    return Outcome(answer, f"{said} `agentboard next` gives you another task.")


def _body(options: argparse.Namespace) -> dict[str, Any]:
    body: dict[str, Any] = {"evidence": _evidence(options)}
    if options.artifact:
        body["artifacts"] = [_artifact(one) for one in options.artifact]
    if options.caveats:
        body["caveats"] = options.caveats
    return {"summary": long_text.read(options, what="summary"), **body}


def _evidence(options: argparse.Namespace) -> list[dict[str, Any]]:
    found = numbered.read(options.evidence, option="--evidence")
    if options.evidence_file == "-" and options.text in (None, "-") and options.file in (None, "-"):
        raise exits.Failure(
            exits.BAD_INPUT,
            "Summary and evidence cannot both come from standard input.",
            fix="Give the summary as an argument, in quotes.",
        )
    if options.evidence_file is not None:
        found += numbered.read_file(options.evidence_file, option="--evidence")
    return [{"criterion": number, "text": text} for number, text in found]


def _artifact(value: str) -> dict[str, str]:
    label, _, url = (part.strip() for part in value.partition("="))
    if not label or not url:
        raise exits.Failure(
            exits.BAD_INPUT,
            f"--artifact: '{value[:60]}' is no label and address.",
            fix='Write --artifact "patch=https://example.org/pull/7", or a path in the repository.',
        )
    return {"label": label, "url": url}

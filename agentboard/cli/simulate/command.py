"""`agentboard simulate`: play a team of agents and check that the board keeps its word."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from typing import Any

from agentboard.cli import callers, commands, exits
from agentboard.cli.simulate.plan import Plan

VIOLATED = 1
DEFAULT_SECONDS = 30.0
LONGEST_DRAIN = 600.0
MOST_AGENTS = 500

_ABOUT = """\
Each agent is a thread that knows the board only by its API: it asks for work, claims, writes to the log, and every so
often its session dies without a word, also in the middle of a call. Then it comes back cold and must find its task,
its lease and its words again. The tasks have to be there already; nothing but comments is written to them, unless
--drain has the agents hand in what they hold and judge each other's work, until nobody finds anything more to do.

Checked from the board's answers, while it runs and once more at the end: no task is held by two agents, no claim and
no comment that was confirmed is lost, a task is given out only when what it depends on is finished. With --drain also:
nothing is finished twice or by its own worker, no submission, verdict or note is lost, and whatever the team could
finish is finished. What it may not be given (no criteria, a circle, other skills) is counted and no fault.

Exit code 0: the board kept its word. 1: it did not, and the summary says where."""


def add_parser(subparsers: Any) -> None:
    """Add `simulate`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "simulate",
        help="play a team of agents, and check that the board keeps its word",
        description=_ABOUT,
        epilog="Example:\n  agentboard simulate --agents 8 --seconds 60 --wip 3\n  agentboard simulate --drain",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_options(parser)
    parser.add_argument("--url", help=f"the board (default: AGENTBOARD_URL, or {callers.DEFAULT_URL})")
    parser.add_argument("--json", action="store_true", help="print nothing but the summary, as JSON")
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--agents", type=_whole(MOST_AGENTS), default=8, metavar="N", help="how many (default: 8)")
    add(
        "--seconds",
        type=_positive,
        metavar="N",
        help=f"for how long at most (default: {DEFAULT_SECONDS:g}; with --drain: {LONGEST_DRAIN:g})",
    )
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--until-idle", action="store_true", help="until nobody finds anything more to claim")
    until.add_argument(
        "--drain",
        action="store_true",
        help="finish tasks and review each other's, until nothing is left to do",
    )
    add("--seed", type=int, metavar="N", help="decide as a run with this seed did")
    add(
        "--death-rate",
        type=_share,
        default=0.05,
        metavar="P",
        help="chance to die after each act (default: 0.05)",
    )
    add("--wip", type=_whole(1000), metavar="N", help="let each hold up to N tasks at once (stays so)")
    pace = "seconds between two acts, on average (default: 0.1)"
    add("--pace", type=_positive, default=0.1, metavar="S", help=pace)
    add("--prefix", default="sim-", help="their names: sim-1, sim-2, ... (default: sim-)")


def _run(options: argparse.Namespace) -> int:
    try:
        found = _played(_plan(options), quiet=options.json)
    except exits.Failure as failure:
        return commands.complain(failure)
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    return VIOLATED if found["violations"] else exits.DONE


def _played(plan: Plan, *, quiet: bool) -> dict[str, Any]:
    """Play the plan and print how it went; gives the facts of the summary. `quiet` prints only those, as JSON."""
    # Late: it loads the HTTP client, which `agentboard --help` has no use for.
    from agentboard.cli.simulate import summary, table
    from agentboard.cli.simulate.team import Team

    team = Team(plan)
    team.gather()
    with table.shown(team, quiet=quiet) as look:
        team.play(look)
    if not quiet:
        print(f"checking {len(team.ledger.claims)} tasks and what was written to them", flush=True)
    team.audit()
    found = summary.facts(team)
    print(json.dumps(found) if quiet else summary.text(found))
    return found


def _plan(options: argparse.Namespace) -> Plan:
    plan = Plan(
        url=callers.identify(os.environ, url=options.url, agent=None).url,
        names=tuple(f"{options.prefix}{number}".lower() for number in range(1, options.agents + 1)),
        seconds=_seconds(options),
        seed=secrets.randbelow(10**6) if options.seed is None else options.seed,
        death_rate=options.death_rate,
        wip=options.wip,
        pace=options.pace,
        environ=os.environ,
        drains=options.drain,
    )
    if plan.drains and len(plan.names) < 2:
        raise exits.Failure(
            exits.BAD_INPUT, "Nobody judges its own work.", fix="Drain a board with two agents or more."
        )
    for name in plan.names:
        plan.caller(name)
    return plan


def _seconds(options: argparse.Namespace) -> float | None:
    if options.until_idle and options.seconds:
        raise exits.Failure(
            exits.BAD_INPUT, "--seconds and --until-idle say different ends.", fix="Give one of them."
        )
    if options.until_idle:
        return None
    usual = LONGEST_DRAIN if options.drain else DEFAULT_SECONDS
    return float(options.seconds or usual)


def _whole(most: int) -> Any:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 1 to {most}")
        return int(text)

    return number


def _positive(text: str) -> float:
    number = _float(text)
    if not 0 < number < 10**7:
        raise argparse.ArgumentTypeError(f"'{text}' is no number above 0")
    return number


def _share(text: str) -> float:
    number = _float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to 1")
    return number


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no number") from None

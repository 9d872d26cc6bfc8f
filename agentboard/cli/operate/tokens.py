"""`agentboard tokens`: make, list and revoke the tokens with which programs prove which agent they are."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from agentboard.cli import exits
from agentboard.cli.operate import board, running

_ABOUT = """\
create NAME    print a new token of an agent, which is made if there is none of that name; it is shown this once
list [NAME]    the tokens there are, newest first, and when each was last used
revoke PREFIX  let a token in no more; PREFIX is its beginning, such as ab_x4k2m9p7"""
_SHOWN = 200


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = running.add(
        subparsers,
        "tokens",
        _tokens,
        summary="make, list and revoke tokens of agents",
        about=_ABOUT,
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("create", "list", "revoke"))
    parser.add_argument("name", metavar="NAME", nargs="?", help="the agent, or the beginning of the token")
    new = parser.add_argument_group("for create")
    new.add_argument("--label", metavar="TEXT", default="", help="what it is for, such as the machine")
    new.add_argument(
        "--expires", metavar="TIME", help="how long it is good, such as 90d (default: until revoked)"
    )


def _tokens(options: argparse.Namespace) -> int:
    if options.what != "list" and not options.name:
        raise exits.Failure(
            exits.BAD_INPUT, f"tokens {options.what} takes a name.", fix="Run agentboard tokens --help."
        )
    do = {"create": _create, "list": _list, "revoke": _revoke}[options.what]
    with board.opened(running.settings()):
        do(options, datetime.now(UTC))
    return exits.DONE


def _create(options: argparse.Namespace, now: datetime) -> None:
    from tasks.domain import tokens

    lives = _duration(options.expires) if options.expires else None
    issued = tokens.issue_to(options.name, by=None, now=now, label=options.label, lives=lives)
    print(f"The token of {issued.token.agent.name}; it is shown this once.", file=sys.stderr)
    print(issued.secret)


def _list(options: argparse.Namespace, now: datetime) -> None:
    from tasks.domain import agents
    from tasks.queries import token_list

    agent = agents.find(options.name) if options.name else None
    found = list(token_list.newest(agent=agent)[: _SHOWN + 1])
    for token in found[:_SHOWN]:
        used = f"used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
        print(
            "  ".join(
                filter(None, (f"ab_{token.prefix}", token.agent.name, _state(token, now), used, token.label))
            )
        )
    if not found:
        print("There are no tokens; agentboard tokens create NAME makes one.", file=sys.stderr)
    if len(found) > _SHOWN:
        print(f"Those were the newest {_SHOWN}; give an agent's NAME for its own.", file=sys.stderr)


def _revoke(options: argparse.Namespace, now: datetime) -> None:
    from tasks.domain import tokens

    token = tokens.revoke(options.name, by=None, now=now)
    print(f"ab_{token.prefix} of {token.agent.name} lets nobody in any more.")


def _state(token: Any, now: datetime) -> str:
    state: str = token.state(now=now)
    ends = token.revoked_at or token.expires_at
    if ends is None:
        return state
    return f"{'good until' if state == 'good' else state} {ends:%Y-%m-%d}"


def _duration(text: str) -> timedelta:
    from tasks import durations

    try:
        return durations.parse(text)
    except ValueError as error:
        raise exits.Failure(exits.BAD_INPUT, f"--expires: {error}", fix="Give one such as 90d.") from None

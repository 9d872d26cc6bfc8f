"""`agentboard sign-in`: a link that lets a person onto the board's pages, once, without a password."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from typing import Any

from agentboard import env
from agentboard.cli import exits
from agentboard.cli.operate import board, running, web


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = running.add(
        subparsers,
        "sign-in",
        _sign_in,
        summary="print a one-time link that signs you in to the board's pages",
        about="Print a link that signs a person in to the board's pages, once, within 30 minutes. Without --user it is"
        " for the administrator that stands for whoever runs the board, who is made on first use; a password can be set"
        " in the admin.",
    )
    parser.add_argument("--user", metavar="NAME", help="the account to sign in to (default: your own name)")


def invitation(settings: env.Env, *, username: str | None = None) -> str:
    """A sentence with a new link for whoever runs the board (or the account that is named), or with the reason why
    there is none. Needs the board."""
    from tasks.domain import refusals

    try:
        return _sentence(settings, username)
    except refusals.Refusal as refusal:
        return f"There is no sign-in link: {refusal.detail}"


def _sign_in(options: argparse.Namespace) -> int:
    settings = running.settings()
    with board.opened(settings):
        print(_sentence(settings, options.user))
    return exits.DONE


def _sentence(settings: env.Env, username: str | None) -> str:
    from tasks.domain import people, sign_in

    now = datetime.now(UTC)
    link = sign_in.issue(username or people.operator(_login()), now=now)
    minutes = int((link.expires_at - now).total_seconds() // 60)
    where = web.address(settings) if settings.port else ""
    return f"Sign in as {link.username}, once, within {minutes} minutes: {where}/board/sign-in/{link.secret}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # A container may run under a number that has no name.
        return ""

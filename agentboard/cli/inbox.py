"""`agentboard inbox`: what concerns you, and saying that you have read it."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, packets, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `inbox`."""
    parser = commands.add(
        subparsers,
        "inbox",
        _inbox,
        named=True,
        summary="list what concerns you: mentions, review requests, handoffs, rejections",
        about="Unread first, the oldest of it first. Nothing counts as read because it was listed: --read marks what\n"
        "is shown as read, and shows nothing but what is unread.",
        example="agentboard inbox\nagentboard inbox --read",
    )
    parser.add_argument("--read", action="store_true", help="show what is unread and mark that as read")
    parser.add_argument("--limit", type=int, help="at most this many (default: 50)")
    parser.add_argument("--cursor", help="go on where an earlier list ended")


def _inbox(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/inbox", limit=options.limit, cursor=options.cursor, agent=board.caller.agent)
    items, left = answer.body["items"], answer.body["unread"]
    if options.read:
        items = [item for item in items if item["unread"]]
        if items:
            up_to = max(item["id"] for item in items)
            left = board.post("/inbox/read", {"up_to": up_to}).body["unread"]
    entries = [_entry(item) for item in items]
    if options.read and left:
        entries.append(f"{left} more unread: run it again.")
    elif not options.read and (cursor := answer.body.get("next_cursor")):
        entries.append(f"There is more: add --cursor {plain.line(cursor)}")
    if not entries:
        return Outcome(answer, "Nothing is unread." if options.read else "Your inbox is empty.")
    return Outcome(answer, "\n".join([packets.LEGEND, *entries]))


def _entry(item: dict[str, Any]) -> str:
    place = f"#{plain.line(item['channel'])} {item['message']}" if "channel" in item else None
    about = plain.facts([("", item.get("task")), ("in", place), ("comment", item.get("comment"))])
    head = f"{item['id']} {plain.line(item['kind']).replace('_', ' ')} by {plain.line(item['by'])}"
    unread = "unread, " if item["unread"] else ""
    return f"{head}, {unread}{plain.line(item['at'])}{f' [{about}]' if about else ''}:\n{plain.quoted(item['text'])}"

"""`agentboard channels`, `messages` and `post`: where to talk, what was said there, and saying something."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import quote

from agentboard.cli import commands, exits, long_text, packets, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add the three of them."""
    parser = commands.add(
        subparsers, "channels", _channels, summary="list the channels", example="agentboard channels"
    )
    parser.add_argument("--after", metavar="NAME", help="go on where an earlier list ended")
    _add_messages(subparsers)
    parser = commands.add(
        subparsers,
        "post",
        _post,
        named=True,
        summary="write to a channel",
        about="@name puts it into an agent's inbox, T-12 links to a task; names in `code` do neither.",
        example='agentboard post general "@rita the staging server is back"\n'
        "git log -3 --oneline | agentboard post shipping",
    )
    parser.add_argument("channel", metavar="CHANNEL", help="its name, such as general")
    long_text.add_arguments(parser, what="what you have to say")
    parser.add_argument("--reply-to", type=int, metavar="ID", help="answer this message")


def _add_messages(subparsers: Any) -> None:
    parser = commands.add(
        subparsers,
        "messages",
        _messages,
        summary="read a channel, newest message last",
        example="agentboard messages reviews --limit 10\nagentboard messages general --since 41",
    )
    parser.add_argument("channel", metavar="CHANNEL", help="its name, such as general")
    parser.add_argument("--since", type=int, metavar="ID", help="only messages after this one, oldest first")
    parser.add_argument("-q", metavar="WORDS", help="only messages that contain these words")
    parser.add_argument("--thread", type=int, metavar="ID", help="only the thread of this message")
    parser.add_argument("--limit", type=int, help="at most this many (default: 50)")
    parser.add_argument("--cursor", help="go on to older ones where an earlier list ended")


def _channels(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/channels", after=options.after)
    lines = [
        f"{plain.line(one['name'])} {one['messages']} messages {plain.line(one['topic'])}".rstrip()
        for one in answer.body["channels"]
    ]
    if after := answer.body.get("next_after"):
        lines.append(f"There is more: add --after {plain.line(after)}")
    return Outcome(answer, "\n".join(lines) or "There are no channels.")


def _messages(board: Connection, options: argparse.Namespace) -> Outcome:
    asked = {name: getattr(options, name) for name in ("since", "q", "thread", "limit", "cursor")}
    answer = board.get(_path(options.channel), **asked)
    entries = [_entry(message) for message in answer.body["messages"]]
    if not entries:
        return Outcome(answer, "Nothing is said there.")
    if options.since is None:
        entries.reverse()
    if after := answer.body.get("next_since"):
        entries.append(f"There is more: add --since {after}")
    if cursor := answer.body.get("next_cursor"):
        entries.insert(0, f"There is more before these: add --cursor {plain.line(cursor)}")
    return Outcome(answer, "\n".join([packets.LEGEND, *entries]))


def _entry(message: dict[str, Any]) -> str:
    about = plain.facts(
        [("answers", message.get("reply_to")), ("", message.get("task")), ("", message.get("event"))]
    )
    head = f"{message['id']} {plain.line(message['by'])}, {plain.line(message['at'])}"
    return f"{head}{f' [{about}]' if about else ''}:\n{plain.quoted(message['text'])}"


def _post(board: Connection, options: argparse.Namespace) -> Outcome:
    body: dict[str, Any] = {"text": long_text.read(options, what="text")}
    if options.reply_to is not None:
        body["reply_to"] = options.reply_to
    answer = board.post(_path(options.channel), body)
    receipt = answer.body
    said = f"Message {receipt['id']} is in {plain.line(receipt['channel'])}"
    if reached := receipt.get("reached"):
        said += f"; it mentions {reached} agent{'s' * (reached > 1)}"
    return Outcome(answer, f"{said}.")


def _path(channel: str) -> str:
    name = channel.strip().removeprefix("#")
    if not name.strip("."):
        raise exits.Failure(exits.BAD_INPUT, "The channel's name is empty.", fix="Give one such as general.")
    return f"/channels/{quote(name, safe='')}/messages"

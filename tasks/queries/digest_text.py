"""A digest as people and agents read it: Markdown, short enough for either."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tasks.queries import digests

# 600 tokens, at 4 characters each.
LONGEST = 2400
_TITLE = 60
_WHY = 90
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))
# Titles are written by agents: no link, picture, code or heading of theirs in what the board says.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")

_SECTIONS: Sequence[tuple[str, str, str]] = (
    ("stale", "Stale", "{task}, {holder} silent for {age}"),
    ("abandoned", "Abandoned?", "{task}, {agent}, {age}"),
    ("blocked", "Blocked", "{task}, for {age}{why}"),
    ("reviews", "Waiting for review", "{task}, {reviewer}, for {age}"),
    ("shipped", "Shipped", "{task}, by {worker}"),
    ("rejected", "Rejected", "{task}, by {by}"),
)


def write(data: dict[str, Any], *, since: datetime, now: datetime) -> str:
    """The digest `data` in at most LONGEST characters: counts, and as many of the worst of each list as fit."""
    for worst in range(5, -1, -1):
        text = _written(data, since=since, now=now, worst=worst)
        if len(text) <= LONGEST:
            break
    return text


def _written(data: dict[str, Any], *, since: datetime, now: datetime, worst: int) -> str:
    needs = data["needs_human"]
    lines = [f"# Digest of {now:%Y-%m-%d %H:%M} UTC", ""]
    lines += [f"**Needs a human: {_counted(needs['count'])}**"]
    lines += [
        f"- {_task(task)}: {_plain(task['why'], _WHY)}, {_age(task['for'])}"
        for task in needs["tasks"][:worst]
    ]
    lines += [
        f"- Webhook {one['id']} is off: {_plain(one['why'], _WHY)}, {_age(one['for'])}"
        for one in needs.get("webhooks", [])[:worst]
    ]
    states = ", ".join(f"{count} {status}" for status, count in data["tasks"].items())
    ready = data["ready"]
    lines += [
        "",
        f"Tasks: {states}.",
        f"Ready: {_counted(ready['count'])}, reserved: {_counted(ready['reserved'])}.",
    ]
    for name, title, shape in _SECTIONS:
        found = data[name]
        when = f" since {since:%m-%d %H:%M}" if name in ("shipped", "rejected") else ""
        lines += ["", f"{title}{when}: {_counted(found['count'])}"]
        lines += [f"- {_line(shape, task)}" for task in found["tasks"][:worst]]
    lines += ["", _agents(data["agents"])]
    return "\n".join(lines) + "\n"


def _line(shape: str, task: dict[str, Any]) -> str:
    who = task.get("holder") or task.get("reserved_for")
    return shape.format(
        task=_task(task),
        holder=task.get("holder"),
        agent=f"{who} gone" if task.get("holder") else f"kept for {who}",
        reviewer=task.get("reviewer") or "no reviewer",
        worker=task.get("worker") or task.get("by") or "nobody",
        by=task.get("by") or "system",
        age=_age(task.get("for", 0)),
        why=f": {_plain(task['why'], _WHY)}" if task.get("why") else "",
    )


def _agents(agents: dict[str, Any]) -> str:
    states = ", ".join(
        f"{agents[name]} {name}" for name in ("working", "reviewing", "idle", "blocked", "offline")
    )
    return f"Agents: {agents['count']}; {states}."


def _task(task: dict[str, Any]) -> str:
    return f"{task['id']} {_plain(task['title'], _TITLE)}"


def _plain(text: str, most: int) -> str:
    line = " ".join(text.split())
    return _MARKUP.sub(r"\\\1", line if len(line) <= most else f"{line[: most - 1]}…")


def _age(seconds: int) -> str:
    return next((f"{seconds // size}{unit}" for size, unit in _UNITS if seconds >= size), f"{seconds}s")


def _counted(count: int) -> str:
    return f"{count}+" if count >= digests.COUNTED_TO else str(count)

"""A small board in memory that keeps its word, except for the one lie it is told to tell.

What a simulation has to notice is a board that lies, and a real one cannot be made to.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.agentboard.cli.fake_board import Asked, Said, problem

_PATHS = [
    ("POST /agents", "register"),
    ("GET /agents", "agents"),
    (r"(GET|PATCH) /agents/(?P<name>[\w-]+)", "agent"),
    (r"POST /agents/(?P<name>[\w-]+)/heartbeat", "heartbeat"),
    ("GET /tasks", "ready"),
    ("GET /tasks/next", "next"),
    ("GET /tasks/active", "active"),
    (r"POST /tasks/(?P<ref>T-\d+)/claim", "claim"),
    (r"POST /tasks/(?P<ref>T-\d+)/comments", "comment"),
    (r"GET /tasks/(?P<ref>T-\d+)/comments", "comments"),
    (r"GET /tasks/(?P<ref>T-\d+)/events", "events"),
    (r"GET /tasks/(?P<ref>T-\d+)", "show"),
]


@dataclass
class Task:
    ref: str
    status: str = "todo"
    holder: str | None = None
    token: int = 0
    depends_on: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


class LyingBoard:
    """`lie` is what it lies about, in words; None is the truth."""

    url: str
    paths = _PATHS

    def __init__(self, lie: str | None, *, tasks: int = 40) -> None:
        self.lie = lie
        self.lied = 0
        self.lock = threading.RLock()
        self.limits: dict[str, int] = {}
        self.comment_count = 0
        self.event_count = 0
        self.tasks: dict[str, Any] = {f"T-{number}": Task(f"T-{number}") for number in range(1, tasks + 1)}

    def answer(self, asked: Asked) -> Said:
        """Answer a request as the API does, as far as a simulation makes use of it."""
        with self.lock:
            for pattern, name in self.paths:
                if found := re.fullmatch(pattern, f"{asked.method} {asked.path}"):
                    answer: Callable[..., Any] = getattr(self, f"_{name}")
                    said = answer(asked, **found.groupdict())
                    return said if isinstance(said, Said) else Said(200, said)
        raise AssertionError(f"nothing answers {asked.method} {asked.path}")

    def lies(self, lie: str, *, once: bool = False) -> bool:
        """Whether to tell this lie now."""
        if self.lie != lie or (once and self.lied):
            return False
        self.lied += 1
        return True

    def take_back(self, task: Task, *, tell: bool) -> None:
        """Put a task back, with or without a word about it in its history."""
        task.status, task.holder = "todo", None
        if tell:
            self.record(task, "task.reclaimed", "system")

    def free_for(self, name: str) -> list[Any]:
        return [task for task in self.tasks.values() if task.status == "todo"]

    def held(self, name: str) -> list[Any]:
        return [task for task in self.tasks.values() if task.holder == name]

    def _register(self, asked: Asked) -> Any:
        name = asked.body["name"]
        if name in self.limits:
            return problem(409, "wrong_state")
        self.limits[name] = 1
        return Said(201, {"wip_limit": 1, "skills": []})

    def _agent(self, asked: Asked, name: str) -> Any:
        if asked.body:
            self.limits[name] = asked.body["wip_limit"]
        return {"wip_limit": self.limits[name], "skills": []}

    def _agents(self, asked: Asked) -> Any:
        holds = {name: [task.ref for task in self.held(name)] for name in self.limits}
        if any(holds.values()) and self.lies("lists a task under two agents"):
            shown = next(refs for refs in holds.values() if refs)[0]
            holds = {name: [shown] for name in holds}
        return {"agents": [{"name": name, "holds": refs} for name, refs in holds.items()]}

    def _heartbeat(self, asked: Asked, name: str) -> Any:
        return problem(500, "internal") if self.lies("fails") else {"agent": name}

    def _ready(self, asked: Asked) -> Any:
        return {"tasks": [{"id": task.ref} for task in self.tasks.values() if task.status == "todo"][:20]}

    def _next(self, asked: Asked) -> Any:
        name = asked.headers["x-agent"]
        held = self.held(name)
        if len(held) >= self.limits[name]:
            if self.lies("has nothing for who is full"):
                return nothing()
            return self._packet(held[0], resumed=True)
        taken = [task for task in self.tasks.values() if task.holder not in (None, name)]
        if taken and self.lies("gives a task that somebody holds", once=True):
            return self._take(taken[0], name)
        written = [task for task in taken if task.comments]
        if written and self.lies("takes a task back and says so", once=True):
            self.take_back(written[0], tell=True)
        free = self.free_for(name)
        if free and self.lies("gives a task that has to wait"):
            free[0].depends_on = [free[-1].ref]
        return self._take(free[0], name) if free else nothing()

    def _active(self, asked: Asked) -> Any:
        held = self.held(asked.headers["x-agent"])
        if held and self.lies("forgets a claim", once=True):
            self.take_back(held.pop(0), tell=False)
        if held and self.lies("changes a token"):
            held[0].token += 1
        free = [task for task in self.tasks.values() if task.status == "todo"]
        if free and held and self.lies("adds a task nobody asked for"):
            self._take(free[-1], asked.headers["x-agent"])
            held.append(free[-1])
        return {"tasks": [self._packet(task, resumed=True) for task in held]}

    def _claim(self, asked: Asked, ref: str) -> Any:
        task, name = self.tasks[ref], asked.headers["x-agent"]
        if task.status != "todo":
            return problem(409, "already_claimed")
        return self._take(task, name)

    def _comment(self, asked: Asked, ref: str) -> Any:
        task, name = self.tasks[ref], asked.headers["x-agent"]
        if (task.holder, task.token) != (name, asked.body["lease"]):
            return problem(409, "lease_lost")
        self.comment_count += 1
        entry = {"id": self.comment_count, "by": name, "kind": asked.body["kind"], "text": asked.body["text"]}
        if self.lies("writes half a comment"):
            entry["text"] = entry["text"][:12]
        if not self.lies("loses a comment"):
            task.comments.append(entry)
        if self.lies("writes a comment twice"):
            self.comment_count += 1
            task.comments.append(entry | {"id": self.comment_count})
        return Said(201, {"id": entry["id"], "on": ref, "status": "doing"})

    def _comments(self, asked: Asked, ref: str) -> Any:
        since = int(asked.query["since"])
        found = [entry for entry in self.tasks[ref].comments if entry["id"] > since]
        return {"comments": found[:2]} | ({"next_since": found[1]["id"]} if len(found) > 2 else {})

    def _events(self, asked: Asked, ref: str) -> Any:
        since = int(asked.query["since"])
        return {"events": [event for event in self.tasks[ref].events if event["seq"] > since]}

    def _show(self, asked: Asked, ref: str) -> Any:
        task = self.tasks[ref]
        return {"status": task.status, "holder": {"agent": task.holder} if task.holder else None}

    def _take(self, task: Task, name: str) -> dict[str, Any]:
        task.status, task.holder = "doing", name
        task.token += 1
        if not self.lies("keeps no history"):
            self.record(task, "task.claimed", name, token=task.token)
        return self._packet(task, resumed=False)

    def record(self, task: Task, kind: str, by: str, **data: Any) -> None:
        self.event_count += 1
        task.events.append({"seq": self.event_count, "kind": kind, "by": by, "data": data})

    def _packet(self, task: Task, *, resumed: bool) -> dict[str, Any]:
        about = {"id": task.ref, "depends_on": task.depends_on}
        return {"task": about, "lease": {"token": task.token, "expires_in": 3600}, "resumed": resumed}


def nothing() -> dict[str, Any]:
    return {"task": None, "reason": "nothing_ready", "retry_after": 15}

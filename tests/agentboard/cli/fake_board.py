"""A board that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

PACKET: dict[str, Any] = {
    "task": {
        "id": "T-12", "title": "Fix login", "description": "It fails.\nOften.", "status": "doing", "priority": "P1",
        "assignee": "ada", "reviewer": "rita", "done_criteria": [{"id": 1, "text": "It works"}],
        "depends_on": ["T-3"], "labels": ["web"], "attempts": 2, "rejections": 0,
    },
    "lease": {"token": 41, "expires_in": 3600},
    "handoff": None,
    "feedback": None,
    "log": [{"by": "bob", "kind": "failed", "text": "Pinning did not help.", "ago": 840}],
    "also": {"reviews_waiting": 1},
    "resumed": False,
    "next_step": "Do the work; POST /tasks/T-12/comments {agent, lease, kind, text} with what you find.",
}  # fmt: skip
REVIEW: dict[str, Any] = {
    "task": PACKET["task"] | {"status": "validating", "attempts": 1},
    "submission": {
        "id": 3, "by": "ada", "summary": "Raised the limit.\nOnce.",
        "evidence": [{"criterion": 1, "text": "make test: 212 passed"}],
        "artifacts": [{"label": "fix", "url": "src/pool.py#L40"}], "caveats": "Not measured.",
    },
    "log": PACKET["log"],
    "next_step": "Check every criterion yourself; POST /tasks/T-12/reviews {agent, submission: 3, verdict:"
    " approve|reject, criteria: [{id, met, note}]}.",
}  # fmt: skip
NOTHING = {
    "task": None,
    "reason": "nothing_ready",
    "retry_after": 15,
    "waiting": 0,
    "other_skills": 0,
    "reserved": 0,
}


def packet(**changes: Any) -> dict[str, Any]:
    """The packet of T-12 for ada, with other values at the top."""
    return PACKET | changes


def problem(status: int, code: str, detail: str = "It is so.", fix: str = "Do this.", **extra: Any) -> Said:
    """A refusal, as a board words it."""
    body = {
        "type": "about:blank",
        "title": "No",
        "status": status,
        "code": code,
        "detail": detail,
        "fix": fix,
    }
    return Said(status, body | extra)


@dataclass
class Said:
    """An answer: status, body (bytes go out as they are), headers, and seconds to let pass before it."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class FakeBoard:
    """`url` is its address, once it is served. Answers come in the order in which they were told, the last for ever."""

    url: str

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, list[Said]] = {}

    def says(self, call: str, *answers: Said | dict[str, Any]) -> None:
        """Answer `GET /tasks/next` so; a plain object is a 200. An answer of status 0 hangs up."""
        self._answers[call] = [one if isinstance(one, Said) else Said(200, one) for one in answers]

    def answer(self, asked: Asked) -> Said:
        """Note what was asked, and what to say to it."""
        self.asked.append(asked)
        answers = self._answers.get(f"{asked.method} {asked.path}", [problem(404, "not_found")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Answers(Protocol):
    """Whatever can stand behind an address."""

    url: str

    def answer(self, asked: Asked) -> Said: ...


_B = TypeVar("_B", bound=Answers)


@contextlib.contextmanager
def serving(board: _B) -> Iterator[_B]:
    """Keep the board on a free port of its own while the block runs."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        board.url = f"http://127.0.0.1:{server.server_address[1]}"
        server.board = board
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield board
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    board: Answers

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who hang up: tests do that on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet: in two, each answer waits 40 ms for the caller's system to acknowledge the first.
    wbufsize = 65_536
    server: _Server

    def _any(self) -> None:
        parts = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query)),
            {name.lower(): value for name, value in self.headers.items()},
            json.loads(sent) if sent else None,
        )
        said = self.server.board.answer(asked)
        threading.Event().wait(said.after)
        if said.status == 0:
            self.close_connection = True
            return
        content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(content)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = _any  # noqa: N815 - the server's own names

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""

"""A stand-in for the board: a small WSGI application with a queue of work, and the process that serves it.

`python -m tests.agentboard.serve.stand_in PORT [--hurry]` serves it on 127.0.0.1 as `agentboard web` does.
"""

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from agentboard.serve import server, waiting
from agentboard.serve.application import Application


class Board:
    """`/next?wait=SECONDS` gives work out as the real board does; the other paths show what the process is up to."""

    def __init__(self) -> None:
        self.work: deque[str] = deque()
        self.calls: list[WSGIEnvironment] = []
        self.offers: list[list[str]] = []
        self.woken: list[str] = []
        self.asleep: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        headers = [("Content-Type", "application/json")]
        match environ["PATH_INFO"]:
            case "/next":
                self.calls.append(environ)
                answer = self._next(environ, asked, headers)
            case "/sleep":
                self.asleep.append(asked["seconds"])
                time.sleep(float(asked["seconds"]))
                answer = {"slept": True}
            case "/give":
                self.work.append("T-1")
                answer = {}
            case _:
                answer = self._process()
        start_response("200 OK", headers)
        return [json.dumps(answer).encode()]

    def find_wakeable(self, tickets: Sequence[str]) -> Sequence[int]:
        """As many as there is work, first come first served."""
        self.offers.append(list(tickets))
        count = min(len(self.work), len(tickets))
        self.woken.extend(tickets[:count])
        return range(count)

    def _process(self) -> dict[str, object]:
        """Its pid, how many threads it has, and the callers that were offered last."""
        offered = self.offers[-1] if self.offers else []
        return {"pid": os.getpid(), "threads": threading.active_count(), "offered": offered}

    def _next(
        self, environ: WSGIEnvironment, asked: dict[str, str], headers: list[tuple[str, str]]
    ) -> dict[str, object]:
        try:
            return {"task": self.work.popleft()}
        except IndexError:
            if "wait" in asked:
                headers.append(("X-Agentboard-Park", f"{asked['wait']};{asked.get('agent', 'ada')}"))
            return {"task": None, "last": environ.get(waiting.LAST, False)}


def main() -> int:
    if "--hurry" in sys.argv:
        server.FINISH_SECONDS, server.GONE_SECONDS = 0, 0.8
    board = Board()

    def load() -> Application:
        return Application(board, find_wakeable=board.find_wakeable, on_idle=lambda: None)

    return server.serve(load, host="127.0.0.1", port=int(sys.argv[1]), auth="open")


if __name__ == "__main__":
    sys.exit(main())

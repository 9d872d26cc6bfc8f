"""The supervisor: keeps the processes of one board running, and ends all of them with itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from agentboard.serve.children import Child
from agentboard.serve.signals import Signals

# What a child says when starting it again would end the same way: bad usage, refused, bad configuration (sysexits.h).
HOPELESS = (2, 3, 78)
# A very first start that fails this early is the operator's to mend: a port in use, a missing module.
STARTUP_SECONDS = 10.0
FAILED = 1

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STABLE_SECONDS = 60.0
# Longer than a web process gives itself, shorter than the 10 s in which `agentboard up` has to be gone.
STOP_SECONDS = 9.0


def up(commands: Sequence[tuple[str, Sequence[str]]]) -> int:
    """Run each `(name, argv)` until SIGTERM, SIGINT or SIGHUP, then end them all; the answer is the exit code.

    A child that dies is started again, after a pause that doubles from FIRST_PAUSE to LONGEST_PAUSE and is short
    again once it has lived for STABLE_SECONDS. A child whose exit code is HOPELESS, or whose very first start ends
    in FAILED within STARTUP_SECONDS, ends everything with its code; why, it has said itself, for children write to
    this process's own standard output and error. Needs the main thread, for its signals.
    """
    kept = [_Kept(Child(name, argv)) for name, argv in commands]
    with Signals() as signals:
        code = _keep(kept, signals)
        _end([each.child for each in kept], signals)
    return code


class _Kept:
    """A child and when to start it again."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.starts = 0
        self.due: float | None = time.monotonic()
        self._pause = FIRST_PAUSE
        self._started = 0.0

    def start(self) -> None:
        self.starts += 1
        self._started = time.monotonic()
        self.due = None
        self.child.start()

    def ended(self, code: int) -> bool:
        """Plan the next start; False if there is no point in one."""
        lived = time.monotonic() - self._started
        if code in HOPELESS or (code == FAILED and self.starts == 1 and lived < STARTUP_SECONDS):
            return False
        if lived >= STABLE_SECONDS:
            self._pause = FIRST_PAUSE
        self.due = time.monotonic() + self._pause
        _say(f"{self.child.name} {_ending(code)}; starting it again in {self._pause:g} s.")
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return True


def _keep(kept: Sequence[_Kept], signals: Signals) -> int:
    """Start and restart until told to stop (0) or until one cannot be kept running (its exit code)."""
    while not signals.stop_requested:
        for each in kept:
            code = each.child.poll()
            if code is not None and not each.ended(code):
                return code
            if each.due is not None and each.due <= time.monotonic():
                try:
                    each.start()
                except OSError as error:
                    _say(f"{each.child.name} cannot be started: {error}.")
                    return FAILED
        due = [each.due for each in kept if each.due is not None]
        signals.wait(until=min(due, default=None))
    return 0


def _end(children: Sequence[Child], signals: Signals) -> None:
    """TERM to every child's group; KILL to what is left after STOP_SECONDS, or at the next signal to stop."""
    deadline = time.monotonic() + STOP_SECONDS
    asked = signals.stop_requested
    for child in children:
        child.terminate()
    while any(child.alive for child in children):
        if signals.stop_requested > asked or time.monotonic() >= deadline:
            break
        signals.wait(until=deadline)
    for child in children:
        child.kill()


def _ending(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _say(sentence: str) -> None:
    print(f"agentboard: {sentence}", file=sys.stderr, flush=True)

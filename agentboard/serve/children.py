"""Child processes that leave nobody behind: each leads a group of its own, and hears of its parent's death."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

_PR_SET_PDEATHSIG = 1


class Child:
    """A command that can be started, more than once, and ended with everything it has started itself."""

    def __init__(self, name: str, argv: Sequence[str]) -> None:
        self.name = name
        self._argv = list(argv)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it in a session of its own, with this process's output and no input. Raises OSError."""
        self._process = subprocess.Popen(
            self._argv,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - unsafe beside threads, and `up` has one thread
        )

    def poll(self) -> int | None:
        """Its exit code (negative: the signal), once, when it has ended; what it left in its group is killed."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._signal_group(signal.SIGKILL)
        # Not to be signalled again: its number may belong to somebody else by then.
        self._process = None
        return code

    def terminate(self) -> None:
        """Ask it to end, and leave it to it to end its own children; `kill` is for those it does not end."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it and its group now."""
        self._signal_group(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            # macOS says EPERM of a group whose only members have ended and not been waited for.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _end_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes its command, so that SIGTERM reaches it when this process is killed.

    Only Linux can do that. SIGTERM and not SIGKILL, because the child may have children of its own to end.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()
    return lambda: _tie(prctl, parent, signal.SIGTERM)


def end_forks_with_this_process() -> None:
    """From now on whatever this process forks, and whatever that forks, is killed when its parent dies (on Linux).

    A queue's workers would else outlive a killed scheduler, and go on taking jobs that nobody is answerable for.
    """
    if sys.platform != "linux":
        return
    prctl = ctypes.CDLL(None).prctl
    parents = [0]

    def before() -> None:
        parents[0] = os.getpid()

    os.register_at_fork(before=before, after_in_child=lambda: _tie(prctl, parents[0], signal.SIGKILL))


def _tie(prctl: Callable[[int, int], int], parent: int, number: signal.Signals) -> None:
    prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)

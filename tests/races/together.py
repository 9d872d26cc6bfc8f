"""Doing things at the same moment: threads, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the calls at the same moment, each in a thread; gives what each returned or raised, in their order."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(at: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(30)
            outcomes[at] = call()
        except Exception as error:  # noqa: BLE001
            outcomes[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at, call)) for at, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def of_kind(outcomes: Sequence[Any], kind: type) -> list[Any]:
    """Those outcomes that are of a kind, for instance the refusals."""
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]

"""The scheduler process: a clock that puts due jobs into the queue, and django-q's cluster that does them."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from django.db import connections
from django.utils import timezone

from agentboard import schedules
from agentboard.serve import children
from agentboard.serve.signals import Signals

# Seconds between two looks at what is due.
LOOK_EVERY = 2.0
# Told to stop, it lets the job at hand come to its end if that takes no longer.
GONE_SECONDS = 8.0
FAILED = 1

logger = logging.getLogger(__name__)


def run() -> int:
    """Do what is due until SIGTERM, SIGINT or SIGHUP; the answer is the exit code. Needs the main thread, and Django.

    Everything that is running ends with this process, however it ends; a job that was cut off is done again.
    """
    # Late: it wants Django to be set up.
    from django_q.cluster import Cluster

    children.end_forks_with_this_process()
    _look()
    connections.close_all()
    cluster = Cluster()
    cluster.start()
    with Signals() as signals:
        code = _keep_looking(cluster, signals)
        _be_gone_soon()
        cluster.stop()
    return code


def _keep_looking(cluster: object, signals: Signals) -> int:
    while not signals.stop_requested:
        if not cluster.sentinel.is_alive():  # type: ignore[attr-defined]
            print("agentboard: the scheduler's workers are gone.", file=sys.stderr, flush=True)
            return FAILED
        _look()
        signals.wait(until=time.monotonic() + LOOK_EVERY)
    return 0


def _look() -> None:
    try:
        schedules.enqueue_due(now=timezone.now())
    except Exception:
        logger.exception("Cannot find out what is due")
        # A connection that broke stays broken until somebody closes it.
        connections.close_all()


def _be_gone_soon() -> None:
    def leave() -> None:
        logger.warning("A job took longer than %g s and was cut off; it is done again", GONE_SECONDS)
        os._exit(FAILED)

    timer = threading.Timer(GONE_SECONDS, leave)
    timer.daemon = True
    timer.start()

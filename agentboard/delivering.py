"""Delivering: the job that sends to webhooks what they are told of. See `tasks.domain.deliveries`."""

from __future__ import annotations

import hashlib
import hmac
import logging
import queue
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.utils import timezone

import agentboard
from agentboard import outbound
from tasks.api import event_stream
from tasks.api.json import dumps
from tasks.domain import deliveries, webhooks
from tasks.domain.deliveries import Lease, Result
from tasks.queries.parcels import Parcel

# Webhooks that are sent to at the same time, each by one thread that keeps the order; there is another look soon.
AT_ONCE = 8
PARCELS = 200
# Seconds in which sends are begun. With the last one's timeout a job is over long before others miss their turn.
BEGINS_WITHIN = 8.0

Send = Callable[[Lease, Parcel], Result]
_Tried = tuple[Lease, Parcel, Result]

logger = logging.getLogger(__name__)


def is_wanted(now: datetime) -> bool:
    """Whether the job has anything to do."""
    return deliveries.are_wanted(now=now)


def deliver() -> int:
    """Send what is due; gives how many parcels were taken by their receivers."""
    deliveries.gather(now=timezone.now())
    leases = deliveries.lease(now=timezone.now(), most_webhooks=AT_ONCE, most_parcels=PARCELS)
    return send_all(leases, send) if leases else 0


def send_all(leases: list[Lease], send: Send) -> int:
    """Send the parcels of each lease in their order until one fails, and write down what became of each; then others
    may send. Parcels that time does not suffice for are due still."""
    tried: queue.SimpleQueue[_Tried | None] = queue.SimpleQueue()
    until = time.monotonic() + BEGINS_WITHIN
    done = 0
    with ThreadPoolExecutor(max_workers=len(leases), thread_name_prefix="webhook") as pool:
        for lease in leases:
            pool.submit(_send_in_order, lease, send, tried, until)
        running = len(leases)
        while running:
            one = tried.get()
            if one is None:
                running -= 1
                continue
            lease, parcel, result = one
            now = timezone.now()
            if deliveries.write_down(lease, parcel, result, now=now, jitter=random.random()):
                done += result.is_success
    for lease in leases:
        deliveries.release(lease, now=timezone.now())
    return done


def send(lease: Lease, parcel: Parcel) -> Result:
    """Send one parcel, signed; never raises for what the other side does."""
    body = dumps({"id": parcel.name, **event_stream.fact(parcel.entry)})
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"AgentBoard/{agentboard.__version__}",
        "X-AgentBoard-Event": parcel.entry.kind,
        "X-AgentBoard-Delivery": parcel.name,
        "X-AgentBoard-Timestamp": timestamp,
        "X-AgentBoard-Signature": sign(webhooks.secret(lease.webhook), timestamp, body),
    }
    try:
        answer = outbound.post(lease.webhook.url, body, headers, allowed=settings.WEBHOOK_PRIVATE)
    except outbound.NotSent as why:
        return Result(None, str(why))
    return Result(answer.status, answer.text)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in `X-AgentBoard-Signature`."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _send_in_order(lease: Lease, send: Send, tried: queue.SimpleQueue[_Tried | None], until: float) -> None:
    for parcel in lease.parcels:
        if time.monotonic() >= until:
            break
        result = _sent(lease, parcel, send)
        tried.put((lease, parcel, result))
        if not result.is_success:
            break
    tried.put(None)


def _sent(lease: Lease, parcel: Parcel, send: Send) -> Result:
    try:
        return send(lease, parcel)
    except Exception:
        # A try as any other, so that it is not made again at once and for ever.
        logger.exception("Cannot send to webhook %d", lease.webhook.pk)
        return Result(None, "the server failed; its log says why")

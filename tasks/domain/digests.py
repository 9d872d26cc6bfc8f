"""Digests: the state of the board, told once in each period of DIGEST_EVERY."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from tasks.domain import events, transactions
from tasks.models import Digest, Task
from tasks.queries import digest_text, digests

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def post(*, now: datetime) -> Digest | None:
    """Tell the state of the board, unless this period was told of, by whichever scheduler. None: nothing was told.

    Of a board without any task there is nothing to tell.
    """
    period = _EPOCH + (now - _EPOCH) // settings.DIGEST_EVERY * settings.DIGEST_EVERY
    if Digest.objects.filter(period=period).exists() or not Task.objects.exists():
        return None
    made = fresh(now=now)
    with transactions.change():
        facts = {"at": made.at, "since": made.since, "data": made.data, "text": made.text}
        digest, is_new = Digest.objects.get_or_create(period=period, defaults=facts)
        if is_new:
            events.record("digest.posted", now=now, digest=digest.pk)
    return digest if is_new else None


def fresh(*, now: datetime) -> Digest:
    """The digest as it would be told now; it is not stored, and has no id."""
    before = newest()
    since = before.at if before else now - settings.DIGEST_EVERY
    data = digests.compute(since=since, now=now)
    return Digest(at=now, since=since, data=data, text=digest_text.write(data, since=since, now=now))


def newest() -> Digest | None:
    """The digest that was told last, if any was."""
    return Digest.objects.order_by("-period").first()


def page(*, limit: int, before: int | None) -> tuple[list[Digest], int | None]:
    """Up to `limit` digests that were told, the newest first, those with ids below `before`; and the `before` of the
    next page (None: there is none)."""
    found = Digest.objects.order_by("-pk")
    rows = list((found.filter(pk__lt=before) if before else found)[: limit + 1])
    return rows[:limit], (rows[limit - 1].pk if len(rows) > limit else None)

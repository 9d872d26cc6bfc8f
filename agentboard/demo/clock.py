"""The clock: what the scheduler would have done between two moments of the story, at the full minutes it works at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q

from tasks.domain import absences, agents, digests, due, reclaiming, staleness
from tasks.models import Agent, Status, Task

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Goes on from `begins`; from `digests_from` on it posts digests. `awake` are the agents that are heard of."""

    def __init__(self, *, begins: datetime, digests_from: datetime) -> None:
        self.awake: dict[str, Agent] = {}
        self._at = begins
        self._digest = _next_period(digests_from)
        self._looks: list[datetime] = []
        self._quiet_until = begins

    def fall_silent(self, agent: Agent, *, now: datetime) -> None:
        """From now on nothing is heard of the agent, which is noticed after a while."""
        self.awake.pop(agent.name, None)
        self._looks.append(now + settings.OFFLINE_AFTER)
        self._quiet_until = now

    def breathe(self, *, now: datetime) -> None:
        """Everybody awake has made some call by now."""
        for agent in self.awake.values():
            agents.saw(agent, now=now)

    def go_on(self, *, until: datetime) -> None:
        """Do what falls due before `until`, minute by minute."""
        while until > self._quiet_until:
            at = self._next()
            if at < until:
                self._tick(at)
            else:
                # What happens from now on makes a task stale in so much time, and anything else due later.
                self._quiet_until = min(at, until + settings.STALE_AFTER)
        self._at = until

    def _next(self) -> datetime:
        """The full minute at which something falls due next; one long past is done at the next minute there is."""
        doing = Q(status=Status.DOING)
        times = Task.objects.aggregate(
            stale=Min("stale_at", filter=doing & Q(flagged_at=None)),
            expires=Min("lease_expires_at", filter=doing),
            lapses=Min("reserved_until"),
            wakes=Min("not_before", filter=Q(deferred=True)),
        )
        found = [at for at in (*times.values(), *self._looks, self._digest) if at]
        return _full_minute(max(min(found), self._at))

    def _tick(self, at: datetime) -> None:
        self.breathe(now=at)
        staleness.flag(now=at)
        reclaiming.take_back(now=at)
        due.catch_up_all(now=at)
        absences.notice(now=at)
        if at >= self._digest:
            digests.post(now=at)
            self._digest = _next_period(at)
        self._looks = [look for look in self._looks if look > at]
        self._at = at


def _next_period(at: datetime) -> datetime:
    return _EPOCH + ((at - _EPOCH) // settings.DIGEST_EVERY + 1) * settings.DIGEST_EVERY


def _full_minute(at: datetime) -> datetime:
    """The first full minute after `at`."""
    return _EPOCH + ((at - _EPOCH) // _MINUTE + 1) * _MINUTE

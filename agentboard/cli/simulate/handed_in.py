"""What was handed in and judged, as the board confirmed it to the team. Any thread may write to it."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Submission:
    """What an agent handed in; `evidence` by the number of its criterion."""

    by: str
    summary: str
    evidence: dict[int, str]


@dataclass(frozen=True)
class Review:
    """What an agent found; `notes` are (met, note) by the number of the criterion."""

    by: str
    verdict: str
    notes: dict[int, tuple[bool, str]]


class HandedIn:
    """Confirmed submissions and reviews by task and number of submission."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._submissions: defaultdict[str, dict[int, Submission]] = defaultdict(dict)
        self._reviews: defaultdict[str, dict[int, Review]] = defaultdict(dict)

    def confirm(self, task: str, number: int, what: Submission | Review) -> None:
        """Note what the board has confirmed."""
        with self._lock:
            if isinstance(what, Submission):
                self._submissions[task][number] = what
            else:
                self._reviews[task][number] = what

    def submission(self, task: str, number: int) -> Submission | None:
        """The submission of this number, if it was confirmed."""
        with self._lock:
            return self._submissions[task].get(number)

    def review(self, task: str, number: int) -> Review | None:
        """The review of the submission of this number, if it was confirmed."""
        with self._lock:
            return self._reviews[task].get(number)

    def newest_rejection(self, task: str) -> tuple[int, Review] | None:
        """The newest review of the task that was confirmed, with its submission's number, if it is a rejection."""
        with self._lock:
            number, review = max(self._reviews[task].items(), default=(0, None), key=lambda pair: pair[0])
        return (number, review) if review and review.verdict == "reject" else None

    def submissions_of(self, task: str) -> list[tuple[int, str]]:
        """All that were confirmed, as (number, agent)."""
        with self._lock:
            return [(number, what.by) for number, what in self._submissions[task].items()]

    def reviews_of(self, task: str) -> list[tuple[int, str, str]]:
        """All that were confirmed, as (number, agent, verdict)."""
        with self._lock:
            return [(number, what.by, what.verdict) for number, what in self._reviews[task].items()]

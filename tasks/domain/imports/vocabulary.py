"""Vocabulary: what the words of a beads file mean on this board."""

from __future__ import annotations

NO_PRIORITY = 2
_LAST_PRIORITY = 3
# Records that a beads board keeps beside its work: what happened, who there is, how work is run.
_NOT_WORK = frozenset(
    {
        *("event", "message", "agent", "role", "rig", "gate", "molecule", "merge-request"),
        *("convoy", "slot", "wisp", "session"),
    }
)


def is_work(issue_type: str) -> bool:
    """Whether records of this type are work. A type nobody has heard of is."""
    kind = issue_type.lower().replace("_", "-")
    return kind not in _NOT_WORK and not kind.startswith("session-")


def is_deleted(status: str, deleted_at: object) -> bool:
    """Whether the record is there only to say that it is gone."""
    return status.lower() == "tombstone" or bool(deleted_at)


def is_finished(status: str) -> tuple[bool, str]:
    """Whether the work is finished, and why the status is another one here (empty: it is not).

    Only `closed` is trusted to be finished. A state in between has no lease here to stand on, so it is todo again.
    """
    word = status.lower()
    if word in ("closed", "open"):
        return word == "closed", ""
    return False, f"status '{status[:40]}' becomes todo" if status else "no status: todo"


def priority(number: int | None) -> tuple[int, str]:
    """The priority from 0 to 3, and why it is another one here (empty: it is not)."""
    if number is None:
        return NO_PRIORITY, f"no priority: P{NO_PRIORITY}"
    if 0 <= number <= _LAST_PRIORITY:
        return number, ""
    if number == _LAST_PRIORITY + 1:
        return _LAST_PRIORITY, f"priority {number} becomes P{_LAST_PRIORITY}"
    return NO_PRIORITY, f"a priority that is not 0 to 4 becomes P{NO_PRIORITY}"

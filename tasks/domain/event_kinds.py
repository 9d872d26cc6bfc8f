"""Kinds of events: the vocabulary of history, stream, webhooks and digest. A test holds it against what is recorded."""

from __future__ import annotations

from tasks.domain import lifecycle
from tasks.queries import nearest

# How an operator sees that a webhook works: it goes to the webhook that it names, and to no other.
TESTED = "webhook.tested"

KINDS = frozenset(
    {
        *(move.event for move in lifecycle.MOVES.values()),
        *("task.created", "task.imported", "task.edited", "task.commented", "task.human_answered"),
        *(
            "task.reserved",
            "task.unreserved",
            "task.reservation_lapsed",
            "task.deferral_ended",
            "task.review_passed",
            "task.stale",
            "task.review_taken",
            "task.read_back",
        ),
        *("agent.registered", "agent.changed", "agent.presence", "digest.posted"),
        *("channel.created", "channel.changed", "message.posted"),
        *("webhook.created", "webhook.changed", "webhook.enabled", "webhook.disabled", TESTED),
    }
)


def unknown(kind: str) -> str | None:
    """What to say of a kind that no event has, with the nearest ones; None for one that is known."""
    if kind in KINDS:
        return None
    near = nearest.of(kind, sorted(KINDS))
    return f"No event is called {kind}." + (f" The nearest are {', '.join(near)}." if near else "")

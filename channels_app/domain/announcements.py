"""Announcements: the moves of tasks that everybody may want to know of, as messages by whoever made the move.

What people and agents wrote stands in them as quotations.
"""

from __future__ import annotations

from channels_app.domain import excerpts
from channels_app.domain.delivery import Saying
from channels_app.domain.news import Item, Say
from channels_app.models import Channel, Notice
from channels_app.queries import message_list
from tasks.models import Digest, Review, Submission, Verdict


def _submitted(item: Item) -> Saying | None:
    submission = _submission(item)
    if submission is None:
        return None
    reviewer = item.said("reviewer")
    waits = f"@{reviewer}: {item.title} waits for your review."
    if not reviewer:
        waits = f"{item.title} waits for a review; whoever has not worked on it may take it."
    return item.saying(
        f"{waits}\n\n{excerpts.quoted(submission.summary)}",
        channel=Channel.REVIEWS,
        words=[submission.summary, submission.caveats],
        addressed={reviewer: Notice.Kind.REVIEW_REQUEST} if reviewer else {},
    )


def _approved(item: Item) -> Saying | None:
    submission = _submission(item)
    if submission is None:
        return None
    artifacts = "".join(f"\n- {one['label']}: {one['url']}" for one in submission.artifacts)
    worker = item.said("worker") or submission.agent.name
    text = f"{item.title} is done: by {worker}, approved by {item.author}."
    comment = Review.objects.filter(submission=submission).values_list("comment", flat=True).first()
    return item.saying(
        f"{text}\n{artifacts}".rstrip(), channel=Channel.SHIPPING, words=[comment] if comment else []
    )


def _overridden(item: Item) -> Saying:
    reason = item.said("reason") or ""
    text = f"{item.title} was closed by @{item.author} without an approval."
    return item.saying(_with_quote(text, reason), channel=Channel.SHIPPING, words=[reason])


def _rejected(item: Item) -> Saying | None:
    submission = _submission(item)
    if submission is None:
        return None
    worker = item.said("worker") or submission.agent.name
    review = Review.objects.filter(submission=submission).first()
    unmet = Verdict.objects.filter(review=review, met=False).order_by("criterion__number")
    notes = [
        f"- criterion {number}: {note}" for number, note in unmet.values_list("criterion__number", "note")
    ]
    reasons = "\n".join(filter(None, [review.comment if review else "", *notes]))
    return item.saying(
        _with_quote(f"@{worker}: {item.title} comes back to you, rejected by {item.author}.", reasons),
        channel=Channel.REVIEWS,
        words=[reasons],
        answers=message_list.submission_of(item.task_id),
        addressed={worker: Notice.Kind.REJECTION},
    )


def _blocked(item: Item) -> Saying:
    reason, needs = item.said("reason") or "", item.said("needs") or ""
    text = _with_quote(f"{item.title} is blocked.", reason)
    if needs:
        text += f"\n\nIt needs:\n\n{excerpts.quoted(needs)}"
    if depends_on := item.said("depends_on"):
        text += f"\n\nIt waits for {', '.join(depends_on)}."
    return item.saying(text, channel=Channel.BLOCKERS, words=[reason, needs])


def _reclaimed(item: Item) -> Saying:
    worker, reason = item.said("worker"), item.said("reason") or ""
    text = f"{item.title} was taken back from {f'@{worker}' if worker else 'its holder'}."
    return item.saying(
        _with_quote(text, reason),
        channel=Channel.BLOCKERS,
        words=[reason],
        addressed={worker: Notice.Kind.LOST} if worker else {},
    )


def _given_up(item: Item) -> Saying:
    worker, reason = item.said("worker"), item.said("reason") or ""
    text = f"{item.title} was taken back from {f'@{worker}' if worker else 'its holder'} and needs a human."
    return item.saying(
        _with_quote(f"{text} {item.task.asks_human}", reason),
        channel=Channel.BLOCKERS,
        addressed={worker: Notice.Kind.LOST} if worker else {},
    )


def _handed_off(item: Item) -> Saying | None:
    to, entry = item.said("to"), item.log_entry()
    words = entry.text if entry else ""
    if not to:
        # Back to the pool: the next holder gets it in its packet, and nobody else has to know.
        return item.saying(excerpts.quoted(words), words=[words]) if "@" in words else None
    return item.saying(
        _with_quote(f"@{to}: {item.title} is handed off to you by {item.author}.", words),
        channel=Channel.GENERAL,
        words=[words],
        comment_id=entry.pk if entry else None,
        addressed={to: Notice.Kind.HANDOFF},
    )


def _digest(item: Item) -> Saying:
    """The digest itself. Whom it names is not called by it."""
    text = Digest.objects.values_list("text", flat=True).get(pk=item.said("digest"))
    return Saying(text, by=None, channel=Channel.DIGEST, event=item.happening.kind)


def _submission(item: Item) -> Submission | None:
    submissions = Submission.objects.select_related("agent").filter(task_id=item.task_id)
    return submissions.filter(number=item.said("submission")).first()


def _with_quote(text: str, words: str) -> str:
    return f"{text}\n\n{excerpts.quoted(words)}" if words.strip() else text


SAY: dict[str, Say] = {
    "task.submitted": _submitted,
    "task.approved": _approved,
    "task.overridden": _overridden,
    "task.rejected": _rejected,
    "task.blocked": _blocked,
    "task.reclaimed": _reclaimed,
    "task.given_up": _given_up,
    "task.handed_off": _handed_off,
    "digest.posted": _digest,
}

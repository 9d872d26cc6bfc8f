"""Briefs: the whole story of a task in Markdown, for a session that knows nothing of it.

A brief fits the budget it is given, holds every done criterion whatever the budget, and is the same for the same story:
all its times are absolute, and nothing of it is left to chance or to a language model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tasks.queries.brief_header import Header
from tasks.queries.brief_log import Log
from tasks.queries.brief_parts import Criteria, Item, Lines, Part, Passage, time
from tasks.queries.excerpts import Excerpt, line
from tasks.queries.stories import Block, Story

# Tokens. The least is what a hundred criteria take with a number and a character each.
LEAST = 150
USUAL = 1500
MOST = 20_000
CHARACTERS = 4  # a token

_HEADER_SHARE = 35


def build(story: Story, *, budget: int) -> str:
    """The brief of a story in at most `budget` tokens (LEAST to MOST).

    Order of importance: header, criteria, description, handoff, block, review and submission, then the log, failed
    attempts and decisions first. What has no room is counted in the last line.
    """
    room = budget * CHARACTERS
    header, parts = Header(story), list(_parts(story))
    spare = room - header.least - sum(part.least for part in parts)
    last_line = len(_last_line(story, [part.within(0).left_out for part in parts])) + len("part of ") * len(
        parts
    )
    reserved = last_line if spare >= 2 * last_line else 0
    text = header.within(header.least + (spare - reserved) * _HEADER_SHARE // 100).text
    left_out, slack = [], 0
    for part, granted in zip(parts, _grants(parts, room - reserved - len(text)), strict=True):
        shown = part.within(granted + slack)
        slack += granted - len(shown.text)
        text += shown.text
        left_out.append(shown.left_out)
    ending = _last_line(story, left_out)
    return text + ending if len(text) + len(ending) <= room else text


def _grants(parts: Sequence[Part], room: int) -> list[int]:
    """How much each part may take of `room`: its least and its share, then in order what the others do not need."""
    wanted = [max(part.least, len(part.within(room).text)) for part in parts]
    spare = room - sum(part.least for part in parts)
    granted = [
        min(want, part.least + spare * part.share // 100) for part, want in zip(parts, wanted, strict=True)
    ]
    left = room - sum(granted)
    for at in sorted(range(len(parts)), key=lambda at: parts[at].waits):
        more = min(left, wanted[at] - granted[at])
        granted[at] += more
        left -= more
    return granted


def _parts(story: Story) -> Iterator[Part]:
    """All that follows the header; the shares add up to 100."""
    task, moves = story.task, f"GET /tasks/{story.task.ref}/comments?kind=move"
    yield Criteria(story, share=30)
    if task.description.strip():
        item = Item("", Excerpt.of(task.description), f"GET /tasks/{task.ref}")
        # It may be a book, which nobody wants to read instead of what became of the task.
        yield Passage("description", "Description", [item], share=20, waits=True)
    yield from _handoff(story, moves)
    waits = [block for block in story.blocks if block.ended_at is None]
    if waits:
        yield Passage("block", "Blocked", list(_blocks(waits, moves)), share=4)
    yield from _submission(story, moves)
    yield _log(story)
    if story.tries:
        lines = [
            f"{one.by}, {time(one.started_at)} to {f'{time(one.ended_at)}: {one.outcome}' if one.ended_at else 'now'}"
            for one in story.tries
        ]
        yield Lines("attempts", "Attempts, newest first", lines, total=task.attempts, share=1)
    ended = [block for block in story.blocks if block.ended_at is not None]
    if ended:
        yield Passage("earlier blocks", "Earlier blocks", list(_blocks(ended, moves)), share=1)


def _handoff(story: Story, where: str) -> Iterator[Part]:
    if not story.handoff:
        return
    one = story.handoff
    heading = f"Handoff {one.number} from {one.by or 'system'} to {one.to or 'whoever comes'}, {time(one.at)}"
    heading += "; not read back yet" if one.read_back_at is None else ""
    texts = [("Done:", one.done), ("Pending:", one.pending), ("Gotchas:", one.gotchas)]
    if one.read_back_at is not None:
        texts.append((f"Read back by {one.read_back_by}, {time(one.read_back_at)}:", one.readback))
    yield Passage("handoff", heading, _items(texts, where), share=12)


def _blocks(blocks: Sequence[Block], where: str) -> Iterator[Item]:
    for one in blocks:
        texts = [(f"{one.by}, {time(one.at)}:", one.reason), ("Needs:", one.needs)]
        if one.ended_at is not None:
            texts.append(
                (f"Resolved by {one.unblocked_by or 'system'}, {time(one.ended_at)}:", one.resolution)
            )
        yield from _items(texts, where)


def _submission(story: Story, where: str) -> Iterator[Part]:
    """The review first, because it is what to answer."""
    handed_in, judged = story.handed_in, story.judged
    if handed_in and judged:
        verdict = "Approved" if judged.approved else "Unanswered feedback: rejected"
        heading = f"{verdict} by {judged.by}, {time(judged.at)} (submission {handed_in.number})"
        notes = [(f"Criterion {n}, {'met' if met else 'not met'}:", note) for n, met, note in judged.findings]
        unmet = [note for note, finding in zip(notes, judged.findings, strict=True) if not finding[1]]
        texts = [*unmet, ("All in all:", judged.comment), *(note for note in notes if note not in unmet)]
        yield Passage("review", heading, _items(texts, where), share=8)
    if handed_in:
        artifacts = "\n".join(f"{line(label)}: {line(url)}" for label, url in handed_in.artifacts)
        texts = [("", handed_in.summary), ("Caveats:", handed_in.caveats), ("Artifacts:", artifacts)]
        heading = f"Submission {handed_in.number} by {handed_in.by}, {time(handed_in.at)}"
        yield Passage("submission", heading, _items(texts, where), share=4)


def _items(texts: Sequence[tuple[str, str]], where: str) -> list[Item]:
    return [Item(label, Excerpt.of(text), where) for label, text in texts if text.strip()]


def _log(story: Story) -> Log:
    """The log without the moves that other parts tell: they were written in the same moment by the same agent."""
    others = (story.handed_in, story.judged, story.handoff, *story.blocks)
    told = {(one.by or "system", one.at) for one in others if one}
    told |= {(block.unblocked_by or "system", block.ended_at) for block in story.blocks if block.ended_at}
    if story.handoff and story.handoff.read_back_by and story.handoff.read_back_at:
        told.add((story.handoff.read_back_by, story.handoff.read_back_at))
    entries = [one for one in story.entries if one.kind != "move" or (one.by, one.at) not in told]
    counts = dict(story.counts)
    counts["move"] = counts.get("move", 0) - (len(story.entries) - len(entries))
    return Log(story.task.ref, entries, counts, share=20)


def _last_line(story: Story, left_out: Sequence[Sequence[str]]) -> str:
    phrases = [phrase for some in left_out for phrase in some]
    ref = story.task.ref
    where = f"GET /tasks/{ref}, GET /tasks/{ref}/comments, GET /tasks/{ref}/events"
    return f"\nLeft out: {', '.join(phrases)}. To read on: {where}.\n" if phrases else ""

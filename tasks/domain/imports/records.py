"""Records: one line of a beads file, checked and in this board's words, not yet on the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from tasks.domain import limits
from tasks.domain.imports import acceptance, dates, names, vocabulary
from tasks.domain.imports.typed import Fields, Unusable

# What becomes a row or a column as it stands; all else is kept in the task's origin.
_KEPT_ELSEWHERE = frozenset(
    {
        *("id", "title", "description", "design", "acceptance_criteria", "notes", "labels", "comments"),
        *("dependencies", "created_at", "updated_at", "closed_at", "assignee", "created_by"),
    }
)


BLOCKS = "blocks"
PARENT = "parent-child"
_T = TypeVar("_T")


class Skipped(Exception):
    """The record is readable and is no task; the message says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a record says of another one: `target` is its id, `created_at` null if nobody knows."""

    kind: str
    target: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Remark:
    """An entry for the log; `author` null is unknown."""

    text: str
    author: str | None
    created_at: datetime


@dataclass(slots=True)
class Record:
    """A task to be. `mapped` says what is not as it was written, and why; `origin` keeps what has no field."""

    line: int
    id: str
    title: str
    description: str
    finished: bool
    priority: int
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    due_at: datetime | None
    not_before: datetime | None
    assignee: str | None
    created_by: str | None
    labels: Sequence[str]
    criteria: Sequence[str]
    remarks: Sequence[Remark]
    links: Sequence[Link]
    origin: dict[str, Any]
    mapped: list[str] = field(default_factory=list)

    def agents(self) -> set[str]:
        """The names of everybody the record names."""
        named = {self.assignee, self.created_by, *(remark.author for remark in self.remarks)}
        return {name for name in named if name}


def identify(values: dict[str, Any]) -> str:
    """The record's id. Raises Unusable if it has none that can be kept."""
    external = Fields(values).text("id")
    if not external:
        raise Unusable("id is missing")
    if len(external) > limits.EXTERNAL_ID:
        raise Unusable(f"id has {len(external)} characters; {limits.EXTERNAL_ID} are kept")
    return external


def read(line: int, values: dict[str, Any], *, now: datetime) -> Record:
    """The record of one line. Raises Skipped for what is not work, Unusable for fields of a wrong type or size."""
    fields = Fields(values)
    if vocabulary.is_deleted(fields.text("status"), values.get("deleted_at")):
        raise Skipped("deleted")
    if not vocabulary.is_work(fields.text("issue_type")):
        raise Skipped(f"not work: {fields.text('issue_type')[:40]}")
    return _Reading(line, fields, now).record()


def links_if_any(values: dict[str, Any], *, now: datetime) -> Sequence[Link]:
    """What a record links to that is not read otherwise; nothing where that cannot be said."""
    try:
        return _links(Fields(values), now)
    except Unusable:
        return ()


class _Reading:
    """The reading of one record: its fields, and what had to be mapped on the way."""

    def __init__(self, line: int, fields: Fields, now: datetime) -> None:
        self.line, self.fields, self.now = line, fields, now
        self.mapped: list[str] = []
        self.origin: dict[str, Any] = {"source": "beads"} | {
            name: value
            for name, value in fields.values.items()
            if name not in _KEPT_ELSEWHERE and value is not None
        }

    def record(self) -> Record:
        fields = self.fields
        finished = self._told(vocabulary.is_finished(fields.text("status")))
        priority = self._told(vocabulary.priority(fields.number("priority")))
        created, updated = self._past("created_at"), self._past("updated_at")
        title, description = self._texts()
        remarks_before = self._comments()
        finished_at = self._finished_at(updated) if finished else None
        return Record(
            line=self.line,
            id=identify(fields.values),
            title=title,
            description=description,
            finished=finished,
            priority=priority,
            created_at=created,
            updated_at=updated,
            finished_at=finished_at,
            due_at=self._planned("due_at"),
            not_before=None if finished else self._planned("defer_until"),
            assignee=self._agent("assignee"),
            created_by=self._agent("created_by"),
            labels=self._labels(),
            criteria=self._criteria(),
            remarks=self._in_order(remarks_before + self._asides(updated, finished_at)),
            links=self._links(),
            origin=self.origin,
            mapped=self.mapped,
        )

    def _texts(self) -> tuple[str, str]:
        whole, description = self.fields.text("title"), self.fields.text("description")
        title = " ".join(whole.split())
        if not title:
            raise Unusable("title is missing")
        if design := self.fields.text("design"):
            description = f"{description}\n\n## Design\n\n{design}".lstrip()
        if len(title) > limits.TITLE:
            self.mapped.append(
                f"a title over {limits.TITLE} characters is cut, the whole of it in the description"
            )
            description = f"{whole}\n\n{description}".rstrip()
            title = title[: limits.TITLE - 1].rstrip() + "…"
        if len(description) > limits.DESCRIPTION:
            raise Unusable(f"description has {len(description)} characters; {limits.DESCRIPTION} are kept")
        return title, description

    def _labels(self) -> list[str]:
        labels = self.fields.texts("labels")
        kept = list(dict.fromkeys(label[: limits.LABEL].strip() for label in labels))[: limits.LABELS]
        if kept != labels:
            self._keep("labels", f"labels are cut to {limits.LABELS} of {limits.LABEL} characters")
        return kept

    def _criteria(self) -> list[str]:
        text = self.fields.text("acceptance_criteria")
        found = acceptance.criteria(text)
        kept = [criterion[: limits.CRITERION].strip() for criterion in found[: limits.CRITERIA]]
        if kept != found:
            self._keep(
                "acceptance_criteria",
                f"criteria are cut to {limits.CRITERIA} of {limits.CRITERION} characters",
            )
        return kept

    def _comments(self) -> list[Remark]:
        return [
            remark
            for comment in self.fields.objects("comments")
            for remark in self._remarks(
                comment.text("text"), comment.text("author"), self._comment_date(comment)
            )
        ]

    def _asides(self, updated: datetime, finished_at: datetime | None) -> list[Remark]:
        """Notes and the reason for closing name no author; it is most likely who worked, else who wrote it down."""
        texts = {name: self.fields.text(name) for name in ("assignee", "created_by", "owner", "closed_by")}
        author = texts["assignee"] or texts["created_by"] or texts["owner"]
        notes = self._remarks(self.fields.text("notes"), author, updated)
        reason = self.fields.text("close_reason")
        return notes + self._remarks(reason, texts["closed_by"] or author, finished_at or updated)

    def _remarks(self, text: str, author: str, at: datetime) -> list[Remark]:
        if not text:
            return []
        if len(text) > limits.COMMENT:
            self.mapped.append(f"a comment over {limits.COMMENT} characters is split")
        name, starts = self._name(author), range(0, len(text), limits.COMMENT)
        return [Remark(text[start : start + limits.COMMENT], name, at) for start in starts]

    @staticmethod
    def _in_order(remarks: list[Remark]) -> list[Remark]:
        return sorted(remarks, key=lambda remark: remark.created_at)

    def _links(self) -> list[Link]:
        links = _links(self.fields, self.now)
        others = [
            {"type": link.kind, "id": link.target} for link in links if link.kind not in (BLOCKS, PARENT)
        ]
        if others:
            self.origin["links"] = others
        return links

    def _finished_at(self, updated: datetime) -> datetime:
        return self._past("closed_at") if self.fields.text("closed_at") else updated

    def _past(self, name: str) -> datetime:
        text = self.fields.text(name)
        if time := dates.past(text, now=self.now):
            return time
        self._keep(name, f"{name} is {'unusable' if text else 'missing'}: the time of the import")
        return self.now

    def _comment_date(self, comment: Fields) -> datetime:
        if time := dates.past(comment.text("created_at"), now=self.now):
            return time
        self.mapped.append("a comment's date is missing or unusable: the time of the import")
        return self.now

    def _planned(self, name: str) -> datetime | None:
        text = self.fields.text(name)
        if not text:
            return None
        time = dates.planned(text, now=self.now)
        if time is None:
            self.mapped.append(f"{name} is unusable: left out")
        return time

    def _agent(self, role: str) -> str | None:
        text = self.fields.text(role)
        name = self._name(text)
        if name != (text or None):
            self.origin[role] = text
        return name

    def _name(self, text: str) -> str | None:
        if not text:
            return None
        name = names.agent(text)
        if name != text:
            self.mapped.append(f"agent '{text[:60]}' becomes {name}")
        return name

    def _keep(self, name: str, why: str) -> None:
        self.mapped.append(why)
        if name in self.fields.values:
            self.origin[name] = self.fields.values[name]

    def _told(self, answer: tuple[_T, str]) -> _T:
        value, why = answer
        if why:
            self.mapped.append(why)
        return value


def _links(fields: Fields, now: datetime) -> list[Link]:
    links = []
    for dependency in fields.objects("dependencies"):
        target = dependency.text("depends_on_id")
        if not target:
            raise Unusable("a dependency has no depends_on_id")
        created = dates.past(dependency.text("created_at"), now=now)
        links.append(Link(dependency.text("type").lower() or BLOCKS, target, created))
    return links

"""Seeding: the story played on an empty board, every step by the domain call that it would have been."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from agentboard.demo import verbs
from agentboard.demo.clock import Clock
from agentboard.demo.script import Step
from agentboard.demo.story import Beat, Member, Room, Said, Story, Work
from channels_app.domain import channels, messages
from tasks.domain import agents, authoring, people
from tasks.models import Agent, Task

# The history of the team that the digests and the charts tell of, and the day that is told in full.
BEGINS = timedelta(days=15)
DAY = timedelta(hours=26)
_NAMED = re.compile(r"\{([a-z0-9-]+)\}")
_GONE = "gone"
# When everybody says how it is, so that the page shows it fresh.
_LAST_WORDS = timedelta(minutes=1)

_Act = Callable[[datetime], None]


def play(story: Story, *, now: datetime, seed: int = 0) -> None:
    """Play the story so that it ends at `now`, whole or not at all. The same seed gives the same story.

    Times of the story are in minutes; within them the seed decides.
    """
    with transaction.atomic():
        _Play(story, now=now, seed=seed).go()


class _Play:
    """One playing: the rows that names of the story have become."""

    def __init__(self, story: Story, *, now: datetime, seed: int) -> None:
        self.story = story
        self.now = now
        self.seed = seed
        self.clock = Clock(begins=now - BEGINS, digests_from=now - DAY)
        self.agents: dict[str, Agent] = {}
        self.tasks: dict[str, Task] = {}
        self.posted: dict[str, list[int]] = {}

    def go(self) -> None:
        for member in self.story.team:
            self._join(member)
        for at, act in self._agenda():
            self.clock.go_on(until=at)
            act(at)
        self.clock.go_on(until=self.now)
        self.clock.breathe(now=self.now)

    def _join(self, member: Member) -> None:
        begins = self.now - BEGINS
        if member.name == self.story.person:
            username = people.operator(member.name)
            user_id = people.user_called(username).pk
            self.agents[member.name] = people.acting_as(user_id, username=username, now=begins)
            return
        self.agents[member.name] = agents.register(
            member.name, now=begins, kind=member.kind, role=member.role, skills=list(member.skills)
        )

    def _agenda(self) -> list[tuple[datetime, _Act]]:
        """All that happens, in its order."""
        found: list[tuple[datetime, _Act]] = []
        for work in self.story.works:
            found += self._of(work)
        for room in self.story.rooms:
            found.append((self._when(room.at, room.name), partial(self._make_room, room)))
        for at, said in enumerate(self.story.said):
            found.append((self._when(said.at, f"said {at}"), partial(self._post, said)))
        for at, beat in enumerate(self.story.beats):
            found.append((self._when(beat.at, f"beat {at}"), partial(self._beat, beat)))
        for member in self.story.team:
            if member.status:
                last = Beat(-_LAST_WORDS, member.name, member.status, member.note)
                found.append((self._when(last.at, member.name), partial(self._beat, last)))
        return sorted(found, key=lambda one: one[0])

    def _of(self, work: Work) -> list[tuple[datetime, _Act]]:
        found: list[tuple[datetime, _Act]] = [
            (self._when(work.written, work.key), partial(self._write, work))
        ]
        for at, step in enumerate(work.story):
            found.append((self._when(step.at, f"{work.key} {at}"), partial(self._step, work.key, step)))
        return found

    def _when(self, at: timedelta, what: str) -> datetime:
        # Less than a minute, so that steps of one script keep their order.
        return self.now + at + timedelta(seconds=random.Random(f"{self.seed} {what}").uniform(0, 50))

    def _write(self, work: Work, now: datetime) -> None:
        draft = authoring.Draft(
            title=work.title,
            description=self._said(work.description),
            done_criteria=work.criteria,
            priority=work.priority,
            reviewer=work.reviewer,
            assignee=work.assignee,
            depends_on=[self.tasks[key].ref for key in work.after],
            labels=work.labels,
            skills=work.skills,
            project=work.project,
            due_at=self.now + work.due_in if work.due_in else None,
            not_before=self.now + work.starts_in if work.starts_in else None,
        )
        by = self._wake(work.by, now=now)
        self.tasks[work.key] = authoring.write([draft], by=by, now=now).tasks[0]

    def _step(self, key: str, step: Step, now: datetime) -> None:
        task = Task.objects.select_related("reviewer").get(pk=self.tasks[key].pk)
        by = task.reviewer if step.who == "reviewer" else None
        by = self._wake(by.name if by else step.who, now=now)
        if step.verb == "submit":
            # Whoever is there may be chosen for its review.
            self.clock.breathe(now=now)
        verbs.act(task, self._translated(step), by=by, now=now)

    def _make_room(self, room: Room, now: datetime) -> None:
        channels.make(room.name, topic=room.topic, by=self._wake(room.by, now=now), now=now)

    def _post(self, said: Said, now: datetime) -> None:
        numbers = self.posted.setdefault(said.channel, [])
        answered = numbers[-said.answers] if said.answers else None
        channel, by = channels.find(said.channel), self._wake(said.by, now=now)
        message = messages.post(channel, self._said(said.text), by=by, now=now, reply_to=answered)
        numbers.append(message.number)

    def _beat(self, beat: Beat, now: datetime) -> None:
        if beat.status == _GONE:
            self.clock.fall_silent(self._agent(beat.by), now=now)
            return
        by = self._wake(beat.by, now=now)
        agents.heartbeat(by, status=beat.status, note=self._said(beat.note), now=now)

    def _agent(self, name: str) -> Agent:
        agent = self.agents[name]
        agent.refresh_from_db()
        return agent

    def _wake(self, name: str, *, now: datetime) -> Agent:
        agent = self._agent(name)
        agents.saw(agent, now=now)
        self.clock.awake[name] = agent
        return agent

    def _translated(self, step: Step) -> Step:
        """The step with the ids of tasks in the place of their names in the story."""
        points = tuple(type(one)(one.number, one.met, self._said(one.text)) for one in step.points)
        facts = tuple((name, self._said(text)) for name, text in step.facts)
        return Step(step.at, step.who, step.verb, self._said(step.text), points, facts)

    def _said(self, text: str) -> str:
        return _NAMED.sub(lambda named: self.tasks[named[1]].ref, text)

"""Text that tries to be more than text is text on the page of a task, wherever it stands."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tasks.domain import blocks, claims, closing, comments, criteria, handoffs, reviews, submissions
from tasks.models import Review, Status, Task
from tests import hostile
from tests.tasks import states
from tests.tasks.web import person

pytestmark = pytest.mark.once
FORBIDDEN = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "img",
    "svg",
    "math",
    "video",
    "base",
    "meta",
    "template",
}


class Page(HTMLParser):
    """What stands inside the task: its tags, their attributes and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.links = set(), set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {
            value for name, value in attrs if name in ("href", "src", "action", "hx-get", "hx-post")
        }

    def wrong(self):
        """What could run, call away or cover the page."""
        own = ("/board/", "#", "http", "mailto:")
        bad = {name for name in self.attributes if name.startswith(("on", "style", "hx-on", "srcdoc"))}
        return [*self.tags & FORBIDDEN, *bad, *(link for link in self.links if not link.startswith(own))]


@pytest.fixture
def browser(olga):
    return person.signed_in(olga)


@pytest.fixture
def tasks(write, ada, bob, rita, olga, now):
    """Tasks that say every string wherever an agent can say one."""
    text = "\n\n".join(hostile.STRINGS)
    labels = [string[:100] for string in hostile.STRINGS[:40]]
    task = write("<b>T</b>", description=text, done_criteria=hostile.STRINGS, labels=labels, reviewer="rita")
    states.reach(task, Status.DOING, worker=ada, now=now)
    for string in hostile.STRINGS:
        comments.write(task, by=ada, text=string, kind="note", lease=1, now=now)
    handoffs.hand_off(task, handoffs.Words(text, text, text), to=None, by=ada, lease=1, now=now)
    claims.claim(task, by=bob, now=now)
    handoffs.read_back(task, 1, text=text, by=bob, lease=2, now=now)
    evidence = [(number, one.text) for number, one in criteria.current(task).items()]
    artifacts = [submissions.Artifact(string[:200], "https://example.org/x") for string in hostile.STRINGS]
    submissions.submit(task, submissions.HandIn(text, evidence, artifacts, text), by=bob, lease=2, now=now)
    findings = [reviews.Finding(number, False, string) for number, string in evidence]
    reject = Review.Judgement.REJECT
    reviews.judge(task, by=rita, submission=1, verdict=reject, findings=findings, comment=text, now=now)
    blocked = states.reach(write("Blocked"), Status.DOING, worker=ada, now=now)
    blocks.block(blocked, blocks.Obstacle(text, text), by=ada, lease=1, now=now)
    gone = write("Gone", depends_on=[task.ref])
    closing.cancel(gone, by=olga, reason=text, now=now)
    titled = [write(string[:300]) for string in hostile.STRINGS]
    write("Later", depends_on=[one.ref for one in titled])
    return [task, blocked, gone, *Task.objects.filter(title="Later"), *titled[::8]]


@pytest.mark.parametrize("query", ["", "?do=edit", "?do=amend"])
def test_hostile_text_is_inert(browser, tasks, query):
    wrong = []
    for task in tasks:
        older = f"/board/{task.ref}{query}"
        while older:
            answer = browser.get(older, headers={"HX-Request": "true"})
            assert answer.status_code == 200
            page = Page(answer.content.decode())
            wrong += page.wrong()
            older = next((link for link in page.links if "before=" in link), None) if not query else None
    assert wrong == []

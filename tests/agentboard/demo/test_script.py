"""Scripts: what the entries of a story mean, and what is no entry."""

from datetime import timedelta

import pytest

from agentboard.demo import script, story

pytestmark = pytest.mark.once


def test_an_entry_says_when_who_and_what_with_the_lines_below_it():
    first, second = script.read(
        """
-1d 2:05 link submit: Done,
  in two lines
  1: It works
  !2: Not this,
  yet
  artifact: code = src/a.py
  artifact: log = https://example.com/log
+12 sage approve
"""
    )
    assert first.at == -timedelta(days=1, hours=2, minutes=5)
    assert (first.who, first.verb, first.text) == ("link", "submit", "Done,\nin two lines")
    assert first.points == (script.Point(1, True, "It works"), script.Point(2, False, "Not this,\nyet"))
    assert first.every("artifact") == ["code = src/a.py", "log = https://example.com/log"]
    assert (second.at - first.at, second.who, second.text) == (timedelta(minutes=12), "sage", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("link claim", "no entry: link claim"),
        ("  1: to nobody", "belongs to no entry"),
        ("-0:05 link claim\n-0:05 link note: At once", "not after the entry before"),
    ],
)
def test_what_cannot_be_read_is_named(text, said):
    with pytest.raises(script.Unreadable, match=said):
        script.read(text)


def test_the_story_is_told_in_real_words_by_its_own_team():
    told = story.load()
    names = {member.name for member in told.team}
    titles = [work.title for work in told.works]
    assert len(names) == 8
    assert len(titles) >= 90
    assert len(set(titles)) == len(titles)
    for work in told.works:
        assert {step.who for step in work.story} <= names | {"reviewer"}, work.title
        for step in (*work.story, *work.live):
            assert step.text or step.verb in ("claim", "approve"), work.title
            assert {point.number for point in step.points} <= set(range(1, len(work.criteria) + 2)), (
                work.title
            )

"""The small things that every page shows in the same way."""

from datetime import timedelta

import pytest
from django.template import Context, Template

pytestmark = pytest.mark.once


def shown(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "now"),
        (1, "1 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (7199, "1 h ago"),
        (200_000, "2 d ago"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit(now, passed, words):
    html = shown("{% ago when %}", when=now - timedelta(seconds=passed), now=now)

    assert f">{words}</time>" in html


def test_the_absolute_time_is_on_hover(now):
    html = shown("{% ago when %}", when=now, now=now)

    assert 'datetime="2026-03-02T12:00:00+00:00"' in html
    assert 'title="2026-03-02 12:00:00 UTC"' in html


def test_what_is_to_come_turns_into_overdue(now):
    assert "in 4 min<" in shown("{% until when %}", when=now + timedelta(minutes=4), now=now)
    assert "4 min overdue<" in shown("{% until when %}", when=now - timedelta(minutes=4), now=now)


def test_nothing_is_shown_for_no_time(now):
    assert shown("{% since when %}", when=None, now=now) == ""


def test_a_monogram_has_two_letters_and_a_hue_that_stays():
    assert ">ad</span>" in shown("{% monogram 'ada' %}")
    assert ">cl</span>" in shown("{% monogram 'code-link' %}")
    assert shown("{% monogram 'ada' %}") == shown("{% monogram 'ada' %}")


def test_what_is_written_is_sanitised():
    html = shown("{{ text|markdown }}", text="<script>x</script> **bold** [a](javascript:x)")

    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert "href" not in html

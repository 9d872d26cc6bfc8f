"""Passages: the words that were looked for, where they stand in a text."""

import pytest

from tasks.queries import passages

pytestmark = pytest.mark.once


def marked(parts):
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "question", "shown"),
    [
        ("Fix the login", "log", "Fix the [log]in"),
        ("Fix the login", "LOGIN fix", "[Fix] the [login]"),
        ("catalog", "log", "catalog"),
        ("a.b (c)", "(", "a.b (c)"),
        ("log-in login", "log login", "[log]-in [login]"),
        ("über", "ü", "[ü]ber"),
        ("", "x", ""),
        ("x", "", "x"),
    ],
)
def test_words_are_marked_where_a_word_begins_so(text, question, shown):
    assert marked(passages.marked(text, question)) == shown


def test_a_long_text_is_shown_around_its_first_match():
    text = "word " * 100 + "needle\n\n" + "straw " * 100
    shown = marked(passages.around(text, "needle", most=100))
    assert shown.startswith("…word ")
    assert "[needle] straw" in shown
    assert shown.endswith("…")
    assert len(shown) < 110


def test_without_a_match_it_is_the_beginning():
    assert marked(passages.around("one  two\nthree", "x", most=7)) == "one two…"
    assert marked(passages.around("one", "x", most=7)) == "one"

"""Excerpts: cut in the middle, honest about how much, and never to be taken for the board's own words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.queries import excerpts
from tasks.queries.excerpts import Excerpt
from tests.tasks.queries import tellable

pytestmark = pytest.mark.once


def test_a_text_is_quoted_line_by_line_whatever_ends_its_lines():
    hostile = "one\n\ntwo\r\nthree\rfour\u2028five\x85six\x0bseven"
    assert excerpts.quoted(hostile) == "> one\n>\n> two\n> three\n> four\n> five\n> six\n> seven"


@given(text=tellable.texts(20_000))
@settings(max_examples=50, deadline=None)
def test_what_is_plain_keeps_every_character_in_its_place(text):
    plain = excerpts.plain(text)
    assert len(plain) == len(text)
    assert plain.splitlines() == plain.removesuffix("\n").split("\n") or not plain
    assert all(one == other or not other.isprintable() for one, other in zip(plain, text, strict=True))


@pytest.mark.parametrize("letter", ["x", "漢", "🧵", "\n"])
def test_a_cut_says_how_much_is_missing(letter):
    text = Excerpt.of("A" + letter * 5000 + "Z")
    cut = excerpts.block(text, 100, where="GET /tasks/T-1")
    assert cut.startswith("> A")
    assert cut.endswith("Z\n")
    assert "\n[…4902 characters left out: GET /tasks/T-1…]\n" in cut


@given(text=tellable.texts(3000), most=st.integers(0, 3500), known=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_text_is_whole_or_cut_in_one_place(text, most, known):
    length = len(text)
    some = Excerpt.of(text) if known else Excerpt(text[: length // 2], text[length - length // 4 :], length)
    cut = excerpts.block(some, most, where="W")
    if cut == excerpts.quoted(text) + "\n":
        return
    (mark,) = [line for line in cut.split("\n") if line.startswith("[…")]
    left_out = int(mark.removeprefix("[…").split()[0])
    assert 0 < left_out <= length
    assert length - left_out <= most
    if known:
        assert length > most
        assert length - left_out == most


def test_a_cut_that_is_no_shorter_than_the_whole_is_not_made():
    text = "x" * 120
    assert excerpts.block(Excerpt.of(text), 100, where="W") == f"> {text}\n"
    assert excerpts.inline(text, 100) == text


@pytest.mark.parametrize("most", range(6))
def test_the_largest_that_fits_is_found(most):
    assert excerpts.largest(lambda n: n <= most, 0, 5) == most
    assert excerpts.largest(lambda n: n <= most, most + 1, 9) is None
    assert excerpts.largest(lambda n: n <= most, 3, 2) is None

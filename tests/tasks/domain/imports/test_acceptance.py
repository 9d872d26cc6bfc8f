"""Done criteria out of acceptance criteria that people wrote."""

import pytest

from tasks.domain.imports import acceptance

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "mark", ["-", "*", "+", "•", "1.", "2)", "(3)", "- [ ]", "- [x]", "* [X]", "[ ]", "[x]", "12. [ ]"]
)
def test_every_bullet_is_a_criterion_however_it_is_marked(mark):
    assert acceptance.criteria(f"{mark} It works\n{mark} A test shows it") == ["It works", "A test shows it"]


def test_continued_lines_and_nested_bullets_belong_to_their_bullet():
    text = "- It works\n  on every system:\n    - Linux\n    - macOS\n- It is fast\nand stays so\n\n  Even at night."
    assert acceptance.criteria(text) == [
        "It works on every system: Linux; macOS",
        "It is fast and stays so Even at night.",
    ]


def test_a_crooked_list_is_still_one_list():
    assert acceptance.criteria(" - one\n- two\n - three") == ["one", "two", "three"]


def test_a_tab_indents_as_spaces_do():
    assert acceptance.criteria("-\tone\n\t- inner\n-\ttwo") == ["one; inner", "two"]


def test_prose_is_a_criterion_per_paragraph():
    text = "It works on\nevery system.\n\n\nA test\r\nshows it."
    assert acceptance.criteria(text) == ["It works on every system.", "A test shows it."]


def test_prose_beside_a_list_is_kept_and_what_only_introduces_it_is_not():
    text = "## Acceptance\nIt is done when:\n1. one\n2. two\n\nThe docs say so.\n\n**Later:**\n- three"
    assert acceptance.criteria(text) == ["one", "two", "The docs say so.", "three"]


def test_a_bullet_that_ends_with_a_colon_stays():
    assert acceptance.criteria("- the header has a colon:\n- two") == ["the header has a colon:", "two"]


def test_a_rule_separates_and_is_no_bullet():
    assert acceptance.criteria("one\n---\ntwo\n* * *\nthree") == ["one", "two", "three"]


def test_a_heading_that_is_all_there_is_stays():
    assert acceptance.criteria("# All tests pass") == ["# All tests pass"]


@pytest.mark.parametrize(
    "text", ["-nothing", "*bold* text", "3.14 is pi", "2024. was a year", "[link](x) text"]
)
def test_what_only_looks_like_a_bullet_is_prose(text):
    assert acceptance.criteria(text) == [text]


@pytest.mark.parametrize("text", ["", "  \n\t\n", "- \n-", "- [ ]\n- [x]", "---"])
def test_nothing_said_is_no_criterion(text):
    assert acceptance.criteria(text) == []

"""Reading JSON lines: every line is an object or has a reason, and none stops the next."""

import io

import pytest

from tasks.domain.imports import lines

pytestmark = pytest.mark.once


def read(content: bytes, **limits: int) -> list[lines.Line]:
    return list(lines.read(io.BytesIO(content), **limits))


def test_lines_are_numbered_as_an_editor_does_and_blank_ones_left_out():
    found = read(b'{"a": 1}\n\n  \r\n{"b": 2}\r\n{"c": 3}')
    assert [(line.number, line.value) for line in found] == [(1, {"a": 1}), (4, {"b": 2}), (5, {"c": 3})]
    assert not any(line.broken or line.replaced for line in found)


def test_a_byte_order_mark_is_passed_over():
    (line,) = read(b'\xef\xbb\xbf{"a": 1}\n')
    assert (line.value, line.raw) == ({"a": 1}, b'{"a": 1}\n')


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"a": }', "not JSON: expecting value, at character 7"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 8"),
        (b'{"a": NaN}', "not JSON: NaN is no number"),
        (b'{"a": 1e999}', "not JSON: a number is too large"),
        (b'{"a": -Infinity}', "not JSON: -Infinity is no number"),
        (b'["a"]', "a list, not an object"),
        (b'"a"', "text, not an object"),
        (b"5", "a number, not an object"),
        (b"true", "a truth value, not an object"),
        (b"null", "null, not an object"),
        (b'{"a": ' * 60 + b"1" + b"}" * 60, "nested more than 40 deep"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested more than 40 deep"),
    ],
)
def test_a_line_that_is_no_object_says_why_and_the_next_is_read(content, why):
    broken, good = read(content + b'\n{"b": 2}\n')
    assert (broken.number, broken.broken, broken.value) == (1, why, {})
    assert (good.number, good.broken, good.value) == (2, "", {"b": 2})


def test_a_number_of_many_digits_is_refused_and_not_computed():
    (line,) = read(b'{"a": ' + b"9" * 100_000 + b"}")
    assert line.broken.startswith("not JSON: ")


def test_a_line_that_is_too_long_is_passed_over_without_being_kept():
    found = read(b'{"a": "' + b"x" * 100 + b'"}\n{"b": 2}\n' + b"y" * 21, longest=20)
    assert [(line.number, line.broken != "", line.raw) for line in found] == [
        (1, True, b""),
        (2, False, b'{"b": 2}\n'),
        (3, True, b""),
    ]


def test_what_no_database_stores_is_replaced_and_told():
    nul, half, whole, plain = read(
        rb'{"a\u0000": ["x\u0000"]}' + b"\n" + rb'{"a": {"b": "\ud83d"}}' + b"\n"
        rb'{"a": "\ud83d\ude00"}' + b"\n" + rb'{"a": "\\u0000"}'
    )  # fmt: skip
    assert (nul.value, nul.replaced) == ({"a\ufffd": ["x\ufffd"]}, True)
    assert (half.value, half.replaced) == ({"a": {"b": "\ufffd"}}, True)
    assert (whole.value, whole.replaced) == ({"a": "😀"}, False)
    assert (plain.value, plain.replaced) == ({"a": "\\u0000"}, False)

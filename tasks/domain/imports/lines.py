"""Lines: a file of JSON lines read as a stream, one object or one reason at a time."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from tasks.domain.imports import typed

LONGEST = 8 * 1024 * 1024
DEEPEST = 40
# What neither database stores and no encoder writes: the null character and halves of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank, by its number from 1: the `value` it holds, or why it holds none.

    `raw` is the line as it came, without a byte order mark; empty if it is too long. `replaced` says that characters
    which cannot be stored became U+FFFD.
    """

    number: int
    raw: bytes
    value: dict[str, Any]
    broken: str = ""
    replaced: bool = False


def read(stream: BinaryIO, *, longest: int = LONGEST, deepest: int = DEEPEST) -> Iterator[Line]:
    """The lines of a stream. One that is no JSON object in UTF-8, is longer than `longest` bytes or nested deeper than
    `deepest` is given with that as its reason."""
    number = 0
    while raw := stream.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            _skip_rest(stream, raw)
            yield Line(number, b"", {}, f"longer than {longest // 1024 // 1024} MiB")
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if raw.strip():
            yield _parse(number, raw, deepest)


def storable(text: str) -> str:
    """The text without characters that cannot be stored."""
    return _UNSTORABLE.sub("\ufffd", text)


def _skip_rest(stream: BinaryIO, part: bytes) -> None:
    while part and not part.endswith(b"\n"):
        part = stream.readline(LONGEST)


def _parse(number: int, raw: bytes, deepest: int) -> Line:
    try:
        value = json.loads(raw.decode().rstrip(), parse_constant=_refuse_constant, parse_float=_finite)
        if not isinstance(value, dict):
            return Line(number, raw, {}, f"{typed.kind(value)}, not an object")
        # Only an escape can bring in what cannot be stored, and only brackets can nest.
        if raw.count(b"[") + raw.count(b"{") > deepest:
            _refuse_nesting(value, deepest)
        clean = _clean(value) if b"\\u" in raw else value
    except UnicodeDecodeError as error:
        return Line(number, raw, {}, f"not UTF-8 at byte {error.start + 1}")
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        return Line(number, raw, {}, f"not JSON: {why}, at character {error.pos + 1}")
    except RecursionError:
        return Line(number, raw, {}, f"nested more than {deepest} deep")
    except ValueError as error:
        return Line(number, raw, {}, f"not JSON: {error}")
    return Line(number, raw, clean, replaced=clean != value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _refuse_nesting(value: Any, left: int) -> None:
    if left == 0:
        raise RecursionError
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _refuse_nesting(inner, left - 1)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _clean(one) for name, one in value.items()}
    return value

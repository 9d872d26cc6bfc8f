"""Typed: a JSON object whose fields have to be of the types they are read as; null is the same as not there."""

from __future__ import annotations

from typing import Any


class Unusable(Exception):
    """The object cannot be used; the message says which field is wrong and how."""


class Fields:
    """The fields of one object. Each method reads one, and raises Unusable if it is of another type."""

    def __init__(self, values: dict[str, Any], *, inside: str = "") -> None:
        self.values = values
        self._inside = inside

    def text(self, name: str) -> str:
        """A text, trimmed; empty if there is none."""
        return str(self._of_type(name, str, "text") or "").strip()

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self._of_type(name, int, "a whole number")
        if isinstance(value, bool):
            raise Unusable(f"{self._inside}{name} is a truth value, not a whole number")
        return None if value is None else int(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts, trimmed and not empty, each once."""
        values = self._of_type(name, list, "a list") or []
        for at, value in enumerate(values):
            if not isinstance(value, str):
                raise Unusable(f"{self._inside}{name}[{at}] is {kind(value)}, not text")
        return list(dict.fromkeys(text for value in values if (text := value.strip())))

    def objects(self, name: str) -> list[Fields]:
        """A list of objects."""
        values = self._of_type(name, list, "a list") or []
        for at, value in enumerate(values):
            if not isinstance(value, dict):
                raise Unusable(f"{self._inside}{name}[{at}] is {kind(value)}, not an object")
        return [Fields(value, inside=f"{self._inside}{name}[{at}].") for at, value in enumerate(values)]

    def _of_type(self, name: str, wanted: type, called: str) -> Any:
        value = self.values.get(name)
        if value is not None and not isinstance(value, wanted):
            raise Unusable(f"{self._inside}{name} is {kind(value)}, not {called}")
        return value


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"
    return "a number"

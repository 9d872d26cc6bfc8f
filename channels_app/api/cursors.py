"""Cursors: where a listing goes on, opaque to whoever carries it."""

from __future__ import annotations

import base64
import re

from rest_framework import serializers


def write(place: str) -> str:
    """The place as a cursor."""
    return base64.urlsafe_b64encode(place.encode()).decode()


def read(cursor: str, pattern: re.Pattern[str]) -> re.Match[str]:
    """The place that a cursor stands for, matched; what is none is refused as a ValidationError."""
    try:
        place = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (ValueError, UnicodeError):
        place = ""
    if match := pattern.fullmatch(place):
        return match
    raise serializers.ValidationError("This takes the next_cursor of an earlier answer.")

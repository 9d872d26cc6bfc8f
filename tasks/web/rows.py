"""Rows: lists that are typed one an input. Without JavaScript the server adds a row, or takes one out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from tasks.web import fields


def asked(data: QueryDict) -> bool:
    """Whether the form was sent for a row more (`more`) or less (`drop`, its position), and not to be done."""
    return "more" in data or "drop" in data


def reshaped(form: forms.Form, data: QueryDict) -> Any:
    """The form, which is not bound, filled in as it was sent and not checked, with a row more or less."""
    for name, field in form.fields.items():
        if not isinstance(field, fields.Rows):
            form.initial[name] = data.get(name, "")
            continue
        texts = data.getlist(name)
        if data.get("more") == name:
            texts.append("")
        dropped = data.get("drop", "").removeprefix(f"{name}-")
        if dropped.isdecimal() and int(dropped) < len(texts):
            del texts[int(dropped)]
        form.initial[name] = texts
    return form

"""What a browser would send back of a page's form: as it came, or with some fields changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def save(operator: Client, row: Model, **changes: Any) -> Any:
    """Open the row's page, change these fields and save; gives the answer."""
    return operator.post(page(row), form_of(operator, row) | changes)


def form_of(operator: Client, row: Model) -> dict[str, Any]:
    """The form of the row's page, untouched."""
    form = untouched(operator.get(page(row)).content.decode(), f"{row._meta.model_name}_form")
    return {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}


def page(row: Model) -> str:
    """The address of the row's page."""
    return reverse(f"admin:tasks_{row._meta.model_name}_change", args=[row.pk])


def untouched(html: str, form_id: str) -> dict[str, str]:
    """The names and values of the form's fields, with a browser's line ends."""
    reader = _Form(form_id)
    reader.feed(html)
    return {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in reader.sent.items()}


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.sent: dict[str, str] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif self.inside and tag == "input" and given.get("type") not in ("submit", "checkbox"):
            self.sent[given["name"]] = given.get("value", "")
        elif self.inside and tag == "textarea":
            self.textarea = given["name"]
            self.sent[self.textarea] = ""
        elif self.inside and tag == "select":
            self.select = given["name"]
            self.sent[self.select] = ""
        elif self.select and tag == "option" and "selected" in given:
            self.sent[self.select] = given["value"]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            # A browser drops the first line end of a textarea.
            self.sent[self.textarea] += data if self.sent[self.textarea] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False

"""The board: every task in the column of its state."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tasks.web import entry


@entry.reading
def board(request: HttpRequest) -> HttpResponse:
    """`GET /board/`."""
    return render(request, "board/board.html", {"here": "board", "now": timezone.now()})

"""The addresses of the HTML door, under `/board/`."""

from django.urls import URLPattern, path

from tasks.web import board

urlpatterns: list[URLPattern] = [
    path("", board.board),
]

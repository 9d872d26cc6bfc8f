"""The addresses of the HTML door, under `/board/`."""

from django.urls import URLPattern, path

from tasks.web import board, sign_in

urlpatterns: list[URLPattern] = [
    path("", board.board),
    path("sign-in", sign_in.password),
    path("sign-in/<str:secret>", sign_in.link),
    path("sign-out", sign_in.sign_out),
]

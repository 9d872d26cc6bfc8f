"""The addresses of the HTML door, under `/board/`."""

from django.urls import include, path

from tasks.web import board, sign_in

urlpatterns = [
    path("", board.board),
    path("sign-in", sign_in.password),
    path("sign-in/<str:secret>", sign_in.link),
    path("sign-out", sign_in.sign_out),
    path("", include("tasks.web.task_urls")),
]

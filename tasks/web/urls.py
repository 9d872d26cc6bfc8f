"""The addresses of the HTML door, under `/board/`."""

from django.urls import URLPattern, path, re_path

from tasks.web import acting, board, creating, sign_in, task

_REF = "(?P<ref>(?:[Tt]-)?[1-9][0-9]{0,17})"

urlpatterns: list[URLPattern] = [
    path("", board.board),
    path("new", creating.new),
    re_path(rf"^{_REF}$", task.task),
    re_path(rf"^{_REF}/log/(?P<comment_id>[1-9][0-9]{{0,17}})$", task.log_entry),
    re_path(rf"^{_REF}/(?P<verb>[a-z_]+)$", acting.act),

urlpatterns: list[URLPattern] = [
    path("", board.board),
    path("sign-in", sign_in.password),
    path("sign-in/<str:secret>", sign_in.link),
    path("sign-out", sign_in.sign_out),
]

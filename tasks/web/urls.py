"""The addresses of the HTML door, under `/board/`."""

from django.urls import include, path

from tasks.web import agents, board, connect, digests, pauses, sign_in

urlpatterns = [
    path("", board.board),
    path("digest", digests.digest),
    path("agents", agents.listed),
    path("agents/<str:name>", agents.shown),
    path("agents/<str:name>/facts", agents.change),
    path("agents/<str:name>/pause", pauses.pause),
    path("agents/<str:name>/resume", pauses.resume),
    path("team/pause", pauses.pause_team),
    path("team/resume", pauses.resume_team),
    path("connect", connect.connect),
    path("connect/tokens", connect.create),
    path("connect/tokens/<str:prefix>/revoke", connect.revoke),
    path("sign-in", sign_in.password),
    path("sign-in/<str:secret>", sign_in.link),
    path("sign-out", sign_in.sign_out),
    path("changes", board.changes),
    path("columns/<str:name>", board.column),
    path("", include("tasks.web.task_urls")),
]

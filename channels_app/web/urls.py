"""The addresses of the conversation's pages, under `/board/`."""

from django.urls import URLPattern, path

from channels_app.web import channels, inbox, search

urlpatterns: list[URLPattern] = [
    path("channels/", channels.every),
    path("channels/<str:name>", channels.shown),
    path("channels/<str:name>/messages", channels.post),
    path("inbox", inbox.inbox),
    path("inbox/read", inbox.read),
    path("search", search.search),
]

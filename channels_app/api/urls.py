"""The addresses of the conversation."""

from django.urls import path

from channels_app.api import channels, inbox, messages

urlpatterns = [
    path("channels", channels.Channels.as_view()),
    path("channels/<str:name>/messages", messages.Messages.as_view()),
    path("inbox", inbox.Inbox.as_view()),
    path("inbox/read", inbox.ReadInbox.as_view()),
]

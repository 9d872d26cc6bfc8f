"""Channels as a Django app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Follows what happens on the board, adds its guards to the board's, and what is unread to the board's packets."""

    name = "channels_app"
    verbose_name = "Channels"

    def ready(self) -> None:
        from channels_app.domain import following
        from channels_app.models.guards import GUARDS
        from channels_app.queries import unread
        from tasks.domain import followers
        from tasks.models import guards
        from tasks.queries import packets

        guards.add(GUARDS)
        packets.also("unread", unread.OF_THE_ASSIGNEE)
        for kind in following.KINDS:
            followers.follow(kind, following.tell)

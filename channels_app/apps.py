"""Channels as a Django app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Has no models yet; the board's events will become its messages."""

    name = "channels_app"
    verbose_name = "Channels"

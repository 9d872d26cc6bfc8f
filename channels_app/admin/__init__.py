"""The operator's door to the conversation: find and read; channels are made and described."""

from channels_app.admin import channel, inbox, message, notice

__all__ = ["channel", "inbox", "message", "notice"]

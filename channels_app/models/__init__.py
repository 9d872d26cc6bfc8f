"""The facts of the conversation: channels and their messages, inboxes and what was put into them."""

from channels_app.models.channel import Channel
from channels_app.models.inbox import Inbox
from channels_app.models.message import Message
from channels_app.models.notice import Notice

__all__ = ["Channel", "Inbox", "Message", "Notice"]

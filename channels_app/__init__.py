"""Conversation beside the board: channels, messages, mentions, inbox, posted digests."""

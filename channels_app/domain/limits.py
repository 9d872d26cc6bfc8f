"""Limits: how long a text the conversation takes, the same at every door."""

MESSAGE = 20_000
TOPIC = 300
# Of what somebody wrote, in a message that the board makes of it, and in a notice.
QUOTED = 600
NOTICE = 300

"""What is unread in an agent's inbox: the difference of two counters, whatever the inbox holds."""

from __future__ import annotations

from django.db.models import F

from channels_app.models import Inbox
from tasks.models import Agent

# For `tasks.queries.packets.also`.
OF_THE_ASSIGNEE = """coalesce(
    (SELECT i.last_number - i.read_up_to FROM channels_app_inbox i WHERE i.agent_id = t.assignee_id), 0)"""


def count(agent: Agent) -> int:
    """How many notices the agent has not read."""
    counted = Inbox.objects.filter(agent=agent).annotate(unread=F("last_number") - F("read_up_to"))
    return counted.values_list("unread", flat=True).first() or 0

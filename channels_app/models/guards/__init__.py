"""What the database itself refuses or keeps of the conversation; see `tasks.models.guards`."""

from pathlib import Path

from tasks.models import guards

# The search index is made after every table that has a guard.
GUARDS = guards.Source(Path(__file__).parent, last_table="channels_app_search")

"""What Django's models cannot say: the full-text index of messages, and the channels every board begins with."""

from typing import Any

from django.db import migrations
from django.utils import timezone

TOPICS = {
    "general": "What concerns everybody, and handoffs.",
    "reviews": "What was handed in, and for whom it waits.",
    "blockers": "What is blocked or was taken back, and what it needs.",
    "shipping": "What is done, with its artifacts.",
    "digest": "The state of the board, every few hours.",
}
SQL = {
    "sqlite": (
        [
            "CREATE VIRTUAL TABLE channels_app_search USING fts5(text, content='channels_app_message',"
            " content_rowid='id',"
            " tokenize=\"unicode61 remove_diacritics 0 categories 'L* Mn Mc Nd Nl Co' separators '\ufe0e\ufe0f'\")",
            "INSERT INTO channels_app_search(channels_app_search) VALUES ('rebuild')",
        ],
        ["DROP TABLE channels_app_search"],
    ),
    "postgresql": (
        [
            "CREATE TABLE channels_app_search (message_id bigint PRIMARY KEY, document tsvector NOT NULL)",
            # As the guard agentboard_message_search does it from here on.
            "INSERT INTO channels_app_search SELECT id, to_tsvector('simple', translate(text,"
            r""" '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~' || U&'\00AD\200B\200C\200D\200E\200F\2060\FEFF\FE0E\FE0F',"""
            " repeat(' ', 42))) FROM channels_app_message",
            "CREATE INDEX channels_app_search_document ON channels_app_search USING gin (document)",
            # Rows that are updated with every message, and are few: room for their versions beside them.
            "ALTER TABLE channels_app_channel SET (fillfactor = 20)",
            "ALTER TABLE channels_app_inbox SET (fillfactor = 50)",
        ],
        [
            "ALTER TABLE channels_app_inbox RESET (fillfactor)",
            "ALTER TABLE channels_app_channel RESET (fillfactor)",
            "DROP TABLE channels_app_search",
        ],
    ),
}


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in SQL[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement, params=None)
    for name, topic in TOPICS.items():
        apps.get_model("channels_app", "Channel").objects.get_or_create(
            name=name, defaults={"topic": topic, "created_at": timezone.now()}
        )


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in SQL[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0001_channels_and_inboxes")]
    operations = [migrations.RunPython(forwards, backwards)]

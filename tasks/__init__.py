"""The board: tasks, agents, claims, comments, events."""

"""Imports: other people's records, or a board's own export, become tasks here; a whole file or nothing of it."""

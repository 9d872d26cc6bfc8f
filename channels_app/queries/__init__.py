"""Questions about the conversation: read-only, a fixed number of queries."""

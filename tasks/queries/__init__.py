"""Questions to the board: read-only, a fixed number of database queries for any number of rows."""

"""Playing a team of agents through the public API, and checking that the board keeps its word."""

"""The REST door of the conversation; what the calls have in common is the board's."""

"""The rules of the board, one room per concept: the only code that changes rows."""

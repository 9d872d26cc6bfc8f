"""The rules of the conversation, one room per concept; the only code that changes its rows."""

"""Wording: what the board says as HTTP calls, said as commands; what has no command stays as it is."""

from __future__ import annotations

import re

_TASK = r"/tasks/(?P<ref>T-\d+)"
_END = r"(?![\w/{?-])"
# A body, as a sentence of the board sketches it: braces, perhaps with braces within.
_BODY = r"( \{(?:[^{}]|\{[^{}]*\})*\})?"
_WORDS = [
    (r"GET /tasks/next(\?agent=[\w.-]*\w)?", "next"),
    (r"GET /tasks/active(\?agent=[\w.-]*\w)?", "active"),
    (rf"POST {_TASK}/comments with kind (?P<kind>\w+)", r"comment \g<ref> --kind \g<kind> TEXT"),
    (rf"POST {_TASK}/comments{_BODY}", r"comment \g<ref> --kind KIND TEXT"),
    (rf"POST {_TASK}/submissions{_BODY}", r"submit \g<ref> SUMMARY --evidence N=TEXT"),
    (r"POST \.\.\./submissions", "submit TASK SUMMARY --evidence N=TEXT"),
    (rf"POST {_TASK}/reviews{_BODY}", r"review \g<ref> --approve|--reject --met N=NOTE --unmet N=NOTE"),
    (r"GET /reviews/next(\?agent=[\w.-]*\w)?", "review"),
    (rf"GET /reviews{_END}", "reviews"),
    (rf"POST {_TASK}/criteria{_BODY}", r"amend \g<ref> REASON --criterion TEXT"),
    (rf"POST {_TASK}/override{_BODY}", r"override \g<ref> REASON"),
    (rf"POST {_TASK}/handoffs/\d+/readback{_BODY}", r"readback \g<ref> TEXT"),
    (rf"POST {_TASK}/(?P<verb>claim|unblock|cancel|reopen|release){_END}", r"\g<verb> \g<ref>"),
    (rf"GET {_TASK}/comments{_END}", r"log \g<ref>"),
    (rf"GET {_TASK}/brief{_END}", r"brief \g<ref>"),
    (rf"PATCH {_TASK}{_END}", r"edit \g<ref>"),
    (rf"GET {_TASK}{_END}", r"show \g<ref>"),
    (rf"POST /tasks{_END}", "create"),
    (rf"GET /agents{_END}", "agents"),
    (rf"GET /stats{_END}", "stats"),
    (rf"GET /capabilities{_END}", "capabilities"),
]
_PATTERNS = [(re.compile(pattern), f"`agentboard {words}`") for pattern, words in _WORDS]


def as_commands(text: str) -> str:
    """The sentence with the calls that have a command replaced by it."""
    for pattern, command in _PATTERNS:
        text = pattern.sub(command, text)
    return text

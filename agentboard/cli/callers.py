"""Callers: which board a command speaks to, and as whom, from its options and the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from agentboard.cli import exits

DEFAULT_URL = "http://127.0.0.1:8000"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Caller:
    """`url` has no slash at its end; `agent` is lower-case, None if nobody said; `token` is empty if there is none."""

    url: str
    agent: str | None
    token: str


def identify(environ: Mapping[str, str], *, url: str | None, agent: str | None) -> Caller:
    """The caller that the options `url` and `agent` name, or else AGENTBOARD_URL and AGENTBOARD_AGENT."""
    return Caller(
        url=_address(url or environ.get("AGENTBOARD_URL", "").strip() or DEFAULT_URL),
        agent=_cleaned(agent or environ.get("AGENTBOARD_AGENT", "")),
        token=_printable(environ.get("AGENTBOARD_TOKEN", "").strip()),
    )


def require_name(caller: Caller) -> None:
    """Fail, with the way to say it, for a caller who did not say who it is."""
    if caller.agent is None:
        raise exits.Failure(
            exits.BAD_INPUT,
            "Nobody said which agent this is.",
            fix="Set AGENTBOARD_AGENT to your name, or give --agent NAME.",
        )


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and (parts.port or 1) > 0
        )
    except ValueError:
        usable = False
    if not usable:
        raise exits.Failure(
            exits.BAD_INPUT,
            f"AGENTBOARD_URL is '{url}', which is no address of a board.",
            fix=f"Set it to one such as {DEFAULT_URL}, or leave it out.",
        )
    return parts._replace(query="", fragment="").geturl().rstrip("/")


def _is_host(name: str) -> bool:
    labels = name.rstrip(".").split(".")
    return name.isprintable() and " " not in name and all(0 < len(label) < 64 for label in labels)


def _cleaned(name: str) -> str | None:
    lowered = name.strip().lower()
    if not lowered:
        return None
    if not _NAME.fullmatch(lowered):
        raise exits.Failure(
            exits.BAD_INPUT,
            f"'{name}' is no agent's name: 1 to 40 of a-z 0-9 . _ -, beginning with a letter or digit.",
            fix="Set AGENTBOARD_AGENT to such a name, for example link or worker-3.",
        )
    return lowered


def _printable(token: str) -> str:
    if token and not (token.isascii() and token.isprintable()):
        raise exits.Failure(
            exits.BAD_INPUT,
            "AGENTBOARD_TOKEN holds characters that no token has.",
            fix="Set it to the token as it was shown, without quotes or line breaks.",
        )
    return token

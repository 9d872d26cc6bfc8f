"""Leases: what a caller holds, remembered from one command to the next: nobody types a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentboard.cli.callers import Caller
from agentboard.cli.memory import Memory


class Leases(Memory):
    """The tokens of the tasks that one caller holds."""

    def __init__(self, caller: Caller, environ: Mapping[str, str]) -> None:
        super().__init__("leases", caller, environ)

    def remember(self, packets: list[dict[str, Any]]) -> None:
        """Keep the leases of these packets. Raises OSError where nothing can be kept."""
        self.note(_tokens(packets))

    def replace(self, packets: list[dict[str, Any]]) -> None:
        """Keep the leases of these packets and no others. Raises OSError where nothing can be kept."""
        self.note_only(_tokens(packets))


def _tokens(packets: list[dict[str, Any]]) -> dict[str, int]:
    return {packet["task"]["id"]: packet["lease"]["token"] for packet in packets}

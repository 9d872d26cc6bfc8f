"""A parser that takes options and arguments in any order, also where an argument may be left out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


class Parser(argparse.ArgumentParser):
    """Reads `comment T-12 --kind failed "It broke"`: argparse alone takes TEXT for left out when it meets `--kind`."""

    _within = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        # Older Pythons come back here from within: once for the options, once for the arguments.
        if self._within:
            return super().parse_known_args(args, namespace)
        self._within = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._within = False

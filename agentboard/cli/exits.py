"""Exit codes, the same for every command, and the failure that ends a command with one of them."""

from __future__ import annotations

from typing import Any

DONE = 0
BAD_INPUT = 2
REFUSED = 3
NOTHING_TO_DO = 4
UNREACHABLE = 5
INTERRUPTED = 130

_REFUSALS = (401, 403, 404, 409, 428)
_LATER = 429


class Failure(Exception):
    """What a command could not do: `detail` says what is true, `fix` what to do next.

    `answer` is what the board sent, as it came, if it was the board that refused; `code` is the board's word for it.
    """

    def __init__(
        self, exit_code: int, detail: str, *, fix: str, code: str | None = None, answer: bytes = b""
    ) -> None:
        super().__init__(detail)
        self.exit_code = exit_code
        self.detail = detail
        self.fix = fix
        self.code = code
        self.answer = answer


def of_status(status: int) -> int:
    """The exit code for an HTTP status that is no success."""
    if status in _REFUSALS:
        return REFUSED
    return BAD_INPUT if 400 <= status < 500 and status != _LATER else UNREACHABLE


def of_problem(status: int, problem: dict[str, Any], *, answer: bytes) -> Failure:
    """The failure for a problem that the board answered with."""
    return Failure(
        of_status(status),
        str(problem.get("detail") or problem.get("title") or f"The board answered {status}."),
        fix=str(problem.get("fix") or ""),
        code=problem.get("code"),
        answer=answer,
    )

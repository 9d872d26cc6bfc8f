"""Refusals: what the board says when it does not do something. Each room raises its own classes of these five kinds.

A refusal tells what is true now (`detail`) and the one call to make next (`fix`); `extra` holds facts a program can
use, such as the holder. Doors map the kind to their own answer in one place.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """Base of the five kinds; raised through them only."""

    code: ClassVar[str]

    def __init__(self, detail: str, *, fix: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fix = fix
        self.extra = extra


class Invalid(Refusal):
    """Understood but wrong; `errors` names the fields and what each takes."""

    code = "invalid"

    def __init__(self, errors: dict[str, list[str]], *, fix: str) -> None:
        detail = " ".join(f"{field}: {text}" for field, texts in errors.items() for text in texts)
        super().__init__(detail, fix=fix, errors=errors)


class Denied(Refusal):
    """This caller may not do this."""

    code = "forbidden"


class Missing(Refusal):
    """There is no such thing; the nearest names are in the fix."""

    code = "not_found"


class Premature(Refusal):
    """Something else comes first, and is in the answer."""


class Conflict(Refusal):
    """The board is in another state than the call needs."""

    code = "wrong_state"

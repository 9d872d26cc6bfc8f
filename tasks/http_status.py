"""HTTP statuses: what each kind of refusal is over HTTP, to a program and to a browser."""

from __future__ import annotations

from tasks.domain.refusals import Conflict, Denied, Invalid, Missing, Premature, Refusal

_OF_KINDS: dict[type[Refusal], int] = {Invalid: 422, Denied: 403, Missing: 404, Conflict: 409, Premature: 428}


def of(refusal: Refusal) -> int:
    """The status of a refusal. What is none of the five kinds is about who calls: 401."""
    return next((status for kind, status in _OF_KINDS.items() if isinstance(refusal, kind)), 401)

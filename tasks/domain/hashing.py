"""Hashing: what the board keeps of a secret that it made itself."""

from __future__ import annotations

import hashlib


def of(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal.

    Enough for 256 random bits, and quick; a slow hash protects words that people think up, of which there are few.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()

"""The client of the API, as the board's tests have it."""

from tests.tasks.api.conftest import api, untouched

__all__ = ["api", "untouched"]

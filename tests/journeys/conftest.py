"""What journeys share that kill a job."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import mortal_jobs


@pytest.fixture(scope="session")
def runner() -> Iterator[mortal_jobs.Runner]:
    """The process that runs jobs and lets them die."""
    with mortal_jobs.runner() as one:
        yield one

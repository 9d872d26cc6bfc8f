"""Dates as other programs write them."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.domain.imports import dates

pytestmark = pytest.mark.once
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-11-02T21:58:07.295058-08:00", datetime(2025, 11, 3, 5, 58, 7, 295058, tzinfo=UTC)),
        ("2025-11-02T21:58:07.123456789+01:00", datetime(2025, 11, 2, 20, 58, 7, 123456, tzinfo=UTC)),
        ("2025-11-02T21:58:07Z", datetime(2025, 11, 2, 21, 58, 7, tzinfo=UTC)),
        ("2025-11-02 21:58", datetime(2025, 11, 2, 21, 58, tzinfo=UTC)),
        ("2025-11-02", datetime(2025, 11, 2, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_to_the_microsecond_in_utc(text, time):
    assert dates.past(text, now=NOW) == time
    assert dates.planned(text, now=NOW) == time


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2025-13-01", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-11-02T21:58:07" + "0" * 90),
    ],
)
def test_what_is_no_date_that_can_be_is_none(text):
    assert dates.past(text, now=NOW) is None
    assert dates.planned(text, now=NOW) is None


def test_a_date_ahead_can_be_planned_and_cannot_be_past():
    tomorrow_and_more = (NOW + timedelta(days=1, seconds=1)).isoformat()
    assert dates.past(tomorrow_and_more, now=NOW) is None
    assert dates.planned(tomorrow_and_more, now=NOW) == NOW + timedelta(days=1, seconds=1)
    assert dates.past((NOW + timedelta(hours=23)).isoformat(), now=NOW) == NOW + timedelta(hours=23)
    assert dates.planned("2200-01-01", now=NOW) is None

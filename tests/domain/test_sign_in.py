"""Captcha from the third try, lock from the seventh failure, and when a count dies."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.sign_in import Attempts

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds_ago", "captcha", "locked"),
    [
        (0, 0, False, False),
        (1, 0, False, False),
        (2, 0, True, False),
        (2, 899, True, False),
        (2, 900, False, False),
        (6, 0, True, False),
        (7, 0, True, True),
        (7, 899, True, True),
        (7, 900, False, False),
    ],
)
def test_rules(failures, seconds_ago, captcha, locked):
    attempts = Attempts(failures=failures, last_failed_at=NOW - timedelta(seconds=seconds_ago) if failures else None)
    assert attempts.captcha_due(NOW) is captcha
    assert (attempts.locked_until(NOW) is not None) is locked


def test_lock_ends_fifteen_minutes_after_the_seventh_failure():
    assert Attempts(failures=7, last_failed_at=NOW).locked_until(NOW) == NOW + timedelta(minutes=15)

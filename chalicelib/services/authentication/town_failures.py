"""Failed sign-ins of the whole town: too many in five minutes, and browsers that never signed in meet the captcha.

One item would be written by everybody at once: each minute is counted on several, of which an account takes one. They
are added up by who fails while the town is calm; while it is not, by nobody until its last minute.
"""

import logging
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.sign_in import TOWN_CAPTCHA_LASTS, TOWN_MINUTES, Attempts, Count
from chalicelib.services.authentication.counts import town_captcha_count, town_failures_count
from chalicelib.store.attempts import AttemptStore, CountingRule

SHARDS = 8
"""As many items as a minute is counted on: DynamoDB takes a thousand writes a second of each."""

A_MINUTE = timedelta(minutes=1)
KEPT = TOWN_MINUTES * A_MINUTE + A_MINUTE
FLAG = CountingRule(lasts=TOWN_CAPTCHA_LASTS, sliding=True)
MOST_CROSSINGS = 1_000_000
"""Crossings in a row that are recorded; the last one counts."""

logger = logging.getLogger(__name__)


def town_captcha_until(flag: Attempts, now: datetime) -> datetime | None:
    """Returns the UTC instant until which new browsers meet the captcha, None when they do not."""
    crossed = flag.last_failed_at
    until = crossed + TOWN_CAPTCHA_LASTS if crossed else None
    return until if until and now < until else None


def count_town_failure(
    username: str, *, most: int, until: datetime | None, attempts: AttemptStore, now: datetime
) -> bool:
    """Count a failure of the town. Returns whether new browsers meet the captcha from now on.

    `most`: failures in five minutes that begin it, 0: never; `until`: the end of the one that was read before.
    """
    if not most:
        return False
    minute = int(now.timestamp()) // 60
    shard = zlib.crc32(username.encode("utf-8", "surrogatepass")) % SHARDS
    attempts.add(town_failures_count(minute, shard), now=now, lasts=KEPT)
    if until and until - now > A_MINUTE:
        return True
    failures = sum(one.failures for one in attempts.read([*_shards(minute)]))
    if failures < most:
        return until is not None
    attempts.reserve(town_captcha_count(), now=now, below=MOST_CROSSINGS, rule=FLAG)
    logger.warning("town_under_attack", extra={"failures": failures})
    return True


def _shards(minute: int) -> Iterator[Count]:
    for earlier in range(TOWN_MINUTES):
        for shard in range(SHARDS):
            yield town_failures_count(minute - earlier, shard)

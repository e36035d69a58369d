"""A signed-in browser: who it is, since when, and for how long."""

from datetime import datetime, timedelta

from chalicelib.domain.models import Model

IDLE_REFRESH = timedelta(minutes=5)
"""« Seen » is written at most this often: a page costs no write, and idle time is right to five minutes less."""


class Session(Model):
    """Kept under the hash of its token; instants are UTC."""

    username: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Neither past its absolute end nor idle for too long."""
        return now < self.ends_at and now - self.seen_at < idle

    def needs_refresh(self, now: datetime) -> bool:
        return now - self.seen_at >= IDLE_REFRESH

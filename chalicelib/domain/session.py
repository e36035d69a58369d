"""Sessions of signed-in browsers: username, absolute end, idle timeout."""

from datetime import datetime, timedelta

from chalicelib.domain.models import Model

IDLE_MINUTES = 30
"""After so many minutes without a request a session has ended, unless the stage chooses otherwise."""

IDLE_REFRESH = timedelta(minutes=5)
"""`seen_at` is written at most this often: most pages cost no write, and idle time is exact to five minutes."""


class Session(Model):
    """Stored under the hash of its token; instants are UTC."""

    username: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Whether it is neither past its absolute end nor idle for too long."""
        return now < self.ends_at and now - self.seen_at < idle

    def needs_refresh(self, now: datetime) -> bool:
        return now - self.seen_at >= IDLE_REFRESH

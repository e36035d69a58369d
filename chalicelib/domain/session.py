"""Sessions of signed-in browsers: username, absolute end, idle timeout."""

from datetime import datetime, timedelta

from chalicelib.domain.models import Model

IDLE_MINUTES = 30
"""After so many minutes without a request a session has ended, unless the stage chooses otherwise."""

IDLE_REFRESH = timedelta(minutes=5)
"""`seen_at` is written at most this often: most pages cost no write, and idle time is exact to five minutes."""


PROVED_FOR = timedelta(minutes=10)
"""After that, what a passer-by would do on a browser left open asks for the password again."""


class Session(Model):
    """Stored under the hash of its token; instants are UTC.

    `proved_at`: when the password was last typed; sessions opened by an earlier version have none, and count from their
    opening. `browser`: a short label, as « Firefox sur Android ».
    """

    username: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime
    proved_at: datetime | None = None
    browser: str = ""

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Whether it is neither past its absolute end nor idle for too long."""
        return now < self.ends_at and now - self.seen_at < idle

    def proved(self, now: datetime) -> bool:
        """Whether the password was typed at most ten minutes ago."""
        return now - (self.proved_at or self.opened_at) <= PROVED_FOR

    def needs_refresh(self, now: datetime) -> bool:
        return now - self.seen_at >= IDLE_REFRESH

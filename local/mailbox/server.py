"""HTTP server of the mailbox: GET and HEAD on loopback."""

from typing import Any

from local.mailbox.answers import Mailbox
from local.mailbox.postbox import Postbox
from local.pages import PageHandler, PageServer


class MailboxHandler(PageHandler):
    """One connection of a browser."""

    def log_message(self, format: str, *args: Any) -> None:
        """Does nothing: only the portal's own log is shown."""


def serve_mailbox(port: int, postbox: Postbox | None) -> PageServer:
    """Returns the mailbox's server, bound; the caller serves it. Port 0 picks a free one."""
    return PageServer(port, Mailbox(postbox), MailboxHandler)

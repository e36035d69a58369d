"""In-memory store of the mails that the emulated SES accepted, oldest first."""

import threading
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail as its addressee gets it. `sent_at` is the UTC instant at which SES accepted it."""

    id: str
    to: tuple[str, ...]
    sender: str
    subject: str
    sent_at: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Postbox:
    """Thread-safe store: SES's requests write it, the mailbox's pages read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mails: dict[str, Mail] = {}

    def keep(self, mail: Mail) -> None:
        with self._lock:
            self._mails[mail.id] = mail

    def all(self) -> list[Mail]:
        with self._lock:
            return list(self._mails.values())

    def find(self, mail_id: str) -> Mail | None:
        with self._lock:
            return self._mails.get(mail_id)

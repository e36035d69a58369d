"""What the portal writes to families: one method per mail, whose words are in templates/mail/<name>/."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.town import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.rendering import render

Link = Callable[[str], str]
"""A path of ours in, its absolute public address out (`Settings.link`)."""


def compose(
    name: str, to: str, *, town: Town, link: Link, attachments: Sequence[Attachment] = (), **context: Any
) -> Message:
    """Fill the three templates of a mail (subject, text, HTML) with `town`, `link` and the mail's own context.

    Raises jinja2.UndefinedError when a template uses a name that the context lacks.
    """
    given = {"town": town, "link": link, **context}
    subject = render(f"mail/{name}/subject.txt", **given).strip()
    text = render(f"mail/{name}/body.txt", **given) + "\n"
    html = render(f"mail/{name}/body.html", subject=subject, **given) + "\n"
    return Message(to, subject, text, html, tuple(attachments))


@dataclass(frozen=True)
class Messages:
    """The mails of one town, ready for `Mailer.send`. Instants are UTC; `to` is the family's address."""

    town: Town
    link: Link

    def your_credentials(self, to: str, *, links: Sequence[tuple[Account, str]], ends_at: datetime) -> Message:
        """« Vos identifiants »: each account known under this address, with the path of its one-time link."""
        return self._compose("your_credentials", to, links=links, ends_at=ends_at)

    def password_changed(self, to: str, *, username: str, changed_at: datetime) -> Message:
        """« Votre mot de passe a été changé », so that a family learns of a change that it did not make."""
        return self._compose("password_changed", to, username=username, changed_at=changed_at)

    def account_opened(self, to: str, *, username: str, opened_at: datetime) -> Message:
        """« Votre compte famille est ouvert »: a first password was chosen."""
        return self._compose("account_opened", to, username=username, opened_at=opened_at)

    def _compose(self, name: str, to: str, *, attachments: Sequence[Attachment] = (), **context: Any) -> Message:
        return compose(name, to, town=self.town, link=self.link, attachments=attachments, **context)

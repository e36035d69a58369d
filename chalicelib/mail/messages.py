"""What the portal writes to families: one function per mail, whose words are in templates/mail/<name>/."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.town import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.rendering import render

Link = Callable[[str], str]
"""A path of ours in, its absolute public address out (`Settings.link`)."""


class Access(NamedTuple):
    """One account of the addressee: its username, whose it is, the path of its one-time link, opened before or not."""

    username: str
    holder: str
    path: str
    opened: bool


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


def your_credentials(to: str, *, town: Town, link: Link, accesses: Sequence[Access], ends_at: datetime) -> Message:
    """« Vos identifiants »: each account known under this address, with a link good once, until `ends_at` (UTC)."""
    return compose("your_credentials", to, town=town, link=link, accesses=accesses, ends_at=ends_at)


def password_changed(to: str, *, town: Town, link: Link, username: str, changed_at: datetime) -> Message:
    """« Votre mot de passe a été changé », so that a family learns of a change that it did not make."""
    return compose("password_changed", to, town=town, link=link, username=username, changed_at=changed_at)


def account_opened(to: str, *, town: Town, link: Link, username: str, opened_at: datetime) -> Message:
    """« Votre compte famille est ouvert »: a first password was chosen."""
    return compose("account_opened", to, town=town, link=link, username=username, opened_at=opened_at)

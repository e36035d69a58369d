"""What the portal writes to families: one function per mail, whose words are in templates/mail/<name>/."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.town_settings import Town
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


def your_credentials(
    to: str, *, town: Town, link: Link, links: Sequence[tuple[Account, str]], ends_at: datetime
) -> Message:
    """« Vos identifiants »: each account known under this address, with the path of its link, good until `ends_at`."""
    return compose("your_credentials", to, town=town, link=link, links=links, ends_at=ends_at)

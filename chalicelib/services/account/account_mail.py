"""Telling a family by mail what happened to its account: handed over at once, written and sent by a task."""

from typing import Any

from chalicelib.domain.account_mail import ANNOUNCEMENT, AccountMail
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, account_mail
from chalicelib.tasks import Tasks

MAIL = "announcement"


def start_account_mail(announcement: AccountMail, *, tasks: Tasks) -> None:
    """Have the mail sent soon, at least once; who asks does not wait for it. Raises Unavailable."""
    tasks.start("notify", {"mail": MAIL, "announcement": announcement.model_dump(mode="json")})


def account_mail_message(event: dict[str, Any], *, town: Town, link: Link) -> Message:
    """The mail of what `announce` handed over."""
    return account_mail(ANNOUNCEMENT.validate_python(event["announcement"]), town=town, link=link)

"""Account mails: what a family is told by mail about its account, sent by a background task."""

from typing import Any

from chalicelib.domain.account_mail import ACCOUNT_MAIL, AccountMail
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, account_mail
from chalicelib.tasks import Tasks

MAIL = "announcement"


def start_account_mail(announcement: AccountMail, *, tasks: Tasks) -> None:
    """Start the task that sends the mail, at least once; does not wait for it. Raises Unavailable."""
    tasks.start("notify", {"mail": MAIL, "announcement": announcement.model_dump(mode="json")})


def account_mail_message(event: dict[str, Any], *, town: Town, link: Link) -> Message:
    """Returns the mail that `start_account_mail` put in the task's event."""
    return account_mail(ACCOUNT_MAIL.validate_python(event["announcement"]), town=town, link=link)

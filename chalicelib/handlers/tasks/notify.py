"""Lambda task that mails families about their account, apart from the HTTP request that caused it.

So a response takes the same time whether or not the address is known. A task may run twice.
"""

import logging
from collections.abc import Callable
from typing import Any

from chalicelib import portal as portals
from chalicelib.errors import MailRefused, MailThrottled
from chalicelib.portal import Portal
from chalicelib.services.account import account_mail
from chalicelib.services.authentication import remind_credentials
from chalicelib.services.authentication.password_links import link_path

logger = logging.getLogger(__name__)

Event = dict[str, Any]
"""`{"mail": <a key of SENDERS>, …}`, as written by the service that starts the task."""


def notify(event: Event) -> dict[str, int]:
    """Event → `{"sent"}`, the number of mails sent: 0 when there is no recipient.

    Raises Unavailable: Lambda retries.
    """
    return {"sent": SENDERS[event["mail"]](portals.current(), event)}


def send_account_mail(portal: Portal, event: Event) -> int:
    return deliver(portal, account_mail.account_mail_message(event, town=portal.town, link=portal.settings.link))


def send_credentials(portal: Portal, event: Event) -> int:
    """Send « Vos identifiants » to an address that may have no account."""
    request = remind_credentials.read_reminder_request(event)
    links = remind_credentials.remind_credentials(
        request,
        key=portal.secrets.links[0],
        stores=portal.stores,
        clock=portal.clock,
    )
    if not links:
        return 0
    try:
        paths = [(account, link_path(token)) for account, token in links]
        mails = remind_credentials.reminder_mails(
            request, paths, town=portal.town, link=portal.settings.link, now=portal.clock()
        )
        sent = sum(deliver(portal, mail) for mail in mails)
    except MailThrottled:
        remind_credentials.release_reminder(request, attempts=portal.stores.attempts)
        raise
    for account, _ in links:
        portal.stores.journal.note(account.username, "credentials_asked", at=portal.clock())
    return sent


def deliver(portal: Portal, message: Any) -> int:
    """Returns 1 if sent; 0, logged, if SES refuses the mail for good. Raises Unavailable for what may be retried."""
    try:
        portal.mailer.send(message)
    except MailRefused as refusal:
        logger.warning("mail refused", extra={"subject": message.subject, "reason": refusal.reason})
        return 0
    return 1


SENDERS: dict[str, Callable[[Portal, Event], int]] = {
    account_mail.MAIL: send_account_mail,
    remind_credentials.MAIL: send_credentials,
}

"""The Lambda task that writes to families about their account, apart from the visit that caused it.

A visitor's answer so takes the same time whoever is known. A task may run twice.
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
"""`{"mail": <a key of WRITERS>, …}`, as the service that starts the task writes it."""


def notify(event: Event) -> dict[str, int]:
    """Write the mail of an event; answers how many left: none when there is nobody to write to.

    Raises Unavailable, so that Lambda tries again.
    """
    return {"sent": WRITERS[event["mail"]](portals.current(), event)}


def send_announcement(portal: Portal, event: Event) -> int:
    return deliver(portal, account_mail.account_mail_message(event, town=portal.town, link=portal.settings.link))


def send_credentials(portal: Portal, event: Event) -> int:
    """« Vos identifiants », to an address that may be nobody's."""
    asked = remind_credentials.asked_for(event)
    links = remind_credentials.remind_credentials(
        asked,
        key=portal.secrets.links[0],
        stores=portal.stores,
        clock=portal.clock,
    )
    if not links:
        return 0
    try:
        paths = [(account, link_path(token)) for account, token in links]
        sent = deliver(portal, remind_credentials.reminder(asked, paths, town=portal.town, link=portal.settings.link))
    except MailThrottled:
        remind_credentials.take_back(asked, attempts=portal.stores.attempts)
        raise
    for account, _ in links:
        portal.stores.journal.note(account.username, "credentials_asked", at=portal.clock())
    return sent


def deliver(portal: Portal, message: Any) -> int:
    """Send; a mail that SES will never take is logged and given up. Raises Unavailable for what may be tried again."""
    try:
        portal.mailer.send(message)
    except MailRefused as refusal:
        logger.warning("mail refused", extra={"subject": message.subject, "reason": refusal.reason})
        return 0
    return 1


WRITERS: dict[str, Callable[[Portal, Event], int]] = {
    account_mail.MAIL: send_announcement,
    remind_credentials.MAIL: send_credentials,
}

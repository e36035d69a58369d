"""What a page leaves behind: a line in the journal, a mail to the family, and refusals in French by their field."""

import logging
from collections.abc import Mapping

from chalicelib.domain.account_mail import AccountMail
from chalicelib.errors import Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.authentication.daily_quotas import within_quota
from chalicelib.wording import account as account_wording

logger = logging.getLogger(__name__)


def journal_entry(visit: Visit, event: str, detail: str = "") -> None:
    """Note in the account's own journal what its family just did."""
    visit.portal.stores.journal.note(visit.username, event, at=visit.portal.clock(), detail=detail)


def account_mail(visit: Visit, announcement: AccountMail) -> None:
    """Mail what was just done. It is done: when the mail cannot be handed over, the page still says so."""
    try:
        start_account_mail(announcement, tasks=visit.portal.tasks)
    except Unavailable:
        logger.exception("not announced", extra={"announcement": announcement.message})


def asked_too_often(visit: Visit, what: str, most: int) -> bool:
    """Counts one more time that this account asks for something today; True, and not counted, beyond `most`."""
    portal, now = visit.portal, visit.portal.clock()
    day = day_in_paris(now)
    return not within_quota(what, visit.username, most=most, day=day, attempts=portal.stores.attempts, now=now)


def error_messages(visit: Visit, reasons: Mapping[str, str]) -> dict[str, str]:
    """Field → key of the reason, as field → sentence."""
    desk = visit.portal.town.desk
    return {field: account_wording.REASONS[reason].format(desk=desk) for field, reason in reasons.items()}

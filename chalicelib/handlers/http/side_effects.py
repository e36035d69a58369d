"""Side effects of a page: journal entry, mail, daily quota, error messages."""

import logging
from collections.abc import Iterable, Mapping

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import AccountMail
from chalicelib.errors import Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.authentication.daily_quotas import within_quota
from chalicelib.wording import account as account_wording

logger = logging.getLogger(__name__)


def journal_entry(visit: Visit, event: str, detail: str = "") -> None:
    """Write in the account's journal what its family just did."""
    visit.portal.stores.journal.note(visit.username, event, at=visit.portal.clock(), detail=detail)


def account_mail(visit: Visit, mail: AccountMail) -> None:
    """Start the mail about a change that is stored already: if that fails, it is logged and the page shown anyway."""
    try:
        start_account_mail(mail, tasks=visit.portal.tasks)
    except Unavailable:
        logger.exception("not announced", extra={"announcement": mail.message})


def announce(visit: Visit, username: str, event: str, mails: Iterable[AccountMail] = (), *, detail: str = "") -> None:
    """Mail a change that is stored already, then write it in the account's journal.

    The mails come first, and a journal that fails is logged: the family must learn of it, and the page that it is done.
    """
    for mail in mails:
        account_mail(visit, mail)
    try:
        visit.portal.stores.journal.note(username, event, at=visit.portal.clock(), detail=detail)
    except Unavailable:
        logger.exception("not in the journal", extra={"act": event})


def reachable_emails(account: Account) -> list[str]:
    """Returns the account's e-mail address, when it has one that does not bounce."""
    return [account.email] if account.email and account.email_bounced_at is None else []


def quota_exceeded(visit: Visit, quota: str, most: int) -> bool:
    """Count one more use of a daily quota by this account. Returns True, without counting, beyond `most`."""
    portal, now = visit.portal, visit.portal.clock()
    day = day_in_paris(now)
    return not within_quota(quota, visit.username, most=most, day=day, attempts=portal.stores.attempts, now=now)


def error_messages(visit: Visit, reasons: Mapping[str, str]) -> dict[str, str]:
    """Returns field → French sentence for field → key of the reason."""
    desk = visit.portal.town.desk
    return {field: account_wording.REASONS[reason].format(desk=desk) for field, reason in reasons.items()}

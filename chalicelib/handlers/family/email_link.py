"""Confirmation link of an e-mail address: sent, sent again, and opened at /coordonnees/confirmation."""

from datetime import datetime

from chalice.app import Response

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import ConfirmEmail, EmailAsked, EmailChanged
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import announce, quota_exceeded
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.contact_details import (
    EMAIL_LINKS_A_DAY,
    await_email,
    confirm_email,
    email_to_confirm_again,
    read_email_link,
)

pages = Pages(__name__)


def send_email_link(visit: Visit, email: str) -> None:
    """Mail the link to the new address, and a warning to the current one. Raises FormRefused beyond five a day."""
    if quota_exceeded(visit, "email-link", EMAIL_LINKS_A_DAY):
        raise FormRefused({"courriel": "email_too_often"})
    portal, account = visit.portal, visit.account
    link = await_email(account, email, stores=portal.stores, clock=portal.clock)
    proof = ConfirmEmail(to=email, username=account.username, token=link.token, ends_at=link.ends_at)
    start_account_mail(proof, tasks=portal.tasks)
    warned = [account.email] if account.email and account.email != email else []
    mails = [EmailAsked(to=to, username=account.username, at=portal.clock()) for to in warned]
    announce(visit, account.username, "email_asked", mails)


@pages.post("/coordonnees/verification", reads=("account",))
def submit_verification(visit: Visit) -> Response:
    """Send the link again, to the address awaiting confirmation or to the one that bounced."""
    email = email_to_confirm_again(visit.account, visit.portal.clock())
    if email is None:
        return see_other(visit, "/coordonnees")
    try:
        send_email_link(visit, email)
    except FormRefused:
        return see_other(visit, "/coordonnees?fait=courriel-trop-demande")
    return see_other(visit, "/coordonnees?fait=courriel-a-confirmer")


def change_mails(account: Account, now: datetime) -> list[EmailChanged]:
    """Returns the mails to the addresses that the account left, then to the one that it uses from now on."""
    to_all = dict.fromkeys([*account.former_emails(now), account.email])
    return [EmailChanged(to=to, username=account.username, at=now, here=to == account.email) for to in to_all if to]


@pages.get("/coordonnees/confirmation", access=Access.PUBLIC)
def show_confirmation(visit: Visit) -> Response:
    """Does not use up the link: mail scanners follow links."""
    portal, token = visit.portal, visit.query.get("jeton", "")
    try:
        _, email = read_email_link(token, stores=portal.stores, clock=portal.clock)
    except LinkWorthless as refusal:
        return form_page(visit, "email_confirmation", status=refusal.suggested_status, email=None, token="")
    return form_page(visit, "email_confirmation", email=email, token=token)


@pages.post("/coordonnees/confirmation", access=Access.PUBLIC)
def submit_confirmation(visit: Visit) -> Response:
    portal = visit.portal
    try:
        account, changed = confirm_email(raw_field(visit.form, "jeton"), stores=portal.stores, clock=portal.clock)
    except LinkWorthless as refusal:
        return form_page(visit, "email_confirmation", status=refusal.suggested_status, email=None, token="")
    if changed:
        announce(visit, account.username, "email_changed", change_mails(account, portal.clock()))
    return see_other(
        visit, "/coordonnees?fait=courriel-confirme" if visit.session else "/connexion?fait=courriel-confirme"
    )

"""Confirmation link of an e-mail address: sent, sent again, and opened at /coordonnees/confirmation."""

from chalice.app import Response

from chalicelib.domain.account_mail import ConfirmEmail, EmailAsked, EmailChanged
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import account_mail, journal_entry, quota_exceeded
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
    journal_entry(visit, "email_asked")
    if account.email and account.email != email:
        account_mail(visit, EmailAsked(to=account.email, username=account.username, at=portal.clock()))


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


@pages.get("/coordonnees/confirmation", access=Access.PUBLIC)
def show_confirmation(visit: Visit) -> Response:
    """Does not use up the link: mail scanners follow links."""
    portal, token = visit.portal, visit.query.get("jeton", "")
    try:
        account = read_email_link(token, stores=portal.stores, clock=portal.clock)
    except LinkWorthless as refusal:
        return form_page(visit, "email_confirmation", status=refusal.suggested_status, email=None, token="")
    return form_page(visit, "email_confirmation", email=account.email_pending, token=token)


@pages.post("/coordonnees/confirmation", access=Access.PUBLIC)
def submit_confirmation(visit: Visit) -> Response:
    portal = visit.portal
    try:
        before, after = confirm_email(
            raw_field(visit.form, "jeton"),
            stores=portal.stores,
            clock=portal.clock,
        )
    except LinkWorthless as refusal:
        return form_page(visit, "email_confirmation", status=refusal.suggested_status, email=None, token="")
    portal.stores.journal.note(after.username, "email_changed", at=portal.clock())
    for to in dict.fromkeys(one for one in (before.email, after.email) if one):
        account_mail(visit, EmailChanged(to=to, username=after.username, at=portal.clock(), here=to == after.email))
    return see_other(
        visit, "/coordonnees?fait=courriel-confirme" if visit.session else "/connexion?fait=courriel-confirme"
    )

"""Confirmation link of an e-mail address: sent, sent again, and opened at /coordonnees/confirmation."""

from chalice.app import Response

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import ConfirmEmail, EmailAsked, EmailChanged
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import announce, quota_exceeded
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.contact_details import (
    EMAIL_LINKS_A_DAY,
    ConfirmedEmail,
    await_email,
    confirm_email,
    email_to_confirm_again,
    read_email_link,
)
from chalicelib.services.account.undo_email_change import undo_path

pages = Pages(__name__)


def send_email_link(visit: Visit, email: str) -> None:
    """Mail the link to the new address, and a warning to the current one. Raises FormRefused beyond five a day."""
    if quota_exceeded(visit, "email-link", EMAIL_LINKS_A_DAY):
        raise FormRefused({"courriel": "email_too_often"})
    portal, account = visit.portal, visit.account
    link = await_email(account, email, stores=portal.stores, clock=portal.clock)
    proof = ConfirmEmail(to=email, username=account.username, token=link.token, ends_at=link.ends_at)
    start_account_mail(proof, tasks=portal.tasks)
    announce(visit, account.username, "email_asked", request_mails(visit, email))


def request_mails(visit: Visit, email: str) -> list[EmailAsked]:
    """Returns the warning to the address in use, when there is one and the link went to another."""
    portal, account = visit.portal, visit.account
    if not account.email or account.email == email:
        return []
    undo = undo_path(account.username, account.email, email, key=portal.secrets.links[0], now=portal.clock())
    return [EmailAsked(to=account.email, username=account.username, at=portal.clock(), undo=undo)]


@pages.post("/coordonnees/verification", reads=("account",))
def submit_verification(visit: Visit) -> Response:
    """Send the link again, to the address awaiting confirmation or to the one that bounced."""
    email = email_to_confirm_again(visit.account, visit.portal.clock())
    if email is None:
        return see_other(visit, "/coordonnees")
    return once(visit, visit.form, lambda: send_again(visit, email))


def send_again(visit: Visit, email: str) -> Response:
    try:
        send_email_link(visit, email)
    except FormRefused:
        return see_other(visit, "/coordonnees?fait=courriel-trop-demande")
    return see_other(visit, "/coordonnees?fait=courriel-a-confirmer")


def change_mails(visit: Visit, confirmed: ConfirmedEmail) -> list[EmailChanged]:
    """Returns the mails to the addresses that the account left, then to the one that it uses from now on."""
    account, at, undo = confirmed.after, visit.portal.clock(), undo_paths(visit, confirmed.after)
    to_all = [to for to in dict.fromkeys([*undo, confirmed.before.email, account.email]) if to]
    return [
        EmailChanged(to=to, username=account.username, at=at, here=to == account.email, undo=undo.get(to, ""))
        for to in to_all
    ]


def undo_paths(visit: Visit, account: Account) -> dict[str, str]:
    """Returns the path of « Ce n'est pas moi » for each address that the account left less than 72 hours ago."""
    key, now = visit.portal.secrets.links[0], visit.portal.clock()
    former = account.former_emails(now)
    return {email: undo_path(account.username, email, account.email, key=key, now=now) for email in former}


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
        confirmed = confirm_email(raw_field(visit.form, "jeton"), stores=portal.stores, clock=portal.clock)
    except LinkWorthless as refusal:
        return form_page(visit, "email_confirmation", status=refusal.suggested_status, email=None, token="")
    if not confirmed.announced:
        announce(visit, confirmed.after.username, "email_changed", change_mails(visit, confirmed))
    return see_other(
        visit, "/coordonnees?fait=courriel-confirme" if visit.session else "/connexion?fait=courriel-confirme"
    )

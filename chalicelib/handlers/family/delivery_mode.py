"""*Adhérer à la facture électronique*: /mode-de-reception, and the one-click unsubscribe, /retour-papier."""

from typing import Any

from chalice.app import Response

from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.account_mail import DeliveryChanged
from chalicelib.errors import AccountLocked, FormRefused, LinkWorthless
from chalicelib.handlers.family.current_password import password_needed, refused, require_recent_password
from chalicelib.handlers.http.forms import raw_field, text_field
from chalicelib.handlers.http.responses import page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import announce, reachable_emails
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.delivery_mode import (
    PaperLink,
    choose_delivery_mode,
    read_paper_link,
    refuse_delivery_mode,
)

pages = Pages(__name__)

MODES = {"courriel": DeliveryMode.EMAIL, "courrier": DeliveryMode.PAPER}
WORDS = {mode: word for word, mode in MODES.items()}
EVENTS = {DeliveryMode.EMAIL: "delivery_by_email", DeliveryMode.PAPER: "delivery_by_paper"}


@pages.get("/mode-de-reception", reads=("account",))
def show_delivery_mode(visit: Visit) -> Response:
    return delivery_page(visit, WORDS[visit.account.delivery_mode])


@pages.post("/mode-de-reception", reads=("account",))
def submit_delivery_mode(visit: Visit) -> Response:
    chosen = text_field(visit.form, "mode")
    try:
        if chosen not in MODES:
            raise FormRefused({"mode": "mode_missing"})
        refuse_delivery_mode(visit.account, MODES[chosen])
        require_recent_password(visit)
        choose(visit, visit.account, MODES[chosen])
    except (FormRefused, AccountLocked) as refusal:
        return delivery_page(visit, chosen, **refused(visit, refusal))
    return see_other(visit, f"/mode-de-reception?fait=mode-{chosen}")


def choose(visit: Visit, account: Account, mode: DeliveryMode) -> None:
    """Store the choice; if it changes the mode, send a mail and write a journal entry. Raises FormRefused."""
    portal = visit.portal
    before, after = choose_delivery_mode(account, mode, accounts=portal.stores.accounts, clock=portal.clock)
    if before.delivery_mode is after.delivery_mode:
        return
    mails = [
        DeliveryChanged(
            to=to,
            username=after.username,
            at=portal.clock(),
            by_email=after.gets_email,
            address=after.as_of(visit.today).address,
        )
        for to in reachable_emails(after)
    ]
    announce(visit, after.username, EVENTS[mode], mails)


def delivery_page(visit: Visit, mode: str, **context: Any) -> Response:
    account = visit.account
    defaults: dict[str, Any] = {
        "mode": mode,
        "email": account.email,
        "email_ready": account.email is not None and account.email_bounced_at is None,
        "password_needed": password_needed(visit),
        "username": account.username,
        "errors": {},
        "refusal": None,
    }
    return page(visit, "delivery_mode", **(defaults | context))


@pages.get("/retour-papier", access=Access.PUBLIC)
def show_paper_return(visit: Visit) -> Response:
    """Changes nothing on GET: mail scanners follow links."""
    return paper_page(visit, done=False)


@pages.post("/retour-papier", access=Access.PUBLIC, csrf=False)
def submit_paper_return(visit: Visit) -> Response:
    """Posted by our page, or by a mail program's one-click unsubscribe (RFC 8058), hence without a CSRF token."""
    return paper_page(visit, done=True)


def paper_page(visit: Visit, *, done: bool) -> Response:
    """What the link does, or has just done; shows nothing of the account but the username in the link."""
    names, portal = ("compte", "le", "signe"), visit.portal
    link = PaperLink(*(raw_field(visit.form, name) or visit.query.get(name, "") for name in names))
    keys, accounts = portal.secrets.links, portal.stores.accounts
    try:
        account = read_paper_link(link, keys=keys, accounts=accounts, today=visit.today)
    except LinkWorthless as refusal:
        return page(visit, "paper_return", status=refusal.suggested_status, paper=None, done=False)
    if done:
        choose(visit, account, DeliveryMode.PAPER)
    return page(visit, "paper_return", paper=link, done=done)

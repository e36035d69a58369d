"""*Nouveau mot de passe*: /nouveau-mot-de-passe, reached by a mailed link or with an activation code."""

from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import AccountOpened, PasswordChanged
from chalicelib.domain.sign_in import Count
from chalicelib.domain.ticket import ACTIVATION, LINK_LIFETIME
from chalicelib.errors import LinkWorthless
from chalicelib.handlers.family.password_forms import password_errors, typed_password
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import announce, reachable_emails
from chalicelib.handlers.http.visit import DEVICE_COOKIE, Visit
from chalicelib.services.authentication.counts import account_count, old_password_count
from chalicelib.services.authentication.hashing import new_token
from chalicelib.services.authentication.known_devices import device_count_of
from chalicelib.services.authentication.password_links import PasswordLink, create_link, link_path, read_link
from chalicelib.services.authentication.set_first_password import choose_password

pages = Pages(__name__)


@pages.get("/nouveau-mot-de-passe", access=Access.PUBLIC)
def show_new_password(visit: Visit) -> Response:
    """The form; opening it does not use up the link."""
    token = visit.query.get("jeton", "")
    try:
        return new_password_page(visit, token, get_link(visit, token))
    except LinkWorthless as refusal:
        return invalid_link_page(visit, refusal)


@pages.post("/nouveau-mot-de-passe", access=Access.PUBLIC)
def submit_new_password(visit: Visit) -> Response:
    token = raw_field(visit.form, "jeton")
    try:
        link = get_link(visit, token)
        errors = password_errors(visit, link.account)
        if errors:
            return new_password_page(visit, token, link, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
        return save_password(visit, link)
    except LinkWorthless as refusal:
        return invalid_link_page(visit, refusal)


def get_link(visit: Visit, token: str) -> PasswordLink:
    """Returns the link of a token, for this browser. Raises LinkWorthless."""
    portal = visit.portal
    return read_link(
        token,
        browser=visit.csrf_secret,
        stores=portal.stores,
        clock=portal.clock,
    )


def save_password(visit: Visit, link: PasswordLink) -> Response:
    """Store the password, mail the family, and redirect to the sign-in page. Raises LinkWorthless."""
    portal, username = visit.portal, link.account.username
    choose_password(
        link,
        typed_password(visit),
        hashing=portal.hashing,
        counts=counts_of(visit, username),
        stores=portal.stores,
        clock=portal.clock,
    )
    record_password_set(visit, link.account)
    return see_other(visit, "/connexion?fait=mot-de-passe")


def record_password_set(visit: Visit, before: Account) -> None:
    """Send the mail and write the journal entry: account opened, or password changed."""
    kind, event = (PasswordChanged, "password_set") if before.opened else (AccountOpened, "account_opened")
    mails = [kind(to=to, username=before.username, at=visit.portal.clock()) for to in reachable_emails(before)]
    announce(visit, before.username, event, mails)


def counts_of(visit: Visit, username: str) -> list[Count]:
    """Returns the counts that may lock this family out: the account's, this browser's, and that of old passwords."""
    portal, cookie = visit.portal, visit.cookies.get(DEVICE_COOKIE, "")
    keys, attempts = portal.secrets.counting, portal.stores.attempts
    own = device_count_of(cookie, username, keys=keys, attempts=attempts, now=portal.clock())
    counts = [account_count(username), old_password_count(username)]
    return [*counts, own] if own else counts


def redirect_to_first_password(visit: Visit, account: Account) -> Response:
    """After a valid activation code: opens no session, but lets this browser alone choose the password."""
    portal = visit.portal
    token = create_link(
        account,
        new_token(),
        kind=ACTIVATION,
        browser=visit.csrf_secret,
        ends_at=portal.clock() + LINK_LIFETIME,
        tickets=portal.stores.tickets,
    )
    return see_other(visit, link_path(token))


def new_password_page(
    visit: Visit, token: str, link: PasswordLink, *, status: int = HTTPStatus.OK, errors: Any = None
) -> Response:
    account = link.account
    context = {"errors": errors or {}, "username": account.username, "token": token, "activation": not account.opened}
    return form_page(visit, "new_password", status=status, usable=True, **context)


def invalid_link_page(visit: Visit, refusal: LinkWorthless) -> Response:
    """Says that the link is used, expired or replaced, and where to get another."""
    context: dict[str, Any] = {"errors": {}, "username": "", "token": "", "activation": False}
    return form_page(visit, "new_password", status=refusal.suggested_status, usable=False, **context)

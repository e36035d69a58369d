"""« Ce n'est pas moi »: /ce-n-est-pas-moi, reached by the link in the warnings about a change of e-mail address."""

from chalice.app import Response

from chalicelib.errors import LinkWorthless
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import announce
from chalicelib.handlers.http.visit import SESSION_COOKIE, Visit, delete_cookie
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.undo_email_change import read_undo_link, undo_email_change

pages = Pages(__name__)


@pages.get("/ce-n-est-pas-moi", access=Access.PUBLIC)
def show_undo(visit: Visit) -> Response:
    """Does not use up the link: mail scanners follow links."""
    portal, token = visit.portal, visit.query.get("jeton", "")
    keys, accounts = portal.secrets.links, portal.stores.accounts
    try:
        link, _ = read_undo_link(token, keys=keys, accounts=accounts, clock=portal.clock)
    except LinkWorthless as refusal:
        return worthless_page(visit, refusal)
    return form_page(visit, "undo_email_change", username=link.username, token=token)


@pages.post("/ce-n-est-pas-moi", access=Access.PUBLIC)
def submit_undo(visit: Visit) -> Response:
    """Undo, then mail the link to choose a password: told that it could not be sent, the family presses again."""
    portal, token = visit.portal, raw_field(visit.form, "jeton")
    try:
        mail = undo_email_change(token, keys=portal.secrets.links, stores=portal.stores, clock=portal.clock)
    except LinkWorthless as refusal:
        return worthless_page(visit, refusal)
    start_account_mail(mail, tasks=portal.tasks)
    announce(visit, mail.username, "email_undone", ())
    mine = visit.handle[0] == mail.username
    dropped = [delete_cookie(SESSION_COOKIE, secure=portal.settings.cookie_secure)] if mine else []
    return see_other(visit, "/connexion?fait=pas-moi", set_cookies=dropped)


def worthless_page(visit: Visit, refusal: LinkWorthless) -> Response:
    return form_page(visit, "undo_email_change", status=refusal.suggested_status, username="", token="")

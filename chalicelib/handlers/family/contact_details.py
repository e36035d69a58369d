"""*Modifier ou compléter mes coordonnées mail et téléphone*: /coordonnees."""

from typing import Any, NamedTuple

from chalice.app import Response

from chalicelib.contact.email_address import find_email, has_line_break, read_email
from chalicelib.contact.phone import read_phone
from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.account_mail import EmailRemoved
from chalicelib.errors import AccountLocked, FormRefused, ValueRefused
from chalicelib.formats import phone
from chalicelib.handlers.family.current_password import refused, require_password
from chalicelib.handlers.family.email_link import send_email_link, undo_paths
from chalicelib.handlers.http.email_input import suggest_domain
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.forms import compact_field, raw_field, text_field
from chalicelib.handlers.http.responses import page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import announce
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.contact_details import Contact, change_contact, email_to_confirm
from chalicelib.wording.account import did_you_mean

pages = Pages(__name__)


class ParsedField(NamedTuple):
    """The value of a field, or the reason why it is refused."""

    value: str | None
    refused: str = ""


@pages.get("/coordonnees", reads=("account",))
def show_contact_details(visit: Visit) -> Response:
    return contact_page(visit, values=stored_values(visit.account))


@pages.post("/coordonnees", reads=("account",))
def submit_contact_details(visit: Visit) -> Response:
    return once(visit, visit.form, lambda: change(visit))


def change(visit: Visit) -> Response:
    try:
        wanted = read_contact(visit)
        suggestion = probable_email(wanted.email, visit)
        if suggestion:
            return suggestion_page(visit, suggestion)
        return save(visit, wanted)
    except (FormRefused, AccountLocked) as refusal:
        return contact_page(visit, values=typed_values(visit), **refused(visit, refusal))


def save(visit: Visit, wanted: Contact) -> Response:
    """Start the confirmation of a new e-mail address, then store what needs none. Raises FormRefused, AccountLocked.

    Whoever reads the account's mails can choose its password: its address is changed, or removed, with the password.
    """
    if wanted.email != visit.account.email:
        require_password(visit)
    proving = email_to_confirm(visit.account, wanted)
    if proving:
        send_email_link(visit, proving)
    before, after = change_contact(
        visit.account, wanted, accounts=visit.portal.stores.accounts, clock=visit.portal.clock
    )
    if (before.mobile, before.landline) != (after.mobile, after.landline):
        announce(visit, after.username, "phones_changed")
    if before.email and not after.email:
        return redirect_after_removal(visit, before, after)
    return see_other(visit, f"/coordonnees?fait={'courriel-a-confirmer' if proving else 'coordonnees'}")


def redirect_after_removal(visit: Visit, before: Account, after: Account) -> Response:
    """Tell the address that was removed, and those left a moment before it."""
    by_paper, at = before.delivery_mode is DeliveryMode.EMAIL, visit.portal.clock()
    mails = [
        EmailRemoved(to=to, username=after.username, at=at, by_paper=by_paper, undo=undo)
        for to, undo in undo_paths(visit, after).items()
    ]
    announce(visit, after.username, "email_removed", mails)
    return see_other(visit, f"/coordonnees?fait={'courriel-retire-papier' if by_paper else 'courriel-retire'}")


def read_contact(visit: Visit) -> Contact:
    """Returns the three fields, all checked. Raises FormRefused with every reason."""
    account = visit.account
    readings = {
        "courriel": read_email_field(visit, account.email),
        "telephone_mobile": read_phone_field(visit, "telephone_mobile", account.mobile),
        "telephone_fixe": read_phone_field(visit, "telephone_fixe", account.landline),
    }
    refused = {name: reading.refused for name, reading in readings.items() if reading.refused}
    if refused:
        raise FormRefused(refused)
    return Contact(*(reading.value for reading in readings.values()))


def read_email_field(visit: Visit, existing: str | None) -> ParsedField:
    raw = accepted_suggestion(visit) or raw_field(visit.form, "courriel").strip()
    if has_line_break(raw):
        return ParsedField(None, "email_control")
    typed = compact_field({"courriel": raw}, "courriel")
    if not raw or typed == existing:  # only an empty field removes the address, not one of invisible characters
        return ParsedField(typed or None)
    try:
        return ParsedField(read_email(raw))
    except ValueRefused as refusal:
        return ParsedField(None, refusal.reason)


def read_phone_field(visit: Visit, name: str, existing: str | None) -> ParsedField:
    """An unchanged number is not checked again: it may come from an import, with other rules."""
    typed = text_field(visit.form, name)
    if not typed or typed.replace(" ", "") == existing:
        return ParsedField(existing if typed else None)
    try:
        found = read_phone(typed)
    except ValueRefused as refusal:
        return ParsedField(None, refusal.reason)
    if name == "telephone_mobile" and not found.mobile:
        return ParsedField(None, "phone_not_mobile")
    return ParsedField(found.number)


def accepted_suggestion(visit: Visit) -> str:
    """Returns the suggested address, when its button was pressed and the field still holds the mistyped one."""
    untouched = text_field(visit.form, "courriel") == text_field(visit.form, "courriel_verifie")
    return text_field(visit.form, "courriel_suggere") if untouched else ""


def probable_email(email: str | None, visit: Visit) -> str | None:
    """Returns the address probably meant, unless the family confirms its own by saving it a second time."""
    confirmed = find_email(text_field(visit.form, "courriel_verifie"))
    if email is None or email in (visit.account.email, confirmed):
        return None
    domain = suggest_domain(email)
    return f"{email.rpartition('@')[0]}@{domain}" if domain else None


def suggestion_page(visit: Visit, suggestion: str) -> Response:
    errors = {"courriel": did_you_mean(suggestion)}
    return contact_page(visit, status=422, values=typed_values(visit), errors=errors, suggestion=suggestion)


def contact_page(visit: Visit, **context: Any) -> Response:
    account = visit.account
    defaults: dict[str, Any] = {
        "errors": {},
        "refusal": None,
        "username": account.username,
        "pending_email": account.awaited_email(visit.portal.clock()),
        "suggestion": None,
        "bounced": account.email_bounced_at is not None,
        "current_email": account.email,
    }
    return page(visit, "contact_details", **(defaults | context))


def stored_values(account: Account) -> dict[str, str]:
    return {
        "courriel": account.email or "",
        "telephone_mobile": phone(account.mobile or ""),
        "telephone_fixe": phone(account.landline or ""),
    }


def typed_values(visit: Visit) -> dict[str, str]:
    return {name: text_field(visit.form, name) for name in ("courriel", "telephone_mobile", "telephone_fixe")}

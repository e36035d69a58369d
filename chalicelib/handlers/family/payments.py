"""Régler sa facture par carte: the recap, then the jump to the bank."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.domain.invoice import Invoice, readable
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotPayable
from chalicelib.handlers.http.email_input import read_email
from chalicelib.handlers.http.forms import compact, exact, line
from chalicelib.handlers.http.phone_input import read_phone
from chalicelib.handlers.http.responses import error_page, page
from chalicelib.handlers.http.routing import Pages, content_security_policy
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.start_payment import refuse_unpayable, start_payment, under_way
from chalicelib.wording import payment as words

pages = Pages(__name__)

EMAIL, MOBILE, TOLD = "courriel_recu", "telephone_mobile", "paiements_connus"
"""TOLD, hidden, names the payments under way that the page has told of."""

SAME_CLICK = timedelta(seconds=10)
"""A payment started less long ago is this very click, made twice, and not another tab."""


@pages.get("/factures/{numero}/paiement", reads=("account", "invoice"))
def show_recap(visit: Visit, numero: str) -> Response:
    invoice = readable(visit.invoice, visit.today)
    try:
        refuse_unpayable(invoice, terms=visit.portal.payment_terms, today=visit.today)
    except NotPayable as refusal:
        return not_payable(visit, refusal)
    return recap(visit, invoice, going_on(visit, invoice), values={EMAIL: visit.account.email or ""})


@pages.post("/factures/{numero}/paiement", reads=("account", "invoice"))
def submit_recap(visit: Visit, numero: str) -> Response:
    """Nothing of the amount is read from the form: it is the balance, read with the session."""
    invoice = readable(visit.invoice, visit.today)
    portal, terms = visit.portal, visit.portal.payment_terms
    try:
        refuse_unpayable(invoice, terms=terms, today=visit.today)
        email, errors = read_typed(visit)
        others = going_on(visit, invoice)
        if errors or not_told(visit, others):
            status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.CONFLICT
            return recap(visit, invoice, others, status=status, errors=errors)
        attempt = start_payment(invoice, email, terms=terms, payments=portal.stores.payments, clock=portal.clock)
    except NotPayable as refusal:
        return not_payable(visit, refusal)
    return jump(visit, attempt)


def going_on(visit: Visit, invoice: Invoice) -> list[Attempt]:
    """Payments of this invoice that the family may be making elsewhere, or may have made."""
    return under_way(visit.portal.stores.payments.of_invoice(invoice.number), visit.portal.clock())


def not_told(visit: Visit, others: Sequence[Attempt]) -> bool:
    """Another payment was started since the page was shown: it is told before a second one starts."""
    told, now = exact(visit.form, TOLD).split(), visit.portal.clock()
    return any(other.reference not in told and now - other.created_at >= SAME_CLICK for other in others)


def read_typed(visit: Visit) -> tuple[str, dict[str, str]]:
    """The receipt's address, and what is wrong with the form by field."""
    typed, bank = exact(visit.form, EMAIL), visit.portal.bank
    email, errors = read_email(typed) or "", {}
    if not email:
        errors[EMAIL] = words.EMAIL_WRONG if typed.strip() else words.EMAIL_MISSING
    elif not bank.takes_email(email):
        errors[EMAIL] = words.EMAIL_TOO_LONG
    if mobile_asked(visit) and not bank.takes_mobile(typed_mobile(visit)):
        errors[MOBILE] = words.MOBILE_WRONG
    return email, errors


def mobile_asked(visit: Visit) -> bool:
    """The bank wants a mobile number, and the account has none that it takes."""
    portal = visit.portal
    return portal.settings.paybox_mobile_required and not portal.bank.takes_mobile(visit.account.mobile)


def typed_mobile(visit: Visit) -> str:
    phone = read_phone(compact(visit.form, MOBILE))
    return phone.number if phone else ""


def recap(
    visit: Visit, invoice: Invoice, others: Sequence[Attempt], *, status: int = HTTPStatus.OK, **context: Any
) -> Response:
    """The amount, the address of the receipt, and a warning when another payment of this invoice is going on."""
    defaults: dict[str, Any] = {
        "values": {name: line(visit.form, name) for name in (EMAIL, MOBILE)},
        "errors": {},
        "under_way": [other.reference for other in others],
        "mobile_required": mobile_asked(visit),
    }
    return page(visit, "payment_recap", status=status, invoice=invoice, **(defaults | context))


def jump(visit: Visit, attempt: Attempt) -> Response:
    """The page that posts the signed fields to the bank, and may post nowhere else but here."""
    portal, account = visit.portal, visit.account.as_of(visit.today)
    mobile = typed_mobile(visit) if mobile_asked(visit) else account.mobile
    fields = portal.bank.form(attempt, account, mobile=mobile, link=portal.settings.link, at=portal.clock())
    answer = page(visit, "payment_jump", action=portal.bank.page_url, fields=fields)
    answer.headers["Content-Security-Policy"] = content_security_policy(portal.bank.origin)
    return answer


def not_payable(visit: Visit, refusal: NotPayable) -> Response:
    """Why not, and how to pay instead."""
    town = visit.portal.town
    told = words.not_payable(refusal.bar, to_the_desk=town.desk.to_the, cheque_to=town.regie.cheque_to)
    return error_page(visit.portal, refusal.suggested_status, reference=visit.reference, visit=visit, told=told)

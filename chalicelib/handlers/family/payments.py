"""*Régler sa facture par carte*: the summary page, then the signed form that posts to the bank."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.concurrency import in_threads
from chalicelib.contact.email_address import find_email
from chalicelib.contact.phone import find_phone
from chalicelib.domain.invoice import Invoice, InvoiceSummary, readable
from chalicelib.domain.payment import Attempt, AttemptState, Payer
from chalicelib.errors import NotPayable
from chalicelib.handlers.http.form_key import outcome_once
from chalicelib.handlers.http.forms import raw_field, text_field
from chalicelib.handlers.http.responses import error_page, page
from chalicelib.handlers.http.routing import Pages, content_security_policy
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.start_payment import refuse_unpayable, start_payment, under_way
from chalicelib.wording import payment as words

pages = Pages(__name__)

EMAIL, MOBILE, SEEN = "courriel_recu", "telephone_mobile", "paiements_connus"
"""SEEN: hidden field, references of the payments under way that the page has shown."""

DOUBLE_CLICK = timedelta(seconds=10)
"""A payment started less long ago is a double click, not another tab."""


@pages.get("/factures/{numero}/paiement", reads=("account", "invoice"))
def show_recap(visit: Visit, numero: str) -> Response:
    invoice = readable(visit.invoice, visit.today)
    try:
        refuse_unpayable(invoice, terms=visit.portal.payment_terms, today=visit.today)
    except NotPayable as refusal:
        return not_payable_page(visit, refusal)
    others = other_payments(visit, [numero])
    return recap_page(visit, path_of(invoice), [invoice], others, values={EMAIL: visit.account.email or ""})


@pages.post("/factures/{numero}/paiement", reads=("account", "invoice"))
def submit_recap(visit: Visit, numero: str) -> Response:
    """The amount is never read from the form: it is the balance, read with the session."""
    invoice = readable(visit.invoice, visit.today)
    portal, terms = visit.portal, visit.portal.payment_terms
    try:
        refuse_unpayable(invoice, terms=terms, today=visit.today)
        email, errors = read_recap_form(visit)
        others = other_payments(visit, [numero])
        if errors or has_unseen_payment(visit, others):
            status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.CONFLICT
            return recap_page(visit, path_of(invoice), [invoice], others, status=status, errors=errors)
        payments, clock = portal.stores.payments, portal.clock
        attempt = start_once(
            visit, lambda: start_payment([invoice], email, terms=terms, payments=payments, clock=clock)
        )
    except NotPayable as refusal:
        return not_payable_page(visit, refusal)
    return bank_redirect_page(visit, attempt, account_payer(visit, attempt))


def start_once(visit: Visit, start: Callable[[], Attempt]) -> Attempt:
    """Returns the attempt of this form: two taps lead to the bank with one payment. Raises what `start` raises.

    Sent again later, or after the bank refused, the form asks for another payment: the bank takes a reference once.
    """
    started: list[Attempt] = []

    def submit() -> str:
        started.append(start())
        return started[0].reference

    reference = outcome_once(visit, visit.form, submit)
    if started:
        return started[0]
    first = visit.portal.stores.payments.find(reference)
    return first if first and is_double_click(first, visit.portal.clock()) else start()


def is_double_click(attempt: Attempt, now: datetime) -> bool:
    return attempt.state is AttemptState.STARTED and now - attempt.created_at < DOUBLE_CLICK


def path_of(invoice: Invoice) -> str:
    return f"/factures/{invoice.number}/paiement"


def other_payments(visit: Visit, numbers: Sequence[str]) -> list[Attempt]:
    """Returns payments of these invoices that may be under way in another tab, or paid but not confirmed yet."""
    found = in_threads(visit.portal.stores.payments.of_invoice, numbers)
    distinct = {attempt.reference: attempt for attempts in found for attempt in attempts}
    return under_way(distinct.values(), visit.portal.clock())


def has_unseen_payment(visit: Visit, others: Sequence[Attempt]) -> bool:
    """Another payment was started since the page was shown: warn before starting a second one."""
    seen, now = raw_field(visit.form, SEEN).split(), visit.portal.clock()
    return any(other.reference not in seen and now - other.created_at >= DOUBLE_CLICK for other in others)


def read_recap_form(visit: Visit) -> tuple[str, dict[str, str]]:
    """Returns the receipt's e-mail address, and field → error message."""
    return read_payer(visit, mobile_required=mobile_required(visit))


def read_payer(visit: Visit, *, mobile_required: bool, otherwise: str | None = None) -> tuple[str, dict[str, str]]:
    """Returns the receipt's e-mail address, `otherwise` when none is typed, and field → error message."""
    typed, bank = raw_field(visit.form, EMAIL).strip(), visit.portal.bank
    email, errors = (find_email(typed) if typed else otherwise) or "", {}
    if not email:
        errors[EMAIL] = words.EMAIL_WRONG if typed else words.EMAIL_MISSING
    elif not bank.takes_email(email):
        errors[EMAIL] = words.EMAIL_TOO_LONG
    if mobile_required and not bank.takes_mobile(typed_mobile(visit)):
        errors[MOBILE] = words.MOBILE_WRONG
    return email, errors


def mobile_required(visit: Visit) -> bool:
    """The bank wants a mobile number, and the account has none that it takes."""
    portal = visit.portal
    return portal.settings.paybox_mobile_required and not portal.bank.takes_mobile(visit.account.mobile)


def typed_mobile(visit: Visit) -> str:
    phone = find_phone(text_field(visit.form, MOBILE))
    return phone.number if phone else ""


def recap_page(
    visit: Visit,
    path: str,
    invoices: Sequence[Invoice | InvoiceSummary],
    others: Sequence[Attempt],
    *,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> Response:
    """Shows the amount, the receipt's e-mail address, and a warning when another payment is under way.

    `path`: where its form is posted.
    """
    defaults: dict[str, Any] = {
        "values": {name: text_field(visit.form, name) for name in (EMAIL, MOBILE)},
        "errors": {},
        "under_way": [other.reference for other in others],
        "mobile_required": mobile_required(visit),
    }
    return page(visit, "payment_recap", status=status, action=path, invoices=invoices, **(defaults | context))


def account_payer(visit: Visit, attempt: Attempt) -> Payer:
    """Returns what the bank is told of the signed-in payer."""
    account = visit.account.as_of(visit.today)
    mobile = typed_mobile(visit) if mobile_required(visit) else account.mobile
    return Payer(email=attempt.receipt_email, holder=account.holder, address=account.address, mobile=mobile)


def bank_redirect_page(visit: Visit, attempt: Attempt, payer: Payer) -> Response:
    """A page that posts the signed fields to the bank; its CSP allows forms to the bank and the portal only."""
    portal = visit.portal
    fields = portal.bank.form(attempt, payer, link=portal.settings.link, at=portal.clock())
    answer = page(visit, "payment_jump", action=portal.bank.page_url, fields=fields)
    answer.headers["Content-Security-Policy"] = content_security_policy(portal.bank.origin)
    return answer


def not_payable_page(visit: Visit, refusal: NotPayable) -> Response:
    """Says why the invoice cannot be paid by card, and how to pay instead."""
    town = visit.portal.town
    message = words.not_payable(refusal.obstacle, to_the_office=town.desk.to_the, cheque_to=town.regie.cheque_to)
    return error_page(visit.portal, refusal.suggested_status, reference=visit.reference, visit=visit, message=message)

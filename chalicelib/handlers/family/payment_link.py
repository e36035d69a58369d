"""/payer/{jeton}: pays one invoice from its mail or its QR code, signed in or not; shows nothing else of the family."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.contact.email_address import find_email
from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.payment import Attempt, Payer
from chalicelib.errors import AlreadyPaid, NotFound, NotPayable, TooManyRequests
from chalicelib.handlers.family.payments import (
    EMAIL,
    MOBILE,
    bank_redirect_page,
    has_unseen_payment,
    not_payable_page,
    other_payments,
    read_payer,
    start_once,
    typed_mobile,
)
from chalicelib.handlers.http.forms import raw_field, text_field
from chalicelib.handlers.http.responses import form_page, page
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.payment_link import LinkedInvoice, find_linked_invoice, within_limit
from chalicelib.services.payments.start_payment import refuse_unpayable, start_payment

pages = Pages(__name__)


@pages.get("/payer/{jeton}", access=Access.PUBLIC)
def show_payment_link(visit: Visit, jeton: str) -> Response:
    """Spends nothing: mail scanners follow links."""
    linked = linked_invoice(visit, jeton)
    try:
        refuse(visit, linked)
    except AlreadyPaid:
        return settled_page(visit, linked)
    except NotPayable as refusal:
        return not_payable_page(visit, refusal)
    return link_page(visit, jeton, linked, other_payments(visit, [linked.invoice.number]))


@pages.post("/payer/{jeton}", access=Access.PUBLIC)
def submit_payment_link(visit: Visit, jeton: str) -> Response:
    """The amount is never read from the form: it is the balance."""
    linked = linked_invoice(visit, jeton)
    try:
        refuse(visit, linked)
        email, errors = read_form(visit, linked)
        others = other_payments(visit, [linked.invoice.number])
        if errors or has_unseen_payment(visit, others):
            status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.CONFLICT
            return link_page(visit, jeton, linked, others, status=status, errors=errors)
        attempt = start_once(visit, lambda: start(visit, linked, email))
    except AlreadyPaid:
        return settled_page(visit, linked)
    except NotPayable as refusal:
        return not_payable_page(visit, refusal)
    return bank_redirect_page(visit, attempt, payer(visit))


def linked_invoice(visit: Visit, token: str) -> LinkedInvoice:
    """Returns the invoice of the link. Raises NotFound, or TooManyRequests for a source of many wrong links."""
    portal = visit.portal
    try:
        return find_linked_invoice(token, keys=portal.secrets.links, stores=portal.stores)
    except NotFound:
        count_try(visit)
        raise


def count_try(visit: Visit) -> None:
    """Raise TooManyRequests when this source address tried wrong links or started payments too often."""
    portal = visit.portal
    if not within_limit(visit.source, attempts=portal.stores.attempts, now=portal.clock()):
        raise TooManyRequests


def refuse(visit: Visit, linked: LinkedInvoice) -> None:
    """Raise AlreadyPaid or NotPayable when the invoice cannot be paid by card."""
    refuse_unpayable(linked.invoice, terms=visit.portal.payment_terms, today=visit.today)


def start(visit: Visit, linked: LinkedInvoice, email: str) -> Attempt:
    count_try(visit)
    portal = visit.portal
    return start_payment(
        [linked.invoice], email, terms=portal.payment_terms, payments=portal.stores.payments, clock=portal.clock
    )


def read_form(visit: Visit, linked: LinkedInvoice) -> tuple[str, dict[str, str]]:
    """Returns where the receipt goes, the family's own address when nothing is typed, and field → error message."""
    known = linked.account.email if linked.account.email_bounced_at is None else None
    return read_payer(visit, mobile_required=mobile_required(visit), otherwise=known)


def payer(visit: Visit) -> Payer:
    """Returns what the bank's form says of the payer: what was typed here, and nothing of the family.

    The form is in the page: the family's name and addresses would be read by anybody who holds the link.
    """
    typed = find_email(raw_field(visit.form, EMAIL))
    return Payer(email=typed or visit.portal.town.desk.email, mobile=typed_mobile(visit) or None)


def mobile_required(visit: Visit) -> bool:
    return visit.portal.settings.paybox_mobile_required


def link_page(
    visit: Visit, token: str, linked: LinkedInvoice, others: Sequence[Attempt], *, status: int = HTTPStatus.OK,
    **context: Any,
) -> Response:  # fmt: skip
    invoice = linked.invoice
    defaults: dict[str, Any] = {
        "values": {name: text_field(visit.form, name) for name in (EMAIL, MOBILE)},
        "errors": {},
        "under_way": [other.reference for other in others],
        "mobile_required": mobile_required(visit),
    }
    return form_page(visit, "payment_link", status=status, token=token, invoice=invoice.summary, **(defaults | context))


def settled_page(visit: Visit, linked: LinkedInvoice) -> Response:
    """Says that the invoice is paid or cancelled, and nothing else of it."""
    cancelled = linked.invoice.state is InvoiceState.CANCELLED
    return page(visit, "payment_link_ended", cancelled=cancelled)

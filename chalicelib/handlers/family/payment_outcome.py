"""Outcome of a payment, /paiements/{reference}, and its receipt; the outcome is public, without private data."""

from chalice.app import Response

from chalicelib.domain.bank_notice import close
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.errors import NotFound
from chalicelib.handlers.http.forms import ANY_CONTENT_TYPE
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.billing.print_documents import read_receipt

pages = Pages(__name__)

MOST_NAMED = 2
"""Invoices in the name of a receipt's file, at most."""


@pages.get("/paiements/{reference}", access=Access.PUBLIC, reads=("payment",))
def show_outcome(visit: Visit, reference: str) -> Response:
    """Works signed out, and then shows only the state of the payment: no amount, no name, no number."""
    attempt = get_attempt(visit, reference)
    state = close(attempt, visit.portal.clock()).state
    return page(visit, "payment_outcome", state=state, payment=attempt if belongs_to_visitor(visit, attempt) else None)


@pages.post("/paiements/{reference}", access=Access.MACHINE, csrf=False, form=ANY_CONTENT_TYPE)
def return_from_bank(visit: Visit, reference: str) -> Response:
    """The bank may send the browser back by POST, whose body is ignored: only the signed notice counts."""
    if not REFERENCE.fullmatch(reference):
        raise NotFound
    return see_other(visit, f"/paiements/{reference}")


@pages.get("/paiements/{reference}/recu", reads=("payment",))
def show_receipt(visit: Visit, reference: str) -> Response:
    """The stored document, never redrawn; drawn now if its mail was not sent yet."""
    attempt = get_attempt(visit, reference)
    if not attempt.paid or not belongs_to_visitor(visit, attempt):
        raise NotFound
    content = read_receipt(attempt, documents=visit.portal.stores.documents, tasks=visit.portal.tasks)
    if visit.method == "GET":
        journal_entry(visit, "receipt_downloaded", ", ".join(attempt.invoice_numbers))
    filename = f"recu-facture-{'-'.join(attempt.invoice_numbers[:MOST_NAMED])}.pdf"
    return file(content, content_type="application/pdf", filename=filename)


def get_attempt(visit: Visit, reference: str) -> Attempt:
    """Returns the attempt, read with the session when there is one. Raises NotFound."""
    attempt: Attempt | None = visit.items.get("payment")
    if visit.session is None and REFERENCE.fullmatch(reference):
        attempt = visit.portal.stores.payments.find(reference)
    if attempt is None:
        raise NotFound
    return attempt


def belongs_to_visitor(visit: Visit, attempt: Attempt) -> bool:
    return visit.session is not None and visit.session.username == attempt.username

"""What became of a payment, signed in or out, and its receipt."""

from chalice.app import Response

from chalicelib.domain.bank_notice import close
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.errors import NotFound
from chalicelib.handlers.http.forms import ANYTHING
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.receipts import receipt_key

pages = Pages(__name__)


@pages.get("/paiements/{reference}", access=Access.PUBLIC, reads=("payment",))
def show_outcome(visit: Visit, reference: str) -> Response:
    """Works signed out, and then says nothing but what became of the payment: no amount, no name, no number."""
    attempt = found(visit, reference)
    state = close(attempt, visit.portal.clock()).state
    return page(visit, "payment_outcome", state=state, payment=attempt if is_mine(visit, attempt) else None)


@pages.post("/paiements/{reference}", access=Access.MACHINE, csrf=False, form=ANYTHING)
def return_from_bank(visit: Visit, reference: str) -> Response:
    """The bank may send the browser back by POST: nothing of it is read."""
    if not REFERENCE.fullmatch(reference):
        raise NotFound
    return see_other(visit, f"/paiements/{reference}")


@pages.get("/paiements/{reference}/recu", reads=("payment",))
def show_receipt(visit: Visit, reference: str) -> Response:
    """The document of the first day; drawn now if its mail has not left yet."""
    attempt = found(visit, reference)
    if not attempt.paid or not is_mine(visit, attempt):
        raise NotFound
    content = read_receipt(visit, attempt)
    if visit.method == "GET":
        journal_entry(visit, "receipt_downloaded", attempt.invoice_number)
    filename = f"recu-facture-{attempt.invoice_number}.pdf"
    return file(content, content_type="application/pdf", filename=filename)


def found(visit: Visit, reference: str) -> Attempt:
    """The attempt, read with the session when there is one. Raises NotFound."""
    attempt: Attempt | None = visit.items.get("payment")
    if visit.session is None and REFERENCE.fullmatch(reference):
        attempt = visit.portal.stores.payments.find(reference)
    if attempt is None:
        raise NotFound
    return attempt


def is_mine(visit: Visit, attempt: Attempt) -> bool:
    return visit.session is not None and visit.session.username == attempt.username


def read_receipt(visit: Visit, attempt: Attempt) -> bytes:
    documents, key = visit.portal.stores.documents, receipt_key(attempt.reference)
    try:
        return documents.read(key)
    except NotFound:
        visit.portal.tasks.call("draw_receipt", {"reference": attempt.reference})
        return documents.read(key)

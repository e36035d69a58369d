"""Je règle mes factures, l’historique, une facture et son PDF."""

from chalice.app import Response

from chalicelib import wording
from chalicelib.domain.invoice import Invoice
from chalicelib.handlers.answers import file, page
from chalicelib.handlers.telling import trace
from chalicelib.handlers.visit import Visit
from chalicelib.handlers.web import Pages
from chalicelib.services.documents import read_document
from chalicelib.services.invoices import lines_by_child, list_due, list_history, readable

pages = Pages(__name__)


@pages.get("/factures", reads=("summary",))
def show_invoices_due(visit: Visit) -> Response:
    return page(visit, "invoices_due", invoices=list_due(visit.summary), today=visit.today)


@pages.get("/factures/historique", reads=("summary",))
def show_invoice_history(visit: Visit) -> Response:
    return page(visit, "invoice_history", years=list_history(visit.summary, visit.today), today=visit.today)


@pages.get("/factures/{numero}", reads=("invoice",))
def show_invoice(visit: Visit, numero: str) -> Response:
    invoice = readable(visit.invoice, visit.today)
    return page(
        visit,
        "invoice",
        invoice=invoice,
        children=lines_by_child(invoice.lines),
        can_pay=invoice.summary.payable_online,
        why_not=wording.DIRECT_DEBIT if invoice.direct_debit and invoice.balance_cents else None,
    )


@pages.get("/factures/{numero}/pdf", reads=("invoice",))
def show_invoice_document(visit: Visit, numero: str) -> Response:
    invoice = drawn(visit, readable(visit.invoice, visit.today))
    content = read_document(invoice, documents=visit.portal.documents)
    if visit.method == "GET":
        trace(visit, "invoice_downloaded", invoice.number)
    return file(content, content_type="application/pdf", filename=f"facture-{invoice.number}.pdf")


def drawn(visit: Visit, invoice: Invoice) -> Invoice:
    """The invoice with its document, drawn now by the drawing task if nobody asked for it before."""
    if invoice.document is not None:
        return invoice
    visit.portal.tasks.call("draw_documents", {"invoices": [[invoice.username, invoice.number]]})
    return readable(visit.portal.invoices.find(invoice.username, invoice.number), visit.today)

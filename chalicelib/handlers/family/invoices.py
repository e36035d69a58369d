"""*Je règle mes factures*: /factures (due), /factures/historique, one invoice and its PDF."""

from chalice.app import Response

from chalicelib.domain.card_payment.share import MOST_INVOICES
from chalicelib.domain.invoice import Invoice, lines_by_child, list_due, list_history, readable
from chalicelib.handlers.http.responses import file, page
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.billing.documents import read_document
from chalicelib.wording.payment import OBSTACLES, SHORT_OBSTACLES, why_not

pages = Pages(__name__)


@pages.get("/factures", reads=("summary",))
def show_invoices_due(visit: Visit) -> Response:
    due, terms = list_due(visit.summary), visit.portal.payment_terms
    reasons = {row.number: SHORT_OBSTACLES[found] for row in due if (found := terms.obstacle(row, visit.today))}
    payable = [row for row in due if row.number not in reasons]
    return page(
        visit,
        "invoices_due",
        invoices=due,
        payable=payable[:MOST_INVOICES],
        more_payable=len(payable) > MOST_INVOICES,
        credit_cents=sum(row.credit_cents for row in visit.summary),
        today=visit.today,
        why_not=reasons,
    )


@pages.get("/factures/historique", reads=("summary",))
def show_invoice_history(visit: Visit) -> Response:
    return page(visit, "invoice_history", years=list_history(visit.summary, visit.today), today=visit.today)


@pages.get("/factures/{numero}", reads=("invoice",))
def show_invoice(visit: Visit, numero: str) -> Response:
    invoice = readable(visit.invoice, visit.today)
    town, obstacle = visit.portal.town, visit.portal.payment_terms.obstacle(invoice.summary, visit.today)
    return page(
        visit,
        "invoice",
        invoice=invoice,
        children=lines_by_child(invoice.lines),
        can_pay=obstacle is None,
        why_not=why_not(obstacle, to_the_office=town.desk.to_the, cheque_to=town.regie.cheque_to)
        if obstacle in OBSTACLES
        else None,
    )


@pages.get("/factures/{numero}/pdf", reads=("invoice",))
def show_invoice_document(visit: Visit, numero: str) -> Response:
    invoice = with_document(visit, readable(visit.invoice, visit.today))
    content = read_document(invoice, documents=visit.portal.stores.documents)
    if visit.method == "GET":
        journal_entry(visit, "invoice_downloaded", invoice.number)
    return file(content, content_type="application/pdf", filename=f"facture-{invoice.number}.pdf")


def with_document(visit: Visit, invoice: Invoice) -> Invoice:
    """Returns the invoice with its document, drawn now by the drawing task if it was never drawn before."""
    if invoice.document is not None:
        return invoice
    visit.portal.tasks.call("draw_documents", {"invoices": [[invoice.username, invoice.number]]})
    return readable(visit.portal.stores.invoices.find(invoice.username, invoice.number), visit.today)

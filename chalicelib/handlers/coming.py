"""The guide's entries that are not online yet: each says so plainly and names a human."""

from chalice.app import Response

from chalicelib.handlers.answers import page
from chalicelib.handlers.visit import Visit
from chalicelib.handlers.web import Pages
from chalicelib.services.invoices import readable

pages = Pages(__name__)


@pages.get("/factures/{numero}/paiement", reads=("invoice",))
def show_payment(visit: Visit, numero: str) -> Response:
    readable(visit.invoice, visit.today)
    return page(visit, "coming", title="Payer ma facture")

"""The guide's entries that are not online yet: each says so plainly and names a human."""

from chalice.app import Response

from chalicelib.handlers.answers import page
from chalicelib.handlers.visit import Visit
from chalicelib.handlers.web import Pages
from chalicelib.services.invoices import readable

pages = Pages(__name__)


@pages.get("/dossier")
def show_family_file(visit: Visit) -> Response:
    return page(visit, "coming", title="Consulter mon dossier famille")


@pages.get("/coordonnees")
def show_contact_details(visit: Visit) -> Response:
    return page(visit, "coming", title="Modifier ou compléter mes coordonnées mail et téléphone")


@pages.get("/adresse")
def show_address(visit: Visit) -> Response:
    return page(visit, "coming", title="Déclarer ma nouvelle adresse")


@pages.get("/mode-de-reception")
def show_delivery_mode(visit: Visit) -> Response:
    return page(visit, "coming", title="Adhérer à la facture électronique")


@pages.get("/mode-de-reception/test")
def show_delivery_check(visit: Visit) -> Response:
    return page(visit, "coming", title="Formulaire de test de mode de réception de facture")


@pages.get("/mot-de-passe")
def show_password(visit: Visit) -> Response:
    return page(visit, "coming", title="Changer mon mot de passe")


@pages.get("/factures/{numero}/paiement", reads=("invoice",))
def show_payment(visit: Visit, numero: str) -> Response:
    readable(visit.invoice, visit.today)
    return page(visit, "coming", title="Payer ma facture")

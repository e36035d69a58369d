"""`guichet recus imprimer`: receipts of card payments, as they were stored."""

from typing import Annotated

import typer

from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.services.billing.print_documents import PrintObstacle, receipt_to_print
from chalicelib.wording.guide import typeset
from guichet.console import say
from guichet.failures import friendly_errors, open_portal
from guichet.files.joined_documents import write_documents
from guichet.french import FrenchApp
from guichet.options import ANY_CASE, PdfFile, distinct
from guichet.wording.common import pluralized

app = FrenchApp("recus", "Les reçus des paiements par carte.")

OBSTACLES = {
    PrintObstacle.UNKNOWN: "{name} : aucun paiement par carte n’a cette référence. "
    "« guichet paiements voir » donne celles d’une facture.",
    PrintObstacle.UNPAID: "{name} : ce paiement n’a pas abouti, il n’a pas de reçu. "
    "« guichet paiements voir {name} » dit où il en est.",
    PrintObstacle.PURGED: "{name} : sa facture a été purgée, et son reçu avec elle.",
}
APART = "{name} : son reçu ne se joint pas à d’autres, imprimez-le seul."
References = Annotated[
    list[str], typer.Argument(metavar="RÉFÉRENCE", help=f"Les références des paiements, {ANY_CASE}.")
]


@app.verb("imprimer", "ABCDEF-GHIJKL-MNOPQR-STUVWX --sortie recu.pdf")
def print_receipts(references: References, *, file: PdfFile) -> None:
    """Écrit les reçus de paiements par carte, tels que les familles les téléchargent ; plusieurs font un seul PDF.

    Un reçu qui n’était pas encore fait l’est alors, avec son numéro. Une référence refusée n’arrête pas les autres : la
    commande finit alors par 3.
    """
    with friendly_errors():
        portal = open_portal()
        chosen = distinct("RÉFÉRENCE", map(canonical_reference, references))
        found = (receipt_to_print(one, stores=portal.stores, tasks=portal.tasks) for one in chosen)
        count, code = write_documents(found, file, obstacles=OBSTACLES, apart=APART, portal=portal)
        say(typeset(f"{pluralized(count, 'reçu', 'reçus')} : ") + str(file))
        raise typer.Exit(code)

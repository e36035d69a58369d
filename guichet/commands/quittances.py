"""`guichet quittances …`: print a duplicate of a quittance given at the counter."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.errors import NotFound
from chalicelib.services.payments.quittances import find_quittance, keep_quittance
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, stop
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp
from guichet.options import parse_number
from guichet.output_file import write_output_file

app = FrenchApp("quittances", "Les quittances données au guichet.")


@app.verb("imprimer", "12 quittance-12.pdf")
def duplicate(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la quittance.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FICHIER", help="Le PDF à écrire ; sans lui, quittance-NUMÉRO-duplicata.pdf."),
    ] = None,
) -> None:
    """Écrit le duplicata d’une quittance, qui dit aussi si le règlement a été annulé depuis.

    L’original, donné à l’enregistrement, ne change jamais.
    """
    wanted = parse_number("NUMÉRO", number)
    with friendly_errors():
        portal = open_portal()
        try:
            quittance, undone = find_quittance(wanted, stores=portal.stores)
        except NotFound:
            stop(ExitCode.REFUSED, typeset(f"Aucune quittance n'a le numéro {wanted}, ou sa facture a été purgée."))
        keep_quittance(quittance, draw=portal.draw_quittance, documents=portal.stores.documents)
        path = file or Path(f"quittance-{wanted}-duplicata.pdf")
        write_output_file(path, portal.draw_quittance(quittance, duplicate=True, undone=undone))
        state = " ; le règlement a été annulé depuis" if undone else ""
        say(typeset(f"Duplicata de la quittance n° {wanted} : {path}{state}."))

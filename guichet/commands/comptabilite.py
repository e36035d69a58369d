"""`guichet comptabilite …`: recompute what the invoices say was paid, and say what differs."""

import typer

from chalicelib.formats import euros, thousands
from chalicelib.services.payments.audit import Audit, audit
from chalicelib.wording.guide import typeset
from guichet import french
from guichet.console import ExitCode, complain, progress, say, show_totals
from guichet.failures import friendly_errors, opened

app = typer.Typer(
    cls=french.FrenchGroup,
    help="La comptabilité du portail.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)


@app.callback()
def _noun() -> None:
    """One verb today: without this, Typer would make it the noun itself."""


@app.command("verifier", cls=french.FrenchCommand, epilog="Exemple : python -m guichet comptabilite verifier")
def check() -> None:
    """Recalcule le montant réglé de chaque facture à partir de ses mouvements.

    Vérifie aussi les listes des familles, les paiements sans mouvement et la suite des reçus. Se termine par 1 s’il y a
    une différence.
    """
    with friendly_errors():
        portal = opened()
        with progress("Factures", 0) as advance:
            found = audit(stores=portal.stores, progress=advance)
        _tell(found)
        raise typer.Exit(ExitCode.DONE if found.sound else ExitCode.REFUSED)


def _tell(found: Audit) -> None:
    for difference in found.differences:
        held, summed = difference.invoice, difference.summed
        said = f"{euros(held.paid_cents)} réglés et {euros(held.surplus_cents)} de trop-perçu"
        due = f"{euros(summed.paid_cents)} et {euros(summed.surplus_cents)}"
        complain(typeset(f"Facture n° {held.number} : {said} sur la facture, {due} d'après ses mouvements"))
    for number in found.rows:
        complain(typeset(f"Facture n° {number} : la liste de la famille montre un autre montant réglé"))
    for number in found.orphans:
        complain(typeset(f"Mouvements sur la facture n° {number}, qui n'existe pas"))
    for reference in found.unbooked:
        complain(typeset(f"Paiement {reference} : payé, mais sans mouvement"))
    for receipt in found.receipts:
        complain(typeset(f"Reçu n° {receipt} : absent de la suite, ou attribué deux fois"))
    rows = [
        ("Factures", thousands(found.invoices), euros(found.received_cents)),
        ("dont trop-perçus", "", euros(found.surplus_cents)),
        ("Mouvements", thousands(found.entries), ""),
    ]
    show_totals("Comptabilité", rows)
    say(typeset("Tout concorde." if found.sound else "Des différences sont à expliquer."))

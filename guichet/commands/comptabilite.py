"""`guichet comptabilite …`: audit the paid amounts of invoices against the ledger, and print the differences."""

import typer

from chalicelib.formats import euros, thousands
from chalicelib.services.payments.audit import Audit, audit
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, progress, say, show_totals, warn
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp

app = FrenchApp("comptabilite", "La comptabilité du portail.")


@app.verb("verifier")
def check() -> None:
    """Recalcule le montant réglé de chaque facture à partir de ses mouvements.

    Vérifie aussi les listes des familles, les paiements sans mouvement et la suite des reçus. Se termine par 1 s’il y a
    une différence.
    """
    with friendly_errors():
        portal = open_portal()
        with progress("Factures", 0) as advance:
            result = audit(stores=portal.stores, progress=advance)
        _show_audit(result)
        raise typer.Exit(ExitCode.DONE if result.sound else ExitCode.REFUSED)


def _show_audit(result: Audit) -> None:
    for difference in result.differences:
        invoice, summed = difference.invoice, difference.summed
        recorded = f"{euros(invoice.paid_cents)} réglés et {euros(invoice.surplus_cents)} de trop-perçu"
        expected = f"{euros(summed.paid_cents)} et {euros(summed.surplus_cents)}"
        warn(typeset(f"Facture n° {invoice.number} : {recorded} sur la facture, {expected} d'après ses mouvements"))
    for number in result.rows:
        warn(typeset(f"Facture n° {number} : la liste de la famille montre un autre montant réglé"))
    for number in result.orphans:
        warn(typeset(f"Mouvements sur la facture n° {number}, qui n'existe pas"))
    for reference in result.unbooked:
        warn(typeset(f"Paiement {reference} : payé, mais sans mouvement"))
    for receipt in result.receipts:
        warn(typeset(f"Reçu n° {receipt} : absent de la suite, ou attribué deux fois"))
    rows = [
        ("Factures", thousands(result.invoices), euros(result.received_cents)),
        ("dont trop-perçus", "", euros(result.surplus_cents)),
        ("Mouvements", thousands(result.entries), ""),
    ]
    show_totals("Comptabilité", rows)
    say(typeset("Tout concorde." if result.sound else "Des différences sont à expliquer."))

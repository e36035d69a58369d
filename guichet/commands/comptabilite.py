"""`guichet comptabilite …`: audit the paid amounts of invoices against the ledger, and print the differences."""

from datetime import date

import typer

from chalicelib.domain.reconciliation import LastReconciliation, days_late
from chalicelib.formats import day_in_paris, euros, long_day, short_day, thousands
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.audit_result import Audit
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, progress, say, show_totals, warn
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp

app = FrenchApp("comptabilite", "La comptabilité du portail.")


@app.verb("verifier")
def check() -> None:
    """Recalcule le montant réglé de chaque facture à partir de ses mouvements.

    Vérifie aussi les listes des familles, les paiements sans mouvement, la suite des reçus et celle des quittances,
    les totaux des journées arrêtées, et dit de quand date le dernier rapprochement avec la banque. Se termine par 1
    s’il y a une différence.
    """
    with friendly_errors():
        portal = open_portal()
        with progress("Factures", 0) as advance:
            result = audit(stores=portal.stores, progress=advance)
        _show_audit(result)
        _show_reconciliation(result, day_in_paris(portal.clock()))
        raise typer.Exit(ExitCode.DONE if result.sound else ExitCode.REFUSED)


SENTENCES = {
    "rows": "Facture n° {} : la liste de la famille montre un autre montant réglé",
    "offsets": "Facture n° {} : une imputation n'est écrite que d'un côté",
    "orphans": "Mouvements sur la facture n° {}, qui n'existe pas",
    "unbooked": "Paiement {} : payé, mais sans mouvement",
    "receipts": "Reçu n° {} : absent de la suite, ou attribué deux fois",
    "refunds": "Paiement {} : le remboursé n'est pas celui de ses mouvements",
    "unnumbered": "Facture n° {} : un règlement du guichet attend sa quittance, relancez « reglements saisir »",
    "quittances": "Quittance n° {} : absente de la suite, attribuée deux fois, ou sans son mouvement",
}
"""What is said of each inconsistency, by the field of the audit that lists it."""


def _show_audit(result: Audit) -> None:
    for difference in result.differences:
        invoice, summed = difference.invoice, difference.summed
        recorded = f"{euros(invoice.paid_cents)} réglés et {euros(invoice.surplus_cents)} de trop-perçu"
        expected = f"{euros(summed.paid_cents)} et {euros(summed.surplus_cents)}"
        warn(typeset(f"Facture n° {invoice.number} : {recorded} sur la facture, {expected} d'après ses mouvements"))
    for name, sentence in SENTENCES.items():
        for found in getattr(result, name):
            warn(typeset(sentence.format(found)))
    for closing in result.closings:
        kept = f"{euros(closing.totals.net_cents)} gardés" if closing.totals else ""
        what = (
            f"{kept}, autre chose d'après les mouvements du jour" if kept else "interrompu, relancez « caisse arreter »"
        )
        warn(typeset(f"Arrêté du {long_day(closing.day)} : {what}"))
    rows = [
        ("Factures · montant réglé", thousands(result.invoices), euros(result.paid_cents)),
        ("Factures · trop-perçu, en plus", "", euros(result.surplus_cents)),
        ("Factures · déjà réglé à l’import", "", euros(result.opening_cents)),
        ("Mouvements · somme", thousands(result.entries), euros(result.moved_cents)),
    ]
    show_totals("Comptabilité", rows)
    say(typeset("Tout concorde." if result.sound else "Des différences sont à expliquer."))


def _show_reconciliation(result: Audit, today: date) -> None:
    """Say how old the last one is, and warn when the first payment that it has not covered has waited too long."""
    say(typeset(f"Dernier rapprochement avec la banque : {_age(result.last_reconciliation, today)}"))
    if result.unreconciled_since and days_late(result.unreconciled_since, today):
        since = short_day(result.unreconciled_since)
        warn(
            typeset(
                f"Attention : depuis le {since}, aucun journal de la banque ne confirme les paiements par carte. "
                "Téléchargez-le, puis : « guichet paiements rapprocher »."
            )
        )


def _age(last: LastReconciliation | None, today: date) -> str:
    """« il y a 3 jours (le 27/11/2026), journal lu jusqu’au 26/11/2026 », ou « jamais »."""
    if last is None:
        return "jamais"
    day = day_in_paris(last.reconciled_at)
    days = (today - day).days
    age = {0: "aujourd'hui", 1: "hier"}.get(days, f"il y a {thousands(days)} jours")
    covered = f", journal lu jusqu'au {short_day(last.covered_until)}" if last.covered_until else ""
    return f"{age} (le {short_day(day)}){covered}"

"""`guichet purger`: delete invoices whose retention period has ended; print those kept beyond it, with the reason."""

from collections import Counter
from typing import Annotated

from chalicelib.clock import system_clock
from chalicelib.domain.legal_retention import KeepReason
from chalicelib.formats import day_in_paris, euros, thousands
from chalicelib.services.billing.purge import Purge, purge
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, confirm, progress, say, show_totals, stop, warn
from guichet.failures import friendly_errors, open_portal
from guichet.french import flag

REASONS = {
    KeepReason.UNPAID: "il reste à payer : la facture ne quitte pas la liste de la famille",
    KeepReason.SURPLUS: "un trop-perçu reste à rendre",
    KeepReason.LOCKED: "son document ou son reçu est encore verrouillé",
    KeepReason.CHANGED: "elle a changé pendant la purge",
}
UNTOUCHED = typeset("Rien n'a été supprimé.")


def run(
    *,
    dry_run: Annotated[bool, flag("--essai", "Dit ce qui serait supprimé et gardé, sans rien supprimer.")] = False,
    yes: Annotated[bool, flag("--oui", "Supprime sans demander de confirmation.")] = False,
) -> None:
    """Supprime pour toujours les factures dont la durée de conservation est passée, avec leurs PDF et leurs reçus.

    La durée est un réglage (dix ans après l’émission). Les mouvements comptables et les numéros restent ; une facture
    non soldée reste. Interrompue, la purge se relance : elle reprend où elle s’est arrêtée.
    """
    with friendly_errors():
        portal = open_portal()
        today, years = day_in_paris(portal.clock()), portal.settings.retention_years
        if not (dry_run or yes):
            question = typeset(f"Supprimer pour toujours les factures émises il y a {years} ans ou plus ?")
            confirm(question, cancelled=UNTOUCHED)
        with progress("Factures lues", None) as advance:
            result = purge(
                today=today, years=years, stores=portal.stores, now=system_clock(), dry_run=dry_run, progress=advance
            )  # S3's locks end by the real time, which the local clock file does not move
        _show_purge(result, dry_run=dry_run)
        if any(reason in (KeepReason.LOCKED, KeepReason.CHANGED) for reason in result.kept.values()):
            stop(ExitCode.PARTLY, typeset("Relancez la purge plus tard pour celles qui restent."))


def _show_purge(result: Purge, *, dry_run: bool) -> None:
    for number, reason in sorted(result.kept.items()):
        warn(typeset(f"Facture n° {number} gardée : {REASONS[reason]}"))
    counted = Counter(result.kept.values())
    verb = "À supprimer" if dry_run else "Supprimées"
    rows = [
        ("Factures lues", thousands(result.read), ""),
        (verb, thousands(result.purged), euros(result.cents)),
        ("Gardées", thousands(counted.total()), ""),
    ]
    show_totals("Purge", rows)
    if dry_run:
        say(typeset("Essai : rien n'a été supprimé."))

"""`guichet purger`: delete for good what the retention ended, and say what is kept beyond it, and why."""

from collections import Counter
from typing import Annotated

from chalicelib.clock import system_clock
from chalicelib.domain.legal_retention import Kept
from chalicelib.formats import day_in_paris, euros, thousands
from chalicelib.services.billing.purge import Purge, purge
from chalicelib.wording.guide import typeset
from guichet import french
from guichet.console import ExitCode, complain, confirm, progress, say, show_totals, stop
from guichet.failures import friendly_errors, opened

REASONS = {
    Kept.UNPAID: "il reste à payer : la facture ne quitte pas la liste de la famille",
    Kept.SURPLUS: "un trop-perçu reste à rendre",
    Kept.LOCKED: "son document ou son reçu est encore verrouillé",
    Kept.CHANGED: "elle a changé pendant la purge",
}
EXAMPLE = "Exemple : python -m guichet purger --essai"
UNTOUCHED = typeset("Rien n'a été supprimé.")


def run(
    *,
    dry_run: Annotated[
        bool, french.flag("--essai", "Dit ce qui serait supprimé et gardé, sans rien supprimer.")
    ] = False,
    yes: Annotated[bool, french.flag("--oui", "Supprime sans demander de confirmation.")] = False,
) -> None:
    """Supprime pour toujours les factures dont la durée de conservation est passée, avec leurs PDF et leurs reçus.

    La durée est un réglage (dix ans après l’émission). Les mouvements comptables et les numéros restent ; une facture
    non soldée reste. Interrompue, la purge se relance : elle reprend où elle s’est arrêtée.
    """
    with friendly_errors():
        portal = opened()
        today, years = day_in_paris(portal.clock()), portal.settings.retention_years
        if not (dry_run or yes):
            question = typeset(f"Supprimer pour toujours les factures émises il y a {years} ans ou plus ?")
            confirm(question, cancelled=UNTOUCHED)
        with progress("Factures lues", None) as advance:
            done = purge(
                today=today, years=years, stores=portal.stores, now=system_clock(), dry_run=dry_run, progress=advance
            )  # S3's locks end by the real time, which a file of the desk does not move
        _tell(done, dry_run=dry_run)
        if any(kept in (Kept.LOCKED, Kept.CHANGED) for kept in done.kept.values()):
            stop(ExitCode.PARTLY, typeset("Relancez la purge plus tard pour celles qui restent."))


def _tell(done: Purge, *, dry_run: bool) -> None:
    for number, kept in sorted(done.kept.items()):
        complain(typeset(f"Facture n° {number} gardée : {REASONS[kept]}"))
    counted = Counter(done.kept.values())
    verb = "À supprimer" if dry_run else "Supprimées"
    rows = [
        ("Factures lues", thousands(done.read), ""),
        (verb, thousands(done.purged), euros(done.cents)),
        ("Gardées", thousands(counted.total()), ""),
    ]
    show_totals("Purge", rows)
    if dry_run:
        say(typeset("Essai : rien n'a été supprimé."))

"""Prints payments, ledger entries, refunds and overpayments."""

from collections.abc import Iterable

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.formats import euros, long_instant, short_day, thousands
from chalicelib.portal import Portal
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.money import Work
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, warn
from guichet.display.money import attempt_description
from guichet.work import journal_entry

KINDS = {
    EntryKind.CARD: "Paiement par carte",
    EntryKind.OTHER: "Règlement",
    EntryKind.OPENING: "Reprise",
    EntryKind.REFUND: "Remboursement",
    EntryKind.CANCELLATION: "Annulation de la facture",
}


def show_payments(name: str, *, portal: Portal) -> ExitCode:
    """Print a payment by its reference, or those of an invoice by its number. Returns the exit code."""
    attempt = portal.stores.payments.find(name) if REFERENCE.fullmatch(name) else None
    number = attempt.invoice_number if attempt else name
    invoice = portal.stores.invoices.find_by_number(number)
    if attempt is None and invoice is None:
        warn(typeset("Ce n'est ni la référence d'un paiement, ni le numéro d'une facture."))
        return ExitCode.REFUSED
    if invoice:
        show_invoice_amounts(invoice)
    for one in [attempt] if attempt else portal.stores.payments.of_invoice(number):
        show_attempt(one)
    for entry in portal.stores.ledger.of(number):
        say(ledger_line(entry))
    return ExitCode.DONE


def show_invoice_amounts(invoice: Invoice) -> None:
    sentence = f"Facture n° {invoice.number}, compte {invoice.username} : {euros(invoice.billed_cents)} facturés, "
    sentence += f"{euros(invoice.paid_cents)} réglés, {euros(invoice.balance_cents)} à payer"
    if invoice.surplus_cents:
        sentence += f", trop-perçu de {euros(invoice.surplus_cents)}"
    say(typeset(sentence))


def show_attempt(attempt: Attempt) -> None:
    say(typeset(f"Paiement {attempt.reference} du {long_instant(attempt.created_at)}"))
    say(
        typeset(
            f"  {euros(attempt.amount_cents)}, facture n° {attempt.invoice_number} : {attempt_description(attempt)}"
        )
    )
    if attempt.receipt_number:
        say(typeset(f"  Reçu n° {attempt.receipt_number}, pour {attempt.receipt_email}"))
    if attempt.notice and attempt.notice.accepted:
        transaction = f"  Transaction {attempt.notice.transaction}, appel {attempt.notice.call}"
        say(typeset(f"{transaction}, autorisation {attempt.notice.authorisation}"))


def ledger_line(entry: LedgerEntry) -> str:
    """« 10/06/2026  Paiement par carte  57,00 €, dont 2,00 € de trop-perçu  (réf. …) »."""
    surplus = f", dont {euros(entry.surplus_cents)} de trop-perçu" if entry.surplus_cents else ""
    facts = [entry.means, entry.reference, entry.transaction, entry.agent, entry.note]
    details = ", ".join(fact for fact in facts if fact)
    amount = euros(entry.amount_cents)
    return typeset(f"{short_day(entry.counted_on)}  {KINDS[entry.kind]}  {amount}{surplus}  ({details})")


def show_refund(entry: LedgerEntry | None, *, dry_run: bool, portal: Portal) -> None:
    """Print the result of a refund and what becomes payable again; a booked one gets a journal entry."""
    if entry is None:
        say(typeset("Ce remboursement est déjà enregistré : rien n'a changé."))
        return
    if dry_run:
        say(typeset("Essai : ce remboursement serait accepté, rien n'a été écrit."))
    else:
        event = "payment_refunded" if entry.means == CARD else "surplus_returned"
        journal_entry(portal, entry.username, event, entry.invoice_number)
        sentence = f"Remboursement de {euros(-entry.amount_cents)} enregistré sur la facture n° {entry.invoice_number}."
        say(typeset(sentence))
    if entry.applied_cents < 0:
        again = "redeviendraient" if dry_run else "redeviennent"
        warn(typeset(f"Attention : {euros(-entry.applied_cents)} {again} à payer sur cette facture."))


def list_needing_review(portal: Portal) -> None:
    """Print the payments that only the régie can explain, the oldest first in each kind."""
    now = portal.clock()
    listed = [
        attempt
        for attempt in portal.stores.payments.at_work(Work.OPEN, Work.NEEDS_REVIEW)
        if attempt.needs_review_at(now)
    ]
    _show_all(listed, "Rien à regarder : tous les paiements sont expliqués.")


def list_open(portal: Portal) -> None:
    _show_all(portal.stores.payments.at_work(Work.OPEN), "Aucun paiement en cours.")


def list_surpluses(portal: Portal) -> None:
    """Print every overpaid invoice; reads them all."""
    found = sorted((one for one in portal.stores.invoices.every() if one.surplus_cents), key=lambda one: one.number)
    for invoice in found:
        show_invoice_amounts(invoice)
    total = sum(invoice.surplus_cents for invoice in found)
    say(typeset(f"Trop-perçus : {thousands(len(found))} facture(s), {euros(total)}."))


def _show_all(attempts: Iterable[Attempt], nothing: str) -> None:
    listed = list(attempts)
    for attempt in listed:
        show_attempt(attempt)
    say(typeset(f"{thousands(len(listed))} paiement(s)." if listed else nothing))

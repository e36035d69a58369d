"""Prints payments, ledger entries, refunds and overpayments."""

from collections.abc import Collection, Iterable

from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.domain.reversal import undone_keys
from chalicelib.formats import euros, long_instant, short_day, thousands
from chalicelib.portal import Portal
from chalicelib.services.payments.offset_credit import BookedOffset
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.services.payments.undo_movement import movement_id
from chalicelib.store.payments import Work
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, warn
from guichet.display.money import attempt_description, invoices_description
from guichet.work import journal_entry

KINDS = {
    EntryKind.CARD: "Paiement par carte",
    EntryKind.OTHER: "Règlement",
    EntryKind.OPENING: "Reprise",
    EntryKind.REFUND: "Remboursement",
    EntryKind.CANCELLATION: "Annulation de la facture",
    EntryKind.REVERSAL: "Annulation d’un mouvement",
    EntryKind.OFFSET: "Imputation",
}


def show_payments(name: str, *, portal: Portal) -> ExitCode:
    """Print a payment by its reference, or those of an invoice by its number. Returns the exit code."""
    reference = canonical_reference(name)
    attempt = portal.stores.payments.find(reference) if REFERENCE.fullmatch(reference) else None
    if attempt:
        _show_payment(attempt, portal)
        return ExitCode.DONE
    invoice = portal.stores.invoices.find_by_number(name)
    if invoice is None:
        warn(typeset("Ce n'est ni la référence d'un paiement, ni le numéro d'une facture."))
        return ExitCode.REFUSED
    show_invoice_amounts(invoice)
    for one in portal.stores.payments.of_invoice(name):
        show_attempt(one)
    _show_entries(name, portal)
    return ExitCode.DONE


def _show_payment(attempt: Attempt, portal: Portal) -> None:
    """Print a payment, between the amounts of its invoices and the movements of each."""
    for number in attempt.invoice_numbers:
        invoice = portal.stores.invoices.find_by_number(number)
        if invoice:
            show_invoice_amounts(invoice)
    show_attempt(attempt)
    for number in attempt.invoice_numbers:
        if attempt.shares:
            say(typeset(f"Mouvements de la facture n° {number} :"))
        _show_entries(number, portal)


def _show_entries(number: str, portal: Portal) -> None:
    entries = portal.stores.ledger.of(number)
    for entry in entries:
        say(ledger_line(entry, undone_keys(entries)))


def show_invoice_amounts(invoice: Invoice) -> None:
    sentence = f"Facture n° {invoice.number}, compte {invoice.username} : {euros(invoice.billed_cents)} facturés, "
    sentence += f"{euros(invoice.paid_cents)} réglés, {euros(invoice.balance_cents)} à payer"
    if invoice.surplus_cents:
        sentence += f", trop-perçu de {euros(invoice.surplus_cents)}"
    if invoice.credit_note:
        sentence += f", avoir disponible : {euros(invoice.credit_cents - invoice.surplus_cents)}"
    if invoice.cancelled_for:
        sentence += f", annulée{f', remplacée par la facture n° {invoice.replaced_by}' if invoice.replaced_by else ''}"
    say(typeset(sentence))


def show_attempt(attempt: Attempt) -> None:
    say(typeset(f"Paiement {attempt.reference} du {long_instant(attempt.created_at)}"))
    say(typeset(f"  {euros(attempt.amount_cents)}, {invoices_description(attempt)} : {attempt_description(attempt)}"))
    if attempt.receipt_number:
        say(typeset(f"  Reçu n° {attempt.receipt_number}, pour {attempt.receipt_email}"))
    if attempt.notice and attempt.notice.accepted:
        said = attempt.notice
        numbers = (said.transaction, said.call, said.authorisation)
        transaction, call, authorisation = (number or "(manque)" for number in numbers)
        say(typeset(f"  Numéros de la banque : transaction {transaction}, appel {call}, autorisation {authorisation}"))


def ledger_line(entry: LedgerEntry, undone: Collection[str] = ()) -> str:
    """« K7Q2MX  10/06/2026  Paiement par carte  57,00 €, dont 2,00 € de trop-perçu  (réf. …) »; `undone`: keys."""
    surplus = f", dont {euros(entry.surplus_cents)} de trop-perçu" if entry.surplus_cents else ""
    other = f"facture n° {entry.counterpart}" if entry.counterpart else ""
    counted = f"compté le {short_day(entry.counted_on)}" if entry.received_on else ""
    quittance = f"quittance n° {entry.quittance}" if entry.quittance else ""
    named = [other, entry.means, entry.reference, entry.transaction, entry.payer]
    facts = [*named, counted, quittance, entry.agent, entry.note]
    details = ", ".join(fact for fact in facts if fact)
    amount = euros(entry.amount_cents)
    state = ", annulé" if entry.key in undone else ""
    line = f"{movement_id(entry)}  {short_day(entry.day)}  {KINDS[entry.kind]}{state}  {amount}{surplus}  ({details})"
    return typeset(line)


def show_undone(entry: LedgerEntry | None, number: str, *, dry_run: bool, portal: Portal) -> None:
    """Print the result of an undone movement, with what the invoice has to pay now; it gets a journal entry."""
    if entry is None:
        say(typeset("Ce mouvement est déjà annulé : rien n'a changé."))
        return
    if dry_run:
        say(typeset(f"Essai : {euros(-entry.amount_cents)} seraient annulés, rien n'a été écrit."))
        return
    journal_entry(portal, entry.username, "movement_undone", number)
    say(typeset(f"Mouvement de {euros(-entry.amount_cents)} annulé par le mouvement {movement_id(entry)}."))
    invoice = portal.stores.invoices.find_by_number(number)
    if invoice:
        show_invoice_amounts(invoice)


def show_offset(booked: BookedOffset, *, dry_run: bool, portal: Portal) -> None:
    """Print the result of an offset, with what is left on both invoices; it gets a journal entry."""
    source, target = booked.source, booked.target
    sentence = f"{euros(booked.amount_cents)} de n° {source.number} sur n° {target.number}"
    if not booked.new:
        say(typeset(f"Cette imputation est déjà enregistrée : {sentence}. Rien n'a changé."))
        return
    if dry_run:
        say(typeset(f"Essai : {sentence} seraient imputés, rien n'a été écrit."))
    else:
        journal_entry(portal, target.username, "credit_offset", f"{source.number} {target.number}")
        say(typeset(f"Imputés : {sentence}."))
    for invoice in (target, source):
        show_invoice_amounts(invoice)


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
    invoice = portal.stores.invoices.find_by_number(entry.invoice_number)
    if entry.applied_cents < 0 and invoice and not invoice.credit_note:
        again = "redeviendraient" if dry_run else "redeviennent"
        warn(typeset(f"Attention : {euros(-entry.applied_cents)} {again} à payer sur cette facture."))


def list_needing_review(portal: Portal) -> None:
    """Print all that only the régie can explain: payments, the oldest first in each kind, then every surplus."""
    now = portal.clock()
    listed = [
        attempt
        for attempt in portal.stores.payments.at_work(Work.OPEN, Work.NEEDS_REVIEW)
        if attempt.needs_review_at(now)
    ]
    _show_all(listed, "Aucun paiement à expliquer.")
    list_surpluses(portal)


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

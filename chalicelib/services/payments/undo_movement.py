"""Undo a movement that was entered (*contre-passer*): its opposite is booked, both stay in the books.

A card payment made on the portal is refunded, never undone.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Alarm
from chalicelib.domain.payment_method import PaymentMethod, method_read
from chalicelib.domain.reversal import reversal_key, undone_keys
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.books import Books, books_of
from chalicelib.services.payments.paid_invoices import alarms_without_surplus
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

UNDOABLE = frozenset({EntryKind.OTHER, EntryKind.OFFSET, EntryKind.REFUND, EntryKind.REVERSAL})
REASONS = ("impaye", "rejet", "facture", "erreur")
"""Unpaid cheque, refused direct debit, wrong invoice, wrong entry."""

DEBIT_REFUSED = frozenset({"impaye", "rejet"})
"""The reasons that say that the bank did not collect."""


@dataclass(frozen=True)
class Undoing:
    """Who undoes a movement, why (`reason`: one of REASONS), on which day; `reference`: that of the return itself."""

    reason: str
    agent: str
    counted_on: date
    booked_at: datetime
    reference: str = ""


def movement_id(entry: LedgerEntry) -> str:
    """Returns « K7Q2MX »: six letters and digits that name a movement among those of its invoice, for the agents."""
    digest = int.from_bytes(hashlib.sha256(entry.key.encode()).digest()[:4])
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(letters[digest >> 5 * place & 31] for place in range(6))


def undo_movement(
    number: str, movement: str, *, reason: str, agent: str, stores: Stores, clock: Clock, dry_run: bool = False
) -> LedgerEntry | None:
    """Undo the movement of an invoice that `movement_id` names. Returns its reversal, None when it was undone before.

    With `dry_run`, only check. Raises NotFound (no such invoice or movement), MoneyRefused, Unavailable.
    """
    books = books_of(stores, dry_run=dry_run)

    def once() -> tuple[LedgerEntry | None] | None:
        invoice = stores.invoices.find_by_number(number)
        if invoice is None:
            raise NotFound
        entries = books.entries(number)
        undone = next((one for one in entries if movement_id(one) == movement.strip().upper()), None)
        if undone is None:
            raise MoneyRefused("unknown_movement")
        if undone.key in undone_keys(entries):
            return (None,)
        now = clock()
        undoing = Undoing(reason, agent, day_in_paris(now), now)
        moved = reversals(undone, invoice, undoing, books=books)
        return (moved[0].entry,) if books.write(moved) else None

    (entry,) = once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)
    return entry


def reversals(undone: LedgerEntry, invoice: Invoice, undoing: Undoing, *, books: Books) -> list[Movement]:
    """Returns the movements that undo an entry: one, or two for an offset, the invoice's own first.

    Raises MoneyRefused: not undoable, or its money was given back meanwhile.
    """
    if undone.kind is EntryKind.CARD:
        raise MoneyRefused("card_is_refunded")
    if undone.kind not in UNDOABLE:
        raise MoneyRefused("not_undoable")
    moved = _reversal(undone, invoice, undoing, books=books)
    if undone.transaction:
        return [_with_card_refund_undone(moved, undone, undoing, books=books)]
    return [moved, _reversal_of_other_half(undone, invoice, undoing, books=books)] if undone.counterpart else [moved]


def _reversal(undone: LedgerEntry, invoice: Invoice, undoing: Undoing, *, books: Books) -> Movement:
    facts = {"reference": undoing.reference} if undoing.reference else {}
    try:
        entry = LedgerEntry.reversal(
            invoice,
            undone,
            key=reversal_key(undone, books.entries(invoice.number)),
            counted_on=undoing.counted_on,
            booked_at=undoing.booked_at,
            agent=undoing.agent,
            note=undoing.reason,
            **facts,
        )
    except ValueError:
        raise MoneyRefused("given_back_already") from None
    moved = Movement.booking(entry, invoice)
    changes = _debit_changes(undone, undoing)
    return moved.model_copy(update={"after": moved.after.model_copy(update=changes)}) if changes else moved


def _debit_changes(undone: LedgerEntry, undoing: Undoing) -> dict[str, bool | None]:
    """Returns what changes of the invoice's direct debit.

    Refused by the bank, it is not tried again: the family must be able to pay by card. A refusal typed by mistake
    stops nothing any more; a settlement typed on the wrong invoice says nothing of its debit.
    """
    if method_read(undone.means) is not PaymentMethod.DIRECT_DEBIT:
        return {}
    if undone.kind is EntryKind.OTHER and undoing.reason in DEBIT_REFUSED:
        return {"direct_debit": False, "debit_stopped": True}
    return {"debit_stopped": None} if undone.kind is EntryKind.REVERSAL and undone.note in DEBIT_REFUSED else {}


def _reversal_of_other_half(undone: LedgerEntry, invoice: Invoice, undoing: Undoing, *, books: Books) -> Movement:
    """The two halves of an offset have the same key, each on its invoice."""
    other = books.invoice(invoice.username, undone.counterpart)
    half = next((one for one in books.entries(undone.counterpart) if one.key == undone.key), None)
    if other is None or half is None:
        raise MoneyRefused("not_undoable")
    return _reversal(half, other, undoing, books=books)


def _with_card_refund_undone(moved: Movement, undone: LedgerEntry, undoing: Undoing, *, books: Books) -> Movement:
    """A card refund undone, or counted again: so is what its payment had refunded, and the alarm of its surplus."""
    attempt = books.stores.payments.find(undone.reference)
    if attempt is None:
        raise MoneyRefused("not_undoable")
    shown = attempt.alarms or (Alarm.OVERPAID,)
    without = alarms_without_surplus(attempt, moved.after.number, stores=books.stores)
    alarms = shown if moved.after.surplus_cents else without
    after = attempt.changed(
        undoing.booked_at,
        refunded_cents=attempt.refunded_cents + undone.amount_cents,
        alarms=alarms,
    )
    return moved.with_attempt(attempt, after)

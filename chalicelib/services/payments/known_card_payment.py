"""Whether a settlement of a file is a card payment of the portal, under any of its references, however typed."""

from collections.abc import Sequence

from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.domain.known_settlement import begins
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.domain.settlement import Settlement, fold_reference
from chalicelib.payment.form import archive_reference
from chalicelib.services.payments.settlement_outcome import LineOutcome
from chalicelib.stores import Stores


def known_card_payment(settlement: Settlement, entries: Sequence[LedgerEntry], *, stores: Stores) -> LineOutcome | None:
    """Returns the result of a line that has a card payment's reference; None when it has none. Raises Unavailable."""
    folded = fold_reference(settlement.reference)
    if not folded:
        return None
    cards = [entry for entry in entries if entry.kind is EntryKind.CARD]
    booked = [entry for entry in cards if folded in _references_of_entry(entry)]
    if booked:
        agrees = any(entry.amount_cents == settlement.amount_cents for entry in booked)
        return LineOutcome.KNOWN_BY_CARD if agrees else LineOutcome.CARD_DIFFERS
    for attempt in stores.payments.of_invoice(settlement.number):
        if not attempt.paid and folded in _references_of_attempt(attempt):
            return LineOutcome.CARD_NOT_SETTLED
    reference = canonical_reference(settlement.reference)
    found = stores.payments.find(reference) if REFERENCE.fullmatch(reference) else None
    if found is None:
        return None
    return LineOutcome.CARD_DIFFERS if found.paid else LineOutcome.CARD_NOT_SETTLED


def names_card_payment(reference: str, entries: Sequence[LedgerEntry]) -> bool:
    """Whether this reference is that of a card payment booked on the invoice, or begins with it."""
    folded = fold_reference(reference)
    cards = (entry for entry in entries if entry.kind is EntryKind.CARD)
    return any(begins(one, folded) for entry in cards for one in _references_of_entry(entry))


def _references_of_entry(entry: LedgerEntry) -> set[str]:
    """Returns the references, folded, under which the town's other software may know a card payment."""
    return _folded(entry.reference, archive_reference(entry.reference), entry.transaction, entry.call)


def _references_of_attempt(attempt: Attempt) -> set[str]:
    """Returns the same of an attempt that is not booked; the bank's numbers come from its last notice, if any."""
    numbers = (attempt.notice.transaction, attempt.notice.call) if attempt.notice else ()
    return _folded(attempt.reference, archive_reference(attempt.reference), *numbers)


def _folded(*references: str) -> set[str]:
    return {fold_reference(reference) for reference in references} - {""}

"""An attempt of 57,00 € and what may happen to it."""

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Attempt, Notice
from tests.support.fakes.clock import StoppedClock
from tests.support.people import invoice

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)


def clock_at_noon() -> StoppedClock:
    return StoppedClock(NOON)


def attempt(reference: str = "AAAAAA-BBBBBB", cents: int = 5700, **changes: Any) -> Attempt:
    return Attempt(
        reference=reference,
        invoice_number="169165",
        username="dupont",
        amount_cents=cents,
        receipt_email="dupont@example.org",
        created_at=NOON,
        **changes,
    )


def several(count: int, reference: str = "AAAAAA-BBBBBB") -> tuple[list[Invoice], Attempt]:
    """Returns invoices of one account, the first of 57,00 € and each 1,00 € above the one before, and the attempt that
    pays them all; one is an attempt as `attempt()` makes it.
    """
    invoices = [invoice(str(169165 + 2 * n), billed_cents=5700 + 100 * n, lines=()) for n in range(count)]
    shares = tuple(Share(invoice_number=one.number, amount_cents=one.billed_cents) for one in invoices)
    total_cents = sum(one.billed_cents for one in invoices)
    return invoices, attempt(reference, total_cents, shares=shares if count > 1 else ())


def notice(
    code: str = "00000", transaction: str = "83", *, reference: str = "AAAAAA-BBBBBB", cents: int = 5700, **changes: Any
) -> Notice:
    numbers = {"transaction": transaction, "authorisation": "A1"} if code == "00000" else {}
    facts: dict[str, Any] = {"reference": reference, "amount_cents": cents, "code": code, "call": f"7{transaction}"}
    return Notice(**facts, paid_on=date(2026, 6, 10), card_ending="44", **numbers, **changes)

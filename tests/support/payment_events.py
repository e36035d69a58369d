"""An attempt of 57,00 € and what may happen to it."""

from datetime import UTC, date, datetime

from chalicelib.domain.payment import Attempt, Notice
from tests.support.fakes.clock import StoppedClock

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)


def clock_at_noon():
    return StoppedClock(NOON)


def attempt(reference="AAAAAA-BBBBBB", cents=5700, **changes):
    return Attempt(
        reference=reference,
        invoice_number="169165",
        username="dupont",
        amount_cents=cents,
        receipt_email="dupont@example.org",
        created_at=NOON,
        **changes,
    )


def notice(code="00000", transaction="83", *, reference="AAAAAA-BBBBBB", cents=5700, **changes):
    numbers = {"transaction": transaction, "authorisation": "A1"} if code == "00000" else {}
    facts = {"reference": reference, "amount_cents": cents, "code": code, "call": f"7{transaction}"}
    return Notice(**facts, paid_on=date(2026, 6, 10), card_ending="44", **numbers, **changes)

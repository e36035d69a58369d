"""What the desk's verbs on money are tried with: a payment by card, made and heard of."""

from typing import Any

from chalicelib.domain.payment import Attempt
from chalicelib.portal import Portal
from tests.support.fakes.tasks import run_started
from tests.support.payments.bank import signing_bank
from tests.support.payments.paying import say

REFERENCE = "ABCDEF-GHIJKL-MNOPQR-STUVWX"


def started(portal: Portal, reference: str = REFERENCE, number: str = "169165", cents: int = 5700) -> str:
    attempt = Attempt(
        reference=reference,
        invoice_number=number,
        username="dupont",
        amount_cents=cents,
        receipt_email="dupont@example.org",
        created_at=portal.clock(),
    )
    assert portal.stores.payments.add(attempt)
    return reference


def paid(portal: Portal, reference: str = REFERENCE, **notice: Any) -> str:
    """An attempt that the bank accepted, and whose receipt has left."""
    started(portal, reference)
    assert say(signing_bank().notice(reference, **notice)).status == 200
    run_started(portal)
    return reference


def plain(text: str) -> str:
    return " ".join(text.split())

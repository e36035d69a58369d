"""What the desk's verbs on money are tried with: a payment by card, made and heard of."""

from chalicelib.domain.payment import Attempt
from tests.support.bank import signing_bank
from tests.support.paying import say

REFERENCE = "ABCDEF-GHIJKL-MNOPQR-STUVWX"


def started(portal, reference=REFERENCE, number="169165", cents=5700):
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


def paid(portal, reference=REFERENCE, **notice):
    """An attempt that the bank accepted, and whose receipt has left."""
    started(portal, reference)
    assert say(signing_bank().notice(reference, **notice)).status == 200
    portal.tasks.run()
    return reference


def plain(text):
    return " ".join(text.split())

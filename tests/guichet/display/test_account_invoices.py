"""What is said of each invoice of an account, whatever became of it."""

from datetime import date

import pytest

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.settlement import Settlement
from guichet.display.account_invoices import show_invoices
from tests.support.people import invoice


def shown(capsys, *rows):
    show_invoices(rows, [])
    return capsys.readouterr().out.replace("\u00a0", " ").strip()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "57,00 €, à payer 57,00 € avant le 24/06/2026"),
        ({"direct_debit": True}, "57,00 €, à payer 57,00 € prélevés le 24/06/2026"),
        ({"paid_cents": 5700}, "57,00 €, réglés 57,00 €"),
        ({"paid_cents": 5700, "surplus_cents": 100}, "57,00 €, réglés 57,00 €, en faveur de la famille 1,00 €"),
        ({"billed_cents": -1200}, "−12,00 €, avoir, en faveur de la famille 12,00 €"),
        ({"cancelled": True}, "57,00 €, annulée"),
        ({"cancelled": True, "surplus_cents": 300}, "57,00 €, annulée, en faveur de la famille 3,00 €"),
    ],
)
def test_an_invoice_says_what_was_paid_and_what_is_left(capsys, changes, said):
    row = invoice().summary.model_copy(update=changes)
    told = f"Facture n° 169165 du 01/06/2026, Restauration Scolaire Mai Juillet 2026 : {said}"
    assert shown(capsys, row) == told


def test_movements_of_an_invoice_that_was_purged_are_still_shown(capsys, booked):
    show_invoices([], [booked])
    out = capsys.readouterr().out.replace("\u00a0", " ")
    assert out.startswith("Facture n° 169165, qui n’est plus dans la liste du compte\n  ")
    assert "Règlement" in out


@pytest.fixture
def booked(clock):
    paid = Settlement(received_on=date(2026, 6, 9), number="169165", amount_cents=500, means="cheque")
    return LedgerEntry.settlement(invoice(), paid, booked_at=clock(), agent="camille")

"""What an invoice leaves to pay, who may see it, and when it leaves the history."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.invoice import NUMBER, InvoiceState, line_amount_cents, years_before
from tests.support.people import invoice


@pytest.mark.parametrize(
    ("changes", "balance", "payable"),
    [
        ({}, 5700, True),
        ({"paid_cents": 1700}, 4000, True),
        ({"paid_cents": 5700}, 0, False),
        ({"billed_cents": -1200}, 0, False),
        ({"billed_cents": 0}, 0, False),
        ({"direct_debit": True}, 5700, False),
        ({"state": InvoiceState.CANCELLED}, 0, False),
    ],
)
def test_balance_and_what_may_be_paid_online(changes, balance, payable):
    one = invoice(**changes)
    assert one.balance_cents == one.summary.balance_cents == balance
    assert one.summary.payable_online is payable


@pytest.mark.parametrize(
    ("issued_on", "shown"),
    [(date(2021, 6, 9), False), (date(2021, 6, 10), False), (date(2021, 6, 11), True), (date(2026, 6, 10), True)],
)
def test_history_is_five_years_from_the_issue_date(issued_on, shown):
    assert invoice(issued_on=issued_on).summary.in_history(date(2026, 6, 10)) is shown


def test_five_years_before_a_leap_day():
    assert years_before(date(2028, 2, 29), 5) == date(2023, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("quantity", "price", "amount"), [("12", 310, 3720), ("2.5", 33, 83), ("-2.5", 33, -83), ("0.1", 4, 0), ("1", 0, 0)]
)
def test_line_amount_rounds_half_up(quantity, price, amount):
    assert line_amount_cents(Decimal(quantity), price) == amount


@pytest.mark.parametrize(
    ("number", "good"), [("0016", True), ("A-1", True), ("", False), ("a" * 21, False), ("é", False)]
)
def test_invoice_numbers(number, good):
    assert bool(NUMBER.fullmatch(number)) is good

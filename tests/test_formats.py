"""How money, days, hours and sizes are written for a French family."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib import formats


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (5700, "57,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (123450, "1\u202f234,50\u00a0€"),
        (100000000, "1\u202f000\u202f000,00\u00a0€"),
        (-1200, "−12,00\u00a0€"),
        (0, "0,00\u00a0€"),
    ],
)
def test_euros(cents, written):
    assert formats.euros(cents) == written


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 6, 1), "1er\u00a0juin\u00a02026", "01/06/2026"),
        (date(2011, 6, 24), "24\u00a0juin\u00a02011", "24/06/2011"),
        (date(2026, 8, 31), "31\u00a0août\u00a02026", "31/08/2026"),
    ],
)
def test_days(day, long, short):
    assert (formats.long_day(day), formats.short_day(day)) == (long, short)


def test_hours_are_the_town_s():
    assert formats.hour(datetime(2026, 6, 10, 7, 5, tzinfo=UTC)) == "9\u00a0h\u00a005"
    assert formats.hour(datetime(2026, 12, 10, 7, 5, tzinfo=UTC)) == "8\u00a0h\u00a005"


@pytest.mark.parametrize(("value", "written"), [("12", "12"), ("2.50", "2,5"), ("100", "100"), ("0.25", "0,25")])
def test_quantities(value, written):
    assert formats.quantity(Decimal(value)) == written


@pytest.mark.parametrize(
    ("amount", "shown", "plain"),
    [
        ("2.85", "2,85 €", "2,85"),
        ("3", "3,00 €", "3,00"),
        ("3.125", "3,125 €", "3,125"),
        ("1234.5", "1\u202f234,50 €", "1234,50"),
        ("-0.0033", "−0,0033 €", "-0,0033"),
        ("0", "0,00 €", "0,00"),
    ],
)
def test_unit_prices_keep_the_decimals_that_they_have(amount, shown, plain):
    assert formats.price(Decimal(amount)) == shown.replace(" €", "\u00a0€")
    assert formats.plain_price(Decimal(amount)) == plain


@pytest.mark.parametrize(
    ("size_bytes", "written"), [(1, "1\u00a0Ko"), (27_300, "27\u00a0Ko"), (1_200_000, "1,2\u00a0Mo")]
)
def test_sizes(size_bytes, written):
    assert formats.size(size_bytes) == written


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("octobre 2026", (2026, 10)),
        ("Mai à juillet 2026", (2026, 7)),
        ("AOÛT 2026", (2026, 8)),
        ("de déc. 2026", None),
        ("Décembre 2026 – janvier 2027", (2027, 1)),
        ("10/2026", (2026, 10)),
        ("2026-03", (2026, 3)),
        ("trimestre 2", None),
        ("octobre", None),
        ("", None),
    ],
)
def test_the_month_that_a_period_names(text, month):
    assert formats.month_named(text) == (date(*month, 1) if month else None)

"""Cents are neither lost nor doubled: paid never above billed, the rest a surplus, whatever the order of movements."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ledger import EntryKind, LedgerEntry, agrees, card_key, total
from chalicelib.domain.position import Effect, Position, cancel, position, refund_effect, refundable_cents, settle

cents = st.integers(min_value=1, max_value=200_000)


def entry(applied, surplus=0, *, kind=EntryKind.CARD, key="card#A#83"):
    return LedgerEntry(
        key=key,
        kind=kind,
        invoice_number="169165",
        username="100001",
        applied_cents=applied,
        surplus_cents=surplus,
        counted_on=date(2026, 6, 24),
        booked_at=datetime(2026, 6, 24, 10, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("payable", "paid", "amount", "effect"),
    [
        (5700, 0, 5700, (5700, 0)),
        (5700, 2000, 3700, (3700, 0)),
        (5700, 2000, 5700, (3700, 2000)),
        (5700, 5700, 5700, (0, 5700)),
        (5700, 5699, 1, (1, 0)),
        (-1200, 0, 100, (0, 100)),
        (0, 0, 100, (0, 100)),
    ],
)
def test_money_fills_the_balance_and_the_rest_is_a_surplus(payable, paid, amount, effect):
    assert settle(payable, paid, amount) == effect


@pytest.mark.parametrize("amount", [0, -1])
def test_only_positive_amounts_come_in_or_go_out(amount):
    with pytest.raises(ValueError, match="positive"):
        settle(5700, 0, amount)
    with pytest.raises(ValueError, match="positive"):
        refund_effect(Position(5700, 0), amount)


@pytest.mark.parametrize(
    ("held", "amount", "effect"),
    [((5700, 1000), 400, (0, -400)), ((5700, 1000), 1500, (-500, -1000)), ((5700, 0), 5700, (-5700, 0))],
)
def test_a_refund_takes_the_surplus_first(held, amount, effect):
    assert refund_effect(Position(*held), amount) == effect


def test_a_refund_is_never_above_what_was_received():
    with pytest.raises(ValueError, match="never above"):
        refund_effect(Position(5700, 1000), 6701)
    with pytest.raises(ValueError, match="given back"):
        position(5700, -1)


@pytest.mark.parametrize(
    ("payment", "refunded", "held", "most"),
    [
        (5700, 0, (5700, 0), 5700),
        (5700, 2000, (3700, 0), 3700),
        (5700, 5700, (5700, 0), 0),
        (5700, 0, (1000, 0), 1000),
        (5700, 6000, (5700, 0), 0),
    ],
)
def test_what_may_still_be_given_back_of_one_payment(payment, refunded, held, most):
    assert refundable_cents(payment, refunded, Position(*held)) == most


def test_cancelling_an_invoice_turns_what_was_paid_into_a_surplus():
    assert cancel(Position(3700, 100)) == Effect(-3700, 3700)
    assert Position(3700, 100).plus(cancel(Position(3700, 100))) == Position(0, 3800)


def test_an_entry_is_what_came_in():
    assert entry(3700, 2000).amount_cents == 5700
    assert card_key("A", "83") != card_key("A", "84")


@pytest.mark.parametrize(
    ("stored", "entries", "agree"),
    [
        (Position(5700, 0), [(5700, 0)], True),
        (Position(5700, 5700), [(5700, 0), (0, 5700)], True),
        (Position(0, 0), [], True),
        (Position(5700, 0), [], False),
        (Position(0, 0), [(5700, 0)], False),
        (Position(5800, 0), [(5800, 0)], False),
        (Position(5600, 100), [(5600, 100)], False),
        (Position(-100, 0), [(-100, 0)], False),
    ],
)
def test_the_accounts_are_verified_against_their_entries(stored, entries, agree):
    assert agrees(5700, stored, [entry(*pair) for pair in entries]) is agree


def play(payable, movements):
    """Each movement as an entry: money in when positive, out (as far as there is any) when negative, None cancels."""
    entries = []
    for number, amount in enumerate(movements):
        held = total(entries)
        if amount is None:
            payable, effect = 0, cancel(held)
        elif amount > 0:
            effect = settle(payable, held.paid_cents, amount)
        elif -amount <= held.cash_cents:
            effect = refund_effect(held, -amount)
        else:
            continue
        entries.append(entry(*effect, key=str(number)))
    return payable, entries


@given(cents, st.lists(st.one_of(cents, cents.map(int.__neg__), st.none()), max_size=15))
def test_after_any_movements_the_accounts_agree_at_every_step(billed, movements):
    for length in range(len(movements) + 1):
        payable, entries = play(billed, movements[:length])
        held = total(entries)
        assert held == position(payable, held.cash_cents)
        assert agrees(payable, held, entries)


@given(cents, st.lists(cents, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_money_in_any_order_with_or_without_a_cancellation_ends_the_same(billed, amounts, dice):
    for story in (list(amounts), [*amounts, None]):
        straight = total(play(billed, story)[1])
        assert straight.cash_cents == sum(amounts)
        dice.shuffle(story)
        assert total(play(billed, story)[1]) == straight

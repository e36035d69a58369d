"""Cents are neither lost nor doubled: paid never above billed, the rest a surplus, whatever the order of movements."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry, card_key, entries_agree, total
from chalicelib.domain.position import Effect, Position, cancel, effect_of, position, refundable_cents
from chalicelib.domain.reversal import undone_keys
from tests.support.people import invoice

cents = st.integers(min_value=1, max_value=200_000)


def holding(paid, surplus=0, *, billed=5700, **facts):
    return invoice(billed_cents=billed, paid_cents=paid, surplus_cents=surplus, **facts)


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
    assert effect_of(holding(paid, max(0, paid - max(0, payable)), billed=payable), amount) == effect


@pytest.mark.parametrize("amount", [0, -1])
def test_only_positive_amounts_are_refunded_and_no_movement_is_of_zero(amount):
    facts = {"key": "refund#A#1", "counted_on": date(2026, 6, 24), "booked_at": datetime(2026, 6, 24, 10, tzinfo=UTC)}
    with pytest.raises(ValueError, match="positive"):
        LedgerEntry.refund(holding(5700), amount, **facts)
    with pytest.raises(ValueError, match="amount"):
        effect_of(holding(5700), 0)


@pytest.mark.parametrize(
    ("held", "amount", "effect"),
    [((5700, 1000), 400, (0, -400)), ((5700, 1000), 1500, (-500, -1000)), ((5700, 0), 5700, (-5700, 0))],
)
def test_a_refund_takes_the_surplus_first(held, amount, effect):
    assert effect_of(holding(*held), -amount) == effect


def test_a_refund_is_never_above_what_was_received():
    with pytest.raises(ValueError, match="given back"):
        effect_of(holding(5700, 1000), -6701)
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
    assert entries_agree(holding(*stored), total([entry(*pair) for pair in entries])) is agree


@pytest.mark.parametrize(
    ("cash", "expected"),
    [(0, (0, 0)), (-3000, (-3000, 0)), (-5000, (-5000, 0)), (700, (0, 700))],
)
def test_a_credit_note_is_used_down_to_its_amount_and_money_received_on_it_is_a_surplus(cash, expected):
    assert position(0, cash, credit_cents=5000) == expected
    with pytest.raises(ValueError, match="given back"):
        position(0, -5001, credit_cents=5000)


def test_the_credit_of_an_invoice_is_its_surplus_and_what_is_left_of_a_credit_note():
    note = holding(-2000, billed=-5000)
    assert (note.credit_cents, note.summary.credit_cents) == (3000, 3000)
    over = holding(5700, 400)
    assert (over.credit_cents, over.summary.credit_cents) == (400, 400)
    gone = holding(0, 0, billed=-5000, state=InvoiceState.CANCELLED)
    assert (gone.credit_cents, gone.summary.credit_cents) == (0, 0)
    assert entries_agree(note, Position(-2000, 0))
    assert not entries_agree(holding(-5100, billed=-5000), Position(-5100, 0))


def reversal(of):
    return entry(-5700, kind=EntryKind.REVERSAL, key=f"reversal#{of}").model_copy(update={"reverses": of})


def test_a_reversal_that_is_itself_undone_undoes_nothing():
    first, second, third = reversal("a"), reversal("reversal#a"), reversal("reversal#reversal#a")
    assert undone_keys([first]) == {"a"}
    assert undone_keys([first, second]) == {"reversal#a"}
    assert undone_keys([first, second, third]) == {"a", "reversal#reversal#a"}


def play(payable, movements):
    """Each movement as an entry: money in when positive, out (as far as there is any) when negative, None cancels."""
    entries = []
    for number, amount in enumerate(movements):
        held = total(entries)
        if amount is None:
            payable, effect = 0, cancel(held)
        elif amount > 0 or -amount <= held.cash_cents:
            effect = effect_of(holding(*held, billed=payable), amount)
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
        assert entries_agree(holding(*held, billed=payable), total(entries))


@given(cents, st.lists(cents, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_money_in_any_order_with_or_without_a_cancellation_ends_the_same(billed, amounts, dice):
    for story in (list(amounts), [*amounts, None]):
        straight = total(play(billed, story)[1])
        assert straight.cash_cents == sum(amounts)
        dice.shuffle(story)
        assert total(play(billed, story)[1]) == straight

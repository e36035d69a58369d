"""What each notice makes of an attempt: every code (manual V8.0, variable E), every rule, then random orders."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.bank_notice import close, dismiss, next_state, receive
from chalicelib.domain.ledger import card_key
from chalicelib.domain.payment import Alarm, Attempt, AttemptState, Notice
from chalicelib.domain.position import Position, effect_of
from tests.support.people import invoice

NOON = datetime(2026, 6, 24, 10, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
STARTED = Attempt(
    reference="A",
    invoice_number="169165",
    username="100001",
    amount_cents=5700,
    receipt_email="camille.dupont@example.org",
    created_at=NOON,
)

MOVING = [state for state in AttemptState if state not in {AttemptState.PAID, AttemptState.NEEDS_REVIEW}]
CODES = {
    "00000": AttemptState.PAID,
    "00117": AttemptState.CANCELLED,
    "00001": AttemptState.FAILED,
    "00105": AttemptState.REFUSED,
    "00100": AttemptState.REFUSED,
    "001A1": AttemptState.REFUSED,
    "001A4": AttemptState.REFUSED,
    "00004": AttemptState.REFUSED,
    "00008": AttemptState.REFUSED,
    "00021": AttemptState.REFUSED,
    "00006": AttemptState.FAILED,
    "00009": AttemptState.FAILED,
    "00010": AttemptState.FAILED,
    "00011": AttemptState.FAILED,
    "00015": AttemptState.PENDING,
    "00030": AttemptState.EXPIRED,
    "99999": AttemptState.PENDING,
    "12345": AttemptState.REFUSED,
    "0000": AttemptState.REFUSED,
    "000000": AttemptState.REFUSED,
    "": AttemptState.REFUSED,
}


def notice(code="00000", *, reference="A", cents=5700, transaction="83", authorisation="A1", call=""):
    numbers = {"transaction": transaction, "authorisation": authorisation, "call": call}
    return Notice(reference=reference, amount_cents=cents, code=code, **numbers)


def told(attempt, *notices, known_source=True, from_export=False):
    """The last decision after these notices, one after the other."""
    for one in notices:
        decision = receive(attempt, one, known_source=known_source, from_export=from_export, now=LATER)
        attempt = decision.attempt
    return decision


@pytest.mark.parametrize("state", MOVING)
@pytest.mark.parametrize(("code", "becomes"), CODES.items())
def test_each_code_moves_any_unpaid_attempt_as_the_manual_says(state, code, becomes):
    assert next_state(state, code) is becomes


@pytest.mark.parametrize("code", CODES)
def test_paid_is_the_end_and_held_waits_for_a_payment_or_the_regie(code):
    assert next_state(AttemptState.PAID, code) is AttemptState.PAID
    assert next_state(AttemptState.NEEDS_REVIEW, code) is (
        AttemptState.PAID if code == "00000" else AttemptState.NEEDS_REVIEW
    )


def test_the_first_acceptance_pays_books_and_is_the_moment_of_the_receipt():
    decision = told(STARTED, notice())
    assert (decision.books, decision.first, decision.alarm) == (True, True, None)
    paid = decision.attempt
    assert (paid.state, paid.paid_at, paid.notice, paid.version) == (AttemptState.PAID, LATER, notice(), 1)


def test_the_same_notice_again_changes_nothing():
    once = told(STARTED, notice())
    again = told(once.attempt, notice())
    assert again.attempt is once.attempt
    assert (again.books, again.first, again.alarm) == (False, False, None)


@pytest.mark.parametrize("before", ["00105", "00117", "00030", "00001", "99999", "00015", "00006"])
def test_an_acceptance_counts_after_anything_else(before):
    decision = told(STARTED, notice(before), notice())
    assert (decision.attempt.state, decision.books, decision.first) == (AttemptState.PAID, True, True)
    assert decision.attempt.alarms == ()


@pytest.mark.parametrize("code", ["00105", "00117", "00030", "00001", "99999", "00015", "00006"])
def test_nothing_undoes_a_payment(code):
    paid = told(STARTED, notice()).attempt
    later = told(paid, notice(code))
    assert (later.attempt.state, later.attempt.paid_at, later.books) == (AttemptState.PAID, paid.paid_at, False)


@pytest.mark.parametrize("before", [[], ["00105"], ["00000"]])
@pytest.mark.parametrize("code", ["00000", "00105"])
def test_another_amount_is_an_anomaly_and_settles_nothing(before, code):
    first = told(STARTED, *map(notice, before)).attempt if before else STARTED
    decision = told(first, notice(code, cents=5701, transaction="84"))
    held = code == "00000" and not first.paid
    state = AttemptState.NEEDS_REVIEW if held else first.state
    assert (decision.attempt.state, decision.books, decision.alarm) == (state, False, Alarm.AMOUNT_DIFFERS)
    assert decision.attempt.money_needs_review
    assert told(decision.attempt, notice(code, cents=5701, transaction="84")).alarm is None


def test_another_amount_that_was_debited_is_under_way_and_never_told_as_refused():
    refused = close(told(STARTED, notice("00105")).attempt, NOON + timedelta(days=1))
    assert refused.refusal_due
    held = told(refused, notice(cents=5701)).attempt
    assert held.under_way(NOON + timedelta(days=9))
    assert not held.refusal_due
    assert close(held, NOON + timedelta(days=9)) is held
    paid = told(held, notice()).attempt
    assert (paid.state, paid.alarms) == (AttemptState.PAID, (Alarm.AMOUNT_DIFFERS,))


def test_an_unknown_source_is_held_with_its_notice_and_believed_once_the_bank_confirms():
    held = told(STARTED, notice(), known_source=False)
    assert (held.attempt.state, held.books, held.alarm) == (AttemptState.NEEDS_REVIEW, False, Alarm.UNKNOWN_SOURCE)
    assert held.attempt.notice == notice()
    confirmed = told(held.attempt, notice())
    assert (confirmed.attempt.state, confirmed.books, confirmed.first) == (AttemptState.PAID, True, True)
    assert not confirmed.attempt.money_needs_review


def test_a_held_payment_is_not_hidden_by_refusals_from_anywhere():
    held = told(STARTED, notice(), known_source=False).attempt
    assert told(held, notice("00105")).attempt.state is AttemptState.NEEDS_REVIEW
    assert told(held, notice("00105"), known_source=False).attempt.notice == notice()


@pytest.mark.parametrize(("code", "held"), [("00105", False), ("00117", False), ("00006", False), ("99999", True)])
def test_an_unknown_source_holds_only_what_may_be_money(code, held):
    decision = told(STARTED, notice(code), known_source=False)
    assert (decision.attempt.state is AttemptState.NEEDS_REVIEW, decision.attempt is STARTED) == (held, not held)


def test_an_unknown_source_never_touches_a_paid_attempt_but_is_shown_when_it_speaks_of_money():
    paid = told(STARTED, notice()).attempt
    assert told(paid, notice("00105"), known_source=False).attempt is paid
    other = told(paid, notice(transaction="84"), known_source=False)
    assert (other.attempt.state, other.books, other.alarm) == (AttemptState.PAID, False, Alarm.UNKNOWN_SOURCE)


INCOMPLETE = [{"authorisation": ""}, {"transaction": ""}, {"transaction": "0"}, {"transaction": "8,1E+08"}]
"""What the bank's own message never lacks, with its call number or not."""


@pytest.mark.parametrize("call", ["", "783"])
@pytest.mark.parametrize("lacking", INCOMPLETE, ids=str)
def test_an_acceptance_without_the_numbers_of_a_payment_is_held_and_never_believed(lacking, call):
    held = told(STARTED, notice(**lacking, call=call))
    assert (held.attempt.state, held.books, held.first) == (AttemptState.NEEDS_REVIEW, False, False)
    assert (held.alarm, held.attempt.money_needs_review) == (Alarm.INCOMPLETE, True)
    again = told(held.attempt, notice(**lacking, call=call))
    assert (again.attempt, again.alarm) == (held.attempt, None), "a copy alerts once"


@pytest.mark.parametrize("lacking", INCOMPLETE, ids=str)
@pytest.mark.parametrize("from_export", [True, False])
def test_a_complete_notice_or_a_line_of_the_export_settles_what_was_held(lacking, from_export):
    held = told(STARTED, notice(**lacking)).attempt
    said = notice(authorisation="" if from_export else "A1")
    paid = told(held, said, from_export=from_export)
    assert (paid.attempt.state, paid.books, paid.first) == (AttemptState.PAID, True, True)
    assert (paid.attempt.notice, paid.attempt.alarms) == (said, ())
    assert told(paid.attempt, notice(**lacking)).attempt is paid.attempt, "and it is no second payment"


@pytest.mark.parametrize("numbers", [{"transaction": "83"}, {"transaction": "", "call": "783"}])
def test_a_line_of_the_export_needs_no_authorisation_but_a_number(numbers):
    assert told(STARTED, notice(**numbers, authorisation=""), from_export=True).books
    for nothing in ("", "0", "8,1E+08"):
        unnumbered = told(STARTED, notice(transaction=nothing, call=nothing), from_export=True)
        assert (unnumbered.books, unnumbered.alarm) == (False, Alarm.INCOMPLETE)


def test_an_incomplete_acceptance_of_another_payment_is_shown_on_a_paid_attempt_and_books_nothing():
    paid = told(STARTED, notice(call="783")).attempt
    other = told(paid, notice(transaction="84", call="784", authorisation=""))
    assert (other.attempt.state, other.books, other.alarm) == (AttemptState.PAID, False, Alarm.INCOMPLETE)
    assert other.attempt.notice == paid.notice


@pytest.mark.parametrize("code", ["00105", "00117", "99999", "00006", "00001"])
def test_what_is_no_acceptance_needs_no_number(code):
    bare = {"transaction": "", "authorisation": ""}
    assert told(STARTED, notice(code, **bare)).attempt == told(STARTED, notice(code)).attempt


def test_an_incomplete_acceptance_of_another_amount_or_from_elsewhere_is_told_as_that_first():
    bare = {"transaction": "", "authorisation": ""}
    assert told(STARTED, notice(**bare, cents=5701)).alarm is Alarm.AMOUNT_DIFFERS
    assert told(STARTED, notice(**bare), known_source=False).alarm is Alarm.UNKNOWN_SOURCE


def test_the_regie_dismisses_an_incomplete_acceptance_and_the_bank_may_still_confirm_it():
    dismissed = dismiss(told(STARTED, notice(authorisation="")).attempt, LATER)
    assert (dismissed.state, dismissed.alarms) == (AttemptState.FAILED, ())
    assert told(dismissed, notice()).first


def test_a_second_transaction_of_a_paid_attempt_is_booked_and_shown_without_a_second_receipt():
    paid = told(STARTED, notice()).attempt
    twice = told(paid, notice(transaction="84"))
    assert (twice.books, twice.first, twice.alarm) == (True, False, Alarm.PAID_TWICE)
    assert twice.attempt.notice == notice()
    assert told(twice.attempt, notice(transaction="84")).attempt is twice.attempt


@pytest.mark.parametrize("code", ["00006", "00009", "00010", "00011"])
def test_our_own_configuration_raises_an_alarm_but_no_reconciliation(code):
    decision = told(STARTED, notice(code))
    assert (decision.attempt.state, decision.alarm) == (AttemptState.FAILED, Alarm.CONFIGURATION)
    assert not decision.attempt.money_needs_review


def test_already_paid_for_the_bank_is_to_reconcile_and_not_told_as_unpaid():
    decision = told(STARTED, notice("00015"))
    assert (decision.attempt.state, decision.alarm) == (AttemptState.PENDING, Alarm.ALREADY_PAID)
    assert decision.attempt.money_needs_review


@pytest.mark.parametrize(
    ("code", "state"),
    [("", AttemptState.EXPIRED), ("00105", AttemptState.REFUSED), ("00117", AttemptState.CANCELLED)],
)
def test_a_dead_page_closes_what_is_unpaid_once(code, state):
    attempt = told(STARTED, notice(code)).attempt if code else STARTED
    assert close(attempt, NOON + timedelta(minutes=19)) is attempt
    closed = close(attempt, NOON + timedelta(minutes=20))
    assert (closed.state, closed.closed_at) == (state, NOON + timedelta(minutes=20))
    assert close(closed, NOON + timedelta(days=1)) is closed
    assert told(closed, notice()).first


@pytest.mark.parametrize("code", ["99999", "00015", "00000"])
def test_what_may_be_paid_is_never_closed(code):
    attempt = told(STARTED, notice(code)).attempt
    assert close(attempt, NOON + timedelta(days=30)) is attempt


def test_the_regie_dismisses_what_it_has_explained():
    held = told(STARTED, notice(), known_source=False).attempt
    assert (dismiss(held, LATER).state, dismiss(held, LATER).alarms) == (AttemptState.FAILED, ())
    twice = told(STARTED, notice(), notice(transaction="84")).attempt
    assert (dismiss(twice, LATER).state, dismiss(twice, LATER).money_needs_review) == (AttemptState.PAID, False)


class Books:
    """The smallest shop that obeys the decisions: attempts by reference, entries by key, receipts."""

    def __init__(self, references):
        self.attempts = {name: STARTED.model_copy(update={"reference": name}) for name in references}
        self.entries, self.receipts = {}, Counter()
        self.position = Position()

    def hear(self, one):
        decision = receive(self.attempts[one.reference], one, known_source=True, now=LATER)
        self.attempts[one.reference] = decision.attempt
        self.receipts[one.reference] += decision.first
        key = card_key(one.reference, one.transaction)
        if decision.books and key not in self.entries:
            held = {"paid_cents": self.position.paid_cents, "surplus_cents": self.position.surplus_cents}
            self.entries[key] = effect_of(invoice(billed_cents=5700, **held), one.amount_cents)
            self.position = self.position.plus(self.entries[key])


def ledger_after(notices):
    books = Books({one.reference for one in notices})
    for one in notices:
        books.hear(one)
        assert 0 <= books.position.paid_cents <= 5700
    paid = {name for name, attempt in books.attempts.items() if attempt.paid}
    assert set(books.receipts.elements()) == paid
    assert sum(books.receipts.values()) == len(paid)
    return books.position, paid, set(books.entries)


events = st.builds(
    notice,
    st.sampled_from(["00000", "00000", "00105", "00117", "00030", "99999", "00015", "00006", "001A1"]),
    reference=st.sampled_from("ABC"),
    transaction=st.sampled_from(["1", "2"]),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(events, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_notices_ends_in_one_ledger(notices, dice):
    expected = ledger_after(notices)
    accepted = {(one.reference, one.transaction) for one in notices if one.accepted}
    assert expected[0].cash_cents == 5700 * len(accepted)
    shuffled = [*notices, *dice.sample(notices, len(notices) // 2)]
    dice.shuffle(shuffled)
    assert ledger_after(shuffled) == expected


def test_a_thousand_random_orders_of_one_story_are_one_ledger():
    story = [notice("00105"), notice("00117"), notice(), notice(), notice("00030"), notice("99999")]
    story += [notice(reference="B", transaction="91"), notice("00105", reference="B"), notice("00001", reference="C")]
    dice = random.Random(57)  # noqa: S311 - orders to try, not secrets
    ends = {(position, *map(frozenset, rest)) for position, *rest in shuffles(story, dice)}
    assert ends == {(Position(5700, 5700), frozenset("AB"), frozenset({card_key("A", "83"), card_key("B", "91")}))}


def shuffles(story, dice):
    for _ in range(1000):
        dice.shuffle(story)
        yield ledger_after(story)

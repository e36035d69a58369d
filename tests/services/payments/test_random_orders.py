"""Random orders of notices, settlements, undos, offsets, refunds and closings end in the sums of a naive model."""

import random
from dataclasses import dataclass, field
from datetime import date

import pytest

from chalicelib.domain.card_payment.share import MOST_INVOICES, Share
from chalicelib.domain.ledger import EntryKind, entries_agree, total
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused, Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.close_day import DayToClose, close_day
from chalicelib.services.payments.import_settlements import ImportRules, import_settlements
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from chalicelib.services.payments.takings import moves_money
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

CLOCK = clock_at_noon()
DAY = date(2026, 6, 10)
BILLED = {"1": 5700, "2": 1200, "3": -1000}
"""Invoices that everything happens to; a payment of several has others beside."""

CARDS = {"A": ("1",), "B": ("2",), "C": ("1", "2")}
"""The attempts, with the invoices that each pays."""
SEEDS, FEWER_SEEDS, STEPS = 1000, 30, 12


@dataclass
class NaiveBooks:
    """What each invoice received less what it gave back (cents), by the identity of each movement."""

    billed: dict[str, int]
    moved: dict[tuple, tuple[str, int]] = field(default_factory=dict)
    undone: set[tuple] = field(default_factory=set)

    def cash(self, number):
        return sum(cents for of, cents in self.moved.values() if of == number)

    def lowest(self, number):
        return min(0, self.billed[number])

    def paid(self, number):
        return min(max(0, self.billed[number]), self.cash(number))

    def surplus(self, number):
        return self.cash(number) - self.paid(number)

    def credit(self, number):
        return self.surplus(number) + min(0, self.paid(number)) - self.lowest(number)

    def balance(self, number):
        return max(0, self.billed[number] - self.paid(number))


class Story:
    """Plays one movement after another in the services and in the model, and expects both to agree at each.

    `count`: the invoices that the attempt C pays, 2 or more.
    """

    def __init__(self, seed, count=2):
        self.dice = random.Random(seed)  # noqa: S311 - reproducible orders, not security
        more = [str(number) for number in range(4, 2 + count)]
        self.naive = NaiveBooks(BILLED | dict.fromkeys(more, 900))
        self.cards = CARDS | {"C": ("1", "2", *more)}
        self.closed = {}
        invoices = [invoice(number, billed_cents=cents, lines=()) for number, cents in self.naive.billed.items()]
        self.stores = memory_stores(invoices=invoices, attempts=map(self.attempt, self.cards))

    def attempt(self, name):
        numbers = self.cards[name]
        shares = tuple(Share(invoice_number=one, amount_cents=self.naive.billed[one]) for one in numbers)
        facts = {"invoice_number": numbers[0], "shares": shares if len(shares) > 1 else ()}
        return attempt(name, self.cents(name)).model_copy(update=facts)

    def cents(self, name):
        return sum(self.naive.billed[number] for number in self.cards[name])

    def play(self):
        money_in = [self.pay, self.hear] * 2
        self.dice.choice([*money_in, self.undo, self.offset, self.refund, self.give, self.close])()
        for day, cents in self.closed.items():
            counted = [one for one in self.stores.ledger.every() if one.counted_on == day and moves_money(one)]
            assert sum(one.amount_cents for one in counted) == cents == self.stores.closings.find(day).totals.net_cents
        for number in self.naive.billed:
            held = self.stores.invoices.items["dupont", number]
            assert (held.paid_cents, held.surplus_cents) == (self.naive.paid(number), self.naive.surplus(number))

    def certainly(self, act):
        """Do it although a write may fail before or after it is done: repeated, as an agent or the bank would."""
        writes = self.stores.writes
        place = writes.done + self.dice.randrange(3)
        writes.fail_at = {place: self.dice.choice(["before", "after"])} if self.dice.random() < 0.3 else {}
        for _ in range(4):
            try:
                return act()
            except Unavailable:
                continue
        raise AssertionError("still unavailable without a fault")

    def accepted(self, act):
        try:
            self.certainly(act)
        except MoneyRefused:
            return False
        return True

    def pay(self):
        number, cents, reference = self.dice.choice("123"), self.dice.choice([300, 1200]), self.dice.choice("789")
        line = Settlement(
            received_on=date(2026, 6, 9), number=number, amount_cents=cents, means="cheque", reference=f"00{reference}"
        )
        rules = ImportRules(anyway=True)
        self.certainly(
            lambda: import_settlements([(2, line)], stores=self.stores, clock=CLOCK, agent="camille", rules=rules)
        )
        self.naive.moved.setdefault(("cheque", number, cents, reference), (number, cents))

    def hear(self):
        name, transaction = self.dice.choice("ABC"), self.dice.choice(["83", "84"])
        one = notice(transaction=transaction, reference=name, cents=self.cents(name))
        self.certainly(lambda: settle_notice(one, known_source=True, stores=self.stores, clock=CLOCK))
        for number in self.cards[name]:
            self.naive.moved.setdefault(("card", name, number, transaction), (number, self.naive.billed[number]))

    def undo(self):
        cheques = [key for key in self.naive.moved if key[0] == "cheque"]
        if not cheques:
            return
        _, number, cents, reference = key = self.dice.choice(cheques)
        paid = [one for one in self.stores.ledger.of(number) if one.kind is EntryKind.OTHER]
        (entry,) = [one for one in paid if (one.reference, one.amount_cents) == (f"00{reference}", cents)]
        possible = key in self.naive.undone or self.naive.cash(number) - cents >= self.naive.lowest(number)
        name = movement_id(entry)
        done = self.accepted(
            lambda: undo_movement(number, name, reason="erreur", agent="camille", stores=self.stores, clock=CLOCK)
        )
        assert done is possible
        if done and key not in self.naive.undone:
            self.naive.undone.add(key)
            self.naive.moved[("undone", *key)] = (number, -cents)

    def offset(self):
        source, target = self.dice.sample("123", 2)
        cents = self.dice.choice([100, 400])
        key = ("offset", source, target, cents)
        known = (*key, "used") in self.naive.moved
        possible = known or 0 < cents <= min(self.naive.credit(source), self.naive.balance(target))
        asked = Offset(source, target, cents, DAY, "camille")
        assert self.accepted(lambda: offset_credit(asked, stores=self.stores, clock=CLOCK)) is possible
        if possible and not known:
            self.naive.moved[*key, "used"] = (source, -cents)
            self.naive.moved[*key, "paid"] = (target, cents)

    def refund(self):
        name, cents, operation = self.dice.choice("ABC"), self.dice.choice([200, 900]), self.dice.choice("56")
        number = self.dice.choice(self.cards[name])
        key = ("refund", name, number, operation)
        if not any(one[:2] == ("card", name) for one in self.naive.moved):
            return
        paid = sum(cents for one, (_, cents) in self.naive.moved.items() if one[:3] == ("card", name, number))
        back = -sum(cents for one, (_, cents) in self.naive.moved.items() if one[:3] == ("refund", name, number))
        known = self.naive.moved.get(key)
        elsewhere = any(one[0] == "refund" and one[1] != name and one[3] == operation for one in self.naive.moved)
        possible = known == (number, -cents) if known else cents <= min(paid - back, self.naive.cash(number))
        possible = possible and not elsewhere
        asked = Refund(name, cents, operation, agent="camille", invoice_number=number)
        assert self.accepted(lambda: refund(asked, stores=self.stores, clock=CLOCK)) is possible
        if possible:
            self.naive.moved[key] = (number, -cents)

    def close(self):
        day = self.dice.choice([date(2026, 6, 8), date(2026, 6, 9), DAY])
        first = self.stores.closings.opening()
        possible = first is None or day >= first
        asked = DayToClose(day, "camille", counted_cash_cents=0)
        assert self.accepted(lambda: close_day(asked, stores=self.stores, clock=CLOCK)) is possible
        if possible:
            counted = [one for one in self.stores.ledger.every() if one.counted_on == day and moves_money(one)]
            self.closed.setdefault(day, sum(one.amount_cents for one in counted))

    def give(self):
        number, cents, reference = self.dice.choice("123"), self.dice.choice([100, 700]), self.dice.choice("xy")
        key = ("return", number, reference)
        known = self.naive.moved.get(key)
        possible = known == (number, -cents) if known else cents <= self.naive.credit(number)
        asked = SurplusReturn(number, cents, "virement", reference, DAY, agent="camille")
        assert self.accepted(lambda: return_surplus(asked, stores=self.stores, clock=CLOCK)) is possible
        if possible:
            self.naive.moved[key] = (number, -cents)


@pytest.mark.parametrize("count", range(2, MOST_INVOICES + 1))
def test_random_orders_end_in_the_sums_of_a_naive_model_whatever_fails(count):
    """A thousand orders of payments of one invoice and of two, some of each number of invoices up to the most."""
    for seed in range(SEEDS if count == 2 else FEWER_SEEDS):
        story = Story(seed, count)
        for _ in range(STEPS):
            story.play()
        stores = story.stores
        for held in stores.invoices.every():
            assert entries_agree(held, total(stores.ledger.of(held.number))), seed
        found = audit(stores=stores)
        assert found.sound, seed

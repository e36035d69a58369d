"""Random orders of notices, settlements, undos, offsets, refunds and closings end in the sums of a naive model."""

import random
from dataclasses import dataclass, field
from datetime import date

import pytest

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
ATTEMPTS = {"A": "1", "B": "2"}
SEEDS, STEPS = 1000, 12


@dataclass
class NaiveBooks:
    """What each invoice received less what it gave back (cents), by the identity of each movement."""

    moved: dict[tuple, tuple[str, int]] = field(default_factory=dict)
    undone: set[tuple] = field(default_factory=set)

    def cash(self, number):
        return sum(cents for of, cents in self.moved.values() if of == number)

    def lowest(self, number):
        return min(0, BILLED[number])

    def paid(self, number):
        return min(max(0, BILLED[number]), self.cash(number))

    def surplus(self, number):
        return self.cash(number) - self.paid(number)

    def credit(self, number):
        return self.surplus(number) + min(0, self.paid(number)) - self.lowest(number)

    def balance(self, number):
        return max(0, BILLED[number] - self.paid(number))


class Story:
    """Plays one movement after another in the services and in the model, and expects both to agree at each."""

    def __init__(self, seed):
        self.dice, self.naive = random.Random(seed), NaiveBooks()  # noqa: S311 - reproducible orders, not security
        self.closed = {}
        invoices = [invoice(number, billed_cents=cents, lines=()) for number, cents in BILLED.items()]
        attempts = [
            attempt(name, BILLED[of]).model_copy(update={"invoice_number": of}) for name, of in ATTEMPTS.items()
        ]
        self.stores = memory_stores(invoices=invoices, attempts=attempts)

    def play(self):
        money_in = [self.pay, self.hear] * 2
        self.dice.choice([*money_in, self.undo, self.offset, self.refund, self.give, self.close])()
        for day, cents in self.closed.items():
            counted = [one for one in self.stores.ledger.every() if one.counted_on == day and moves_money(one)]
            assert sum(one.amount_cents for one in counted) == cents == self.stores.closings.find(day).totals.net_cents
        for number in BILLED:
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
        name, transaction = self.dice.choice("AB"), self.dice.choice(["83", "84"])
        cents = BILLED[ATTEMPTS[name]]
        one = notice(transaction=transaction, reference=name, cents=cents)
        self.certainly(lambda: settle_notice(one, known_source=True, stores=self.stores, clock=CLOCK))
        self.naive.moved.setdefault(("card", name, transaction), (ATTEMPTS[name], cents))

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
        name, cents, operation = self.dice.choice("AB"), self.dice.choice([200, 900]), self.dice.choice("56")
        number, key = ATTEMPTS[name], ("refund", name, operation)
        if not any(one[:2] == ("card", name) for one in self.naive.moved):
            return
        paid = sum(cents for one, (_, cents) in self.naive.moved.items() if one[:2] == ("card", name))
        back = -sum(cents for one, (_, cents) in self.naive.moved.items() if one[:2] == ("refund", name))
        known = self.naive.moved.get(key)
        elsewhere = any(one[0] == "refund" and one[1] != name and one[2] == operation for one in self.naive.moved)
        possible = known == (number, -cents) if known else cents <= min(paid - back, self.naive.cash(number))
        possible = possible and not elsewhere
        asked = Refund(name, cents, operation, agent="camille")
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


@pytest.mark.parametrize("block", range(10))
def test_random_orders_end_in_the_sums_of_a_naive_model_whatever_fails(block):
    for seed in range(block * SEEDS // 10, (block + 1) * SEEDS // 10):
        story = Story(seed)
        for _ in range(STEPS):
            story.play()
        stores = story.stores
        for held in stores.invoices.every():
            assert entries_agree(held, total(stores.ledger.of(held.number))), seed
        found = audit(stores=stores)
        assert found.sound, seed

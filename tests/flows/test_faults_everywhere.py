"""One fault at each AWS call of what matters most: one effect after one honest repetition, and nothing half done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.ledger import entries_agree, total
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import Unavailable
from chalicelib.services.authentication.counts import account_count
from chalicelib.services.billing.import_run import import_run
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.payments.close_day import DayToClose, close_day, closing_key, keep_closing_document
from chalicelib.services.payments.direct_debit import set_direct_debit
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.quittances import keep_quittance, quittance_key, quittance_of
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.settle_at_counter import settle_at_counter
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.flows.test_contact_details import NEW, ask_new_email
from tests.handlers.tasks.test_payments import look_after
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.emulated import empty
from tests.support.files import billing_file
from tests.support.letterbox import link_paths, mails
from tests.support.one_fault import kinds_of, one_fault
from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, started
from tests.support.payments.paying import say
from tests.support.payments.payment_events import several
from tests.support.people import PASSWORD, add_invoices, add_people, invoice

DAY = date(2026, 6, 10)
CASH = Settlement(received_on=DAY, number="169165", amount_cents=6000, means="especes")


@dataclass(frozen=True)
class Flow:
    """`prepare` returns what `run` starts from; `run` raises Unavailable when it says so; `effect` is what is left."""

    prepare: Callable[[Any], Any]
    run: Callable[[Any, Any], object]
    effect: Callable[[Any, Any], object]


def answered(response, unavailable=503):
    """The response was done (200, 303), or says that it is unavailable; anything else is no answer to give."""
    if response.status == unavailable:
        raise Unavailable(response.text)
    assert response.status in (200, 303), response.status


def account(portal):
    return portal.stores.accounts.find("dupont")


def figures(portal, number="169165"):
    held = portal.stores.invoices.find("dupont", number)
    return held.paid_cents, held.surplus_cents, len(portal.stores.ledger.of(number))


def signed_in(portal):
    browser = Browser()
    answered(browser.sign_in())
    return browser


def failures(portal):
    return portal.stores.attempts.read([account_count("dupont")])[0].failures


def ask_for_email(portal, browser):
    answered(browser.get("/coordonnees"))
    answered(browser.post("/coordonnees", courriel=NEW, mot_de_passe=PASSWORD))


def confirmed(path):
    """Follow a confirmation link and press its button. Returns whether it still served."""
    browser = Browser()
    for step in (lambda: browser.get(path), lambda: browser.post("/coordonnees/confirmation")):
        page = step()
        if page.status == 410:
            return False
        answered(page)
    return True


def confirm_or_ask_again(portal, path):
    """The family follows its link; told that it can no longer serve, it looks at its address and asks anew."""
    if not confirmed(path) and account(portal).email != NEW:
        assert confirmed(ask_new_email(portal, signed_in(portal)))


def mailed_link_works(portal, browser):
    """The address that is used once the last mailed link was followed."""
    portal.tasks.run()
    assert confirmed(next(path for mail in reversed(mails()) if mail.to == NEW for path in link_paths(mail)))
    return account(portal).email


def notice_then_clock(portal, raw):
    """What is booked and mailed, once the clock has settled what waited."""
    portal.clock.advance(minutes=20)
    look_after(portal)
    portal.tasks.run()
    return figures(portal), portal.stores.payments.find(REFERENCE).state, len(mails())


def notice_of_several(count):
    """The flow of the notice of a payment of several invoices: an entry each, one attempt, one mail."""

    def prepare(portal):
        invoices, paying = several(count, REFERENCE)
        add_invoices(portal, *invoices[1:])
        assert portal.stores.payments.add(paying)
        return signing_bank().notice(REFERENCE, cents=paying.amount_cents)

    def effect(portal, raw):
        _, paying = several(count, REFERENCE)
        return notice_then_clock(portal, raw), [figures(portal, number) for number in paying.invoice_numbers]

    return Flow(prepare, lambda portal, raw: answered(say(raw), unavailable=500), effect)


def two_to_pay(portal):
    add_invoices(portal, invoice("180000"))
    return signed_in(portal)


def start_both(portal, browser):
    answered(browser.get("/paiement"))
    answered(browser.post("/paiement", courriel_recu="dupont@example.org"))


def started_whole(portal, browser):
    """Each attempt that was stored is found from both invoices."""
    found = [{one.reference for one in portal.stores.payments.of_invoice(number)} for number in ("169165", "180000")]
    assert found[0] == found[1] == {one.reference for one in portal.stores.payments.every()}
    return len(found[0]) > 0


def deposit(portal, file):
    return import_run(file, by="camille", stores=portal.stores, clock=portal.clock).run


def runs(portal, _=None):
    """Each run: its state, its day, its figures, its events once each, its invoices and its numbers."""
    return [
        (run.state, run.publish_on, run.figures, sorted({event.event for event in run.trace}),
         portal.stores.invoices.count_in_run(run.run), portal.stores.invoices.owners(["501", "502"]))
        for run in portal.stores.runs.every()
    ]  # fmt: skip


def settle(portal, settlement):
    (line,) = import_settlements([(2, settlement)], stores=portal.stores, clock=portal.clock, agent="camille").lines
    assert line.outcome in ("BOOKED", "KNOWN")


def paid_by_cheque(portal):
    settle(portal, Settlement(received_on=DAY, number="169165", amount_cents=6000, means="cheque", reference="C 1"))
    (entry,) = portal.stores.ledger.of("169165")
    return movement_id(entry)


def undo(portal, movement):
    undo_movement("169165", movement, reason="impaye", agent="camille", stores=portal.stores, clock=portal.clock)


def with_surplus_and_another_invoice(portal):
    paid_by_cheque(portal)
    add_invoices(portal, invoice("180000"))


def offset(portal, _):
    asked = Offset("169165", "180000", 200, DAY, "camille")
    offset_credit(asked, stores=portal.stores, clock=portal.clock)


def give_back(portal, _):
    refund(Refund(REFERENCE, 1000, "900", agent="camille"), stores=portal.stores, clock=portal.clock)


def refunded(portal, _):
    attempt = portal.stores.payments.find(REFERENCE)
    return figures(portal), attempt.refunded_cents, total(portal.stores.ledger.of("169165"))


def settle_and_print(portal, settlement):
    done = settle_at_counter(settlement, stores=portal.stores, clock=portal.clock, agent="camille")
    quittance = quittance_of(done.line.entry, stores=portal.stores)
    keep_quittance(quittance, draw=lambda one: str(one).encode(), documents=portal.stores.documents)


def quittances(portal, _):
    numbers = [entry.quittance for entry in portal.stores.ledger.of("169165")]
    return figures(portal), numbers, portal.stores.quittances.last(), portal.stores.documents.read(quittance_key(1))


def close(portal, settlement):
    closing = close_day(DayToClose(DAY, "camille", 6000), stores=portal.stores, clock=portal.clock).closing
    keep_closing_document(closing, draw=lambda one: str(one).encode(), documents=portal.stores.documents)


def closed_day(portal, _):
    return (
        portal.stores.closings.find(DAY),
        portal.stores.closings.last(),
        portal.stores.documents.read(closing_key(DAY)),
    )


def closed_before(portal):
    close(portal, None)
    return signing_bank().notice(started(portal))


def late_notice(portal, raw):
    days = [(entry.counted_on, entry.received_on) for entry in portal.stores.ledger.of("169165")]
    return days, notice_then_clock(portal, raw), closed_day(portal, raw)


def publish(portal, run):
    publish_run(run, DAY, by="camille", stores=portal.stores, clock=portal.clock)


FLOWS = {
    "a sign-in": Flow(
        lambda portal: Browser(),
        lambda portal, browser: answered(browser.sign_in()),
        lambda portal, browser: (browser.get("/factures").status, failures(portal)),
    ),
    "a new e-mail asked for": Flow(signed_in, ask_for_email, mailed_link_works),
    "a new e-mail confirmed": Flow(
        lambda portal: ask_new_email(portal, signed_in(portal)),
        confirm_or_ask_again,
        lambda portal, path: account(portal).email,
    ),
    "a payment's notice": Flow(
        lambda portal: signing_bank().notice(started(portal)),
        lambda portal, raw: answered(say(raw), unavailable=500),
        notice_then_clock,
    ),
    "a payment of two invoices started": Flow(two_to_pay, start_both, started_whole),
    "the notice of a payment of two invoices": notice_of_several(2),
    "the notice of a payment of twenty invoices": notice_of_several(20),
    "a billing file": Flow(lambda portal: billing_file(invoice("501"), invoice("502")), deposit, runs),
    "a settlement": Flow(
        lambda portal: Settlement(received_on=DAY, number="169165", amount_cents=6000, means="cheque", reference="C 1"),
        settle,
        lambda portal, _: figures(portal),
    ),
    "an undone settlement": Flow(paid_by_cheque, undo, lambda portal, _: figures(portal)),
    "an offset": Flow(
        with_surplus_and_another_invoice, offset, lambda portal, _: (figures(portal), figures(portal, "180000"))
    ),
    "a stopped direct debit": Flow(
        lambda portal: add_invoices(portal, invoice("180000", direct_debit=True)),
        lambda portal, _: set_direct_debit("180000", False, stores=portal.stores),
        lambda portal, _: portal.stores.invoices.find("dupont", "180000").direct_debit,
    ),
    "a settlement at the counter": Flow(
        lambda portal: Settlement(received_on=DAY, number="169165", amount_cents=6000, means="cheque", reference="C 1"),
        settle_and_print,
        quittances,
    ),
    "a day's closing": Flow(lambda portal: settle_and_print(portal, CASH), close, closed_day),
    "a payment's notice of a closed day": Flow(
        closed_before, lambda portal, raw: answered(say(raw), unavailable=500), late_notice
    ),
    "a refund": Flow(paid, give_back, refunded),
    "a run's publication": Flow(
        lambda portal: deposit(portal, billing_file(invoice("501"), invoice("502"))).run, publish, runs
    ),
}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("chalicelib.store.retry.random", SimpleNamespace(uniform=lambda low, high: 0))


def books_agree(portal):
    """Whether each invoice's figures are the sum of its entries, and its row says the same."""
    for one in portal.stores.invoices.every():
        rows = {row.number: row.paid_cents for row in portal.stores.summaries.find(one.username)}
        agree = entries_agree(one, total(portal.stores.ledger.of(one.number)))
        if not agree or (one.visible and rows[one.number] != one.paid_cents):
            return False
    return True


def prepared(portal, flow):
    """The emptied portal again, as the flow finds it."""
    empty()
    add_people(portal)
    portal.tasks.started.clear()
    portal.clock.now = portal.clock.now.replace(hour=9, minute=0)
    return flow.prepare(portal)


def disturbed(portal, flow, place, kind):
    """The effect of the flow, run again once when it said that it was unavailable."""
    start = prepared(portal, flow)
    try:
        with one_fault(portal.clients, place, kind) as called:
            flow.run(portal, start)
    except Unavailable:
        assert books_agree(portal)
        flow.run(portal, start)
    assert len(called) > place
    assert books_agree(portal)
    return flow.effect(portal, start)


@pytest.mark.parametrize("name", FLOWS)
def test_one_fault_at_any_call_ends_in_one_effect(portal, name):
    flow = FLOWS[name]
    start = prepared(portal, flow)
    with counted_calls(portal) as calls, one_fault(portal.clients) as operations:
        flow.run(portal, start)
    assert sum(calls.values()) == len(operations)
    wanted, ended = flow.effect(portal, start), {}
    for place, operation in enumerate(operations):
        for kind in kinds_of(operation):
            try:
                ended[f"{place}, {operation}, {kind}"] = disturbed(portal, flow, place, kind)
            except Exception as failure:
                ended[f"{place}, {operation}, {kind}"] = repr(failure)
    assert {where: end for where, end in ended.items() if end != wanted} == {}

"""Settlements of a file: each booked once, what resembles another held back, returns and credit notes understood."""

from datetime import date

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry, total
from chalicelib.domain.settlement import Settlement
from chalicelib.payment.form import archive_reference
from chalicelib.services.payments.import_settlements import ImportRules, import_settlements
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.settlement_outcome import WRITTEN, LineOutcome
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

CLOCK = clock_at_noon()
OTHER = invoice("169167", billed_cents=1200)
NOTE = invoice("169170", billed_cents=-1000, lines=())
STRICT, ANYWAY = ImportRules(), ImportRules(anyway=True)


def till_with(*said, **changes):
    """A stores with one attempt, and what the bank said of it."""
    stores = memory_stores(invoices=[invoice(**changes), OTHER, NOTE], attempts=[attempt()])
    for one in said:
        settle_notice(one, known_source=True, stores=stores, clock=CLOCK)
    return stores


def figures(stores, number="169165"):
    held = stores.invoices.items["dupont", number]
    assert total(stores.ledger.of(number)) == (held.paid_cents - held.opening_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def taken_in(stores, *settlements, dry_run=False, rules=STRICT):
    lines = list(enumerate(settlements, 2))
    return import_settlements(lines, stores=stores, clock=CLOCK, agent="camille", dry_run=dry_run, rules=rules)


def outcomes(stores, *settlements, **options):
    return [line.outcome for line in taken_in(stores, *settlements, **options).lines]


def money(cents=5700, number="169165", means="cheque", reference="", day=9, received_on=None):
    return Settlement(
        received_on=received_on or date(2026, 6, day),
        number=number,
        amount_cents=cents,
        means=means,
        reference=reference,
    )


def test_money_from_a_file_moves_the_invoice_once():
    stores = till_with()
    cheque, cash = money(2000, reference="CHQ 12"), money(3700, means="especes")
    assert [line.outcome for line in taken_in(stores, cheque, cash).lines] == [LineOutcome.BOOKED] * 2
    assert figures(stores) == (5700, 0)
    assert [line.outcome for line in taken_in(stores, cheque, cash).lines] == [LineOutcome.KNOWN] * 2
    assert figures(stores) == (5700, 0)
    assert {entry.kind for entry in stores.ledger.of("169165")} == {EntryKind.OTHER}


def test_money_above_the_balance_is_a_surplus_and_is_told():
    outcome = taken_in(stores := till_with(), money(6000), money(50, number="169167"))
    assert [(line.line, line.surplus_cents) for line in outcome.surplus] == [(2, 300)]
    assert figures(stores) == (5700, 300)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB"), "83", "783"])
def test_line_that_carries_a_known_paybox_reference_is_already_known(reference):
    stores = till_with(notice())
    (line,) = taken_in(stores, money(means="CB internet", reference=reference)).lines
    assert line.outcome is LineOutcome.KNOWN_BY_CARD
    assert figures(stores) == (5700, 0)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB")])
def test_line_of_a_card_payment_that_the_bank_has_not_confirmed_is_refused(reference):
    (line,) = taken_in(stores := till_with(), money(reference=reference)).refused
    assert line.outcome is LineOutcome.CARD_NOT_SETTLED
    assert figures(stores) == (0, 0)


@pytest.mark.parametrize("line", [money(5600, reference="83"), money(1200, "169167", reference="AAAAAA-BBBBBB")])
def test_line_that_disagrees_with_its_card_payment_is_refused(line):
    assert [one.outcome for one in taken_in(till_with(notice()), line).refused] == [LineOutcome.CARD_DIFFERS]


def test_money_of_tomorrow_is_refused():
    assert [one.outcome for one in taken_in(till_with(), money(day=10), money(day=11)).refused] == [LineOutcome.FUTURE]


def test_same_line_written_in_other_letters_is_known():
    stores = till_with()
    taken_in(stores, money(2000, reference="chq 12"))
    (line,) = taken_in(stores, money(2000, means="virement", reference="CHQ\u00a00012")).lines
    assert line.outcome is LineOutcome.KNOWN


def test_lines_that_name_no_invoice_are_refused_alone():
    stores = till_with(state=InvoiceState.PREPARED)
    outcome = taken_in(stores, money(), money(number="999999"), money(100, number="169167"))
    assert [line.outcome for line in outcome.lines] == [
        LineOutcome.NOT_ISSUED,
        LineOutcome.NO_INVOICE,
        LineOutcome.BOOKED,
    ]
    assert outcome.cents(WRITTEN) == 100


def test_dry_run_foresees_the_surplus_of_two_lines_and_writes_nothing():
    stores = till_with()
    outcome = taken_in(stores, money(5000), money(1000, means="espèces"), dry_run=True)
    assert [line.surplus_cents for line in outcome.lines] == [0, 300]
    assert stores.writes.done == 0


def booked_by_earlier_version(settlement):
    """An entry as versions wrote it that kept the method's free text, under a key of another kind."""
    return LedgerEntry(
        key="other#2026-06-09#a8376f8555a2e603a80b58bf",
        kind=EntryKind.OTHER,
        invoice_number=settlement.number,
        username="dupont",
        applied_cents=settlement.amount_cents,
        surplus_cents=0,
        counted_on=settlement.received_on,
        booked_at=CLOCK(),
        means="Chèque n° 12",
        reference="CHQ 0012",
    )


def test_what_an_earlier_version_booked_is_known_by_its_fields():
    stores = till_with(paid_cents=2000)
    entry = booked_by_earlier_version(money(2000))
    stores.ledger.items["169165", entry.key] = entry
    assert outcomes(stores, money(2000, reference="chq-12")) == [LineOutcome.KNOWN]
    assert figures(stores) == (2000, 0)


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("reference", ["", "13"])
def test_what_resembles_another_is_held_back_until_it_is_asked_for(dry_run, reference):
    stores = till_with()
    lines = (money(1000, reference="12"), money(1000, reference=reference))
    assert outcomes(stores, *lines, dry_run=dry_run) == [LineOutcome.BOOKED, LineOutcome.ALIKE]
    if dry_run:
        assert stores.writes.done == 0
        return
    held = taken_in(stores, *lines).held
    assert [(one.line, [entry.reference for entry in one.alike]) for one in held] == [(3, ["12"])]
    assert outcomes(stores, *lines, rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.BOOKED]
    assert outcomes(stores, *lines, rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.KNOWN]
    assert figures(stores) == (2000, 0)


def test_of_equal_lines_without_reference_the_nth_is_known_as_the_nth():
    stores, three = till_with(), [money(1000, means="especes")] * 3
    assert outcomes(stores, *three) == [LineOutcome.BOOKED, LineOutcome.ALIKE, LineOutcome.ALIKE]
    assert outcomes(stores, *three[:2], rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.BOOKED]
    assert outcomes(stores, *three) == [LineOutcome.KNOWN, LineOutcome.KNOWN, LineOutcome.ALIKE]
    assert outcomes(stores, *three, rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.KNOWN, LineOutcome.BOOKED]
    assert outcomes(stores, *three, rules=ANYWAY) == [LineOutcome.KNOWN] * 3
    assert figures(stores) == (3000, 0)


def test_a_card_payment_of_the_same_day_and_amount_is_a_resemblance():
    stores = till_with(notice())
    assert outcomes(stores, money(5700, means="carte", reference="TPE 4", day=10)) == [LineOutcome.ALIKE]


@pytest.mark.parametrize("typed", ["aaaaaa bbbbbb", "AAAAAABBBBBB", "0083"])
def test_a_card_reference_is_known_however_it_is_typed(typed):
    assert outcomes(till_with(notice()), money(reference=typed)) == [LineOutcome.KNOWN_BY_CARD]


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(date(2026, 5, 31), LineOutcome.BEFORE_INVOICE), (date(2025, 6, 9), LineOutcome.OVER_A_YEAR)],
)
def test_an_odd_day_is_held_back_unless_asked_for_or_taken_over(day, outcome):
    line = money(1000, received_on=day)
    stores = till_with(issued_on=date(2026, 6, 1) if day.year == 2026 else date(2025, 6, 1))
    assert outcomes(stores, line) == [outcome]
    assert outcomes(stores, line, rules=ImportRules(takeover=True), dry_run=True) == [LineOutcome.BOOKED]
    assert outcomes(stores, line, rules=ANYWAY) == [LineOutcome.BOOKED]
    assert outcomes(stores, line) == [LineOutcome.KNOWN]


@pytest.mark.parametrize("reference", ["P1", "p-1", "P1R"])
def test_a_negative_line_takes_the_settlement_back_once(reference):
    stores = till_with()
    paid, back = money(5700, means="prelevement", reference="P1"), money(-5700, means="rejet", reference=reference)
    assert outcomes(stores, paid, back) == [LineOutcome.BOOKED, LineOutcome.UNDONE]
    assert figures(stores) == (0, 0)
    (again, back_again) = taken_in(stores, paid, back, rules=ANYWAY).lines
    assert (again.outcome, again.undone) == (LineOutcome.KNOWN, True)
    assert back_again.outcome is LineOutcome.KNOWN
    assert figures(stores) == (0, 0)
    assert {entry.kind for entry in stores.ledger.of("169165")} == {EntryKind.OTHER, EntryKind.REVERSAL}


def test_a_refused_direct_debit_makes_the_invoice_payable_by_card():
    stores = till_with(direct_debit=True)
    taken_in(stores, money(means="prelevement", reference="P1"), money(-5700, means="rejet", reference="P1R"))
    stored = stores.invoices.items["dupont", "169165"]
    assert (stored.direct_debit, stored.balance_cents) == (False, 5700)
    assert stores.summaries.find("dupont")[-1].number == "169165"
    assert [row.payable_online for row in stores.summaries.find("dupont") if row.number == "169165"] == [True]


def test_a_negative_line_that_names_none_or_several_is_held_back():
    stores = till_with()
    taken_in(stores, money(1000, reference="P1"), money(1000, reference="P1", day=8))
    lines = (money(-1000, reference="P1R"), money(-1000, reference="P12"), money(-900, reference="P1"))
    found = [LineOutcome.SEVERAL_TO_UNDO, LineOutcome.NONE_TO_UNDO, LineOutcome.NONE_TO_UNDO]
    assert outcomes(stores, *lines) == found
    assert outcomes(stores, *lines, rules=ANYWAY) == found
    assert figures(stores) == (2000, 0)


def test_the_longest_reference_that_begins_a_return_is_taken_back_and_no_later_settlement():
    stores = till_with()
    taken_in(stores, money(1000, reference="B"), money(1000, reference="B12"), rules=ANYWAY)
    (early,) = taken_in(stores, money(-1000, reference="B12R", day=8)).held
    assert early.outcome is LineOutcome.NONE_TO_UNDO
    (line,) = taken_in(stores, money(-1000, reference="B12R")).lines
    assert [entry.reference for entry in line.alike] == ["B12"]


def test_the_same_reference_and_amount_on_another_day_is_booked_and_told():
    stores = till_with()
    taken_in(stores, money(1000, reference="77", day=8))
    (line,) = taken_in(stores, money(1000, reference="0077")).lines
    assert (line.outcome, [entry.reference for entry in line.alike]) == (LineOutcome.BOOKED, ["77"])


def test_a_wrong_number_of_credit_note_uses_no_other_one():
    stores = till_with()
    assert outcomes(stores, money(500, means="avoir", reference="AV9")) == [LineOutcome.NO_CREDIT]
    assert figures(stores, "169170") == (0, 0)


def test_two_equal_uses_of_a_credit_note_are_booked_when_asked_for_and_end():
    stores = till_with()
    twice = [money(200, means="avoir")] * 2
    assert outcomes(stores, *twice) == [LineOutcome.OFFSET, LineOutcome.ALIKE]
    assert outcomes(stores, *twice, rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.OFFSET]
    assert outcomes(stores, *twice, rules=ANYWAY) == [LineOutcome.KNOWN, LineOutcome.KNOWN]
    assert figures(stores, "169170") == (-400, 0)


def test_a_return_undone_and_typed_again_takes_the_settlement_back_again():
    stores = till_with()
    taken_in(stores, money(1000, reference="P1"), money(-1000, reference="P1R"))
    (back,) = [entry for entry in stores.ledger.of("169165") if entry.kind is EntryKind.REVERSAL]
    undo_movement("169165", movement_id(back), reason="erreur", agent="sasha", stores=stores, clock=CLOCK)
    assert figures(stores) == (1000, 0)
    assert outcomes(stores, money(-1000, reference="P1R2"), dry_run=True, rules=ANYWAY) == [LineOutcome.UNDONE]
    assert outcomes(stores, money(-1000, reference="P1R2"), rules=ANYWAY) == [LineOutcome.UNDONE]
    assert figures(stores) == (0, 0)


def test_a_negative_line_never_takes_a_card_payment_back():
    for reference in ("83", "83R", "AAAAAA-BBBBBB R"):
        assert outcomes(till_with(notice()), money(-5700, reference=reference)) == [LineOutcome.CARD_REFUND]


def test_a_return_has_a_negative_amount():
    assert outcomes(till_with(), money(5700, means="rejet de prélèvement")) == [LineOutcome.WRONG_SIGN]


@pytest.mark.parametrize("reference", ["169170", ""])
def test_a_line_avoir_uses_the_credit_note_and_is_no_money(reference):
    stores = till_with()
    line = money(1000, means="avoir", reference=reference)
    (booked,) = taken_in(stores, line).lines
    assert (booked.outcome, booked.source) == (LineOutcome.OFFSET, "169170")
    assert (figures(stores), figures(stores, "169170")) == ((1000, 0), (-1000, 0))
    assert outcomes(stores, line) == [LineOutcome.KNOWN]
    assert {entry.kind for entry in stores.ledger.every()} == {EntryKind.OFFSET}
    assert outcomes(stores, money(1, means="report")) == [LineOutcome.NO_CREDIT]


def test_one_reference_on_two_invoices_is_told_and_booked():
    stores = till_with()
    first = taken_in(stores, money(1000, reference="77")).lines
    assert first[0].same_reference_on == ()
    (line,) = taken_in(stores, money(1200, number="169167", reference="0077")).lines
    assert (line.outcome, line.same_reference_on) == (LineOutcome.BOOKED, ("169165",))
    both = taken_in(till_with(), money(1000, reference="77"), money(1200, number="169167", reference="77")).lines
    assert [line.same_reference_on for line in both] == [(), ("169165",)]

"""A billing file becomes a run to check: unseen, counted, compared, told line by line, and the same one twice."""

import pytest

from chalicelib.domain.billing_run import BillingRun, RunKind, RunState
from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import RunRefused, Unavailable
from chalicelib.importing import cells, invoices
from chalicelib.importing.invoices import read_invoices
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.services.billing.import_run import DirectImport, import_run
from chalicelib.services.billing.publish_run import discard_bad_lines
from chalicelib.store.bucket import FILE, REPORT
from tests.support.fakes.stores import memory_stores
from tests.support.files import billing_file, content_of, invoice_line
from tests.support.people import DUPONT, MARTIN, invoice, line

GOOD = [invoice("1"), invoice("2", "martin", billed_cents=-3720, lines=(line(quantity="-12", amount=-3720),))]
WRONG = invoice_line(numero="3", identifiant="dupont", quantite="2", prix_unitaire="3,10", montant="9,99")


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN.model_copy(update={"direct_debit": True})])


def deposited(stores, *invoices, end="", name="factures-2026-05.csv"):
    return import_run(
        billing_file(*(invoices or GOOD), end=end, name=name), by="Camille", stores=stores, clock=stores.clock
    ).run


def findings(stores, run):
    return list(stores.run_files.lines(run.run, REPORT))


def test_a_file_becomes_a_run_to_check_that_no_list_shows(stores):
    run = deposited(stores)
    assert (run.state, run.kind, run.filename) == (RunState.TO_CHECK, RunKind.CAMPAIGN, "factures-2026-05.csv")
    assert {one.state for one in stores.invoices.items.values()} == {InvoiceState.PREPARED}
    assert {one.run for one in stores.invoices.items.values()} == {run.run}
    assert stores.summaries.items == {}


def test_its_name_says_the_month_it_bills_and_its_content(stores):
    run = deposited(stores)
    assert run.run == f"2026-07-{run.sha256[:10]}", "« mai à juillet 2026 », issued in June"
    assert deposited(stores, invoice("7")).run != run.run


def test_a_file_deposited_by_an_earlier_version_keeps_the_name_of_its_issue_month(stores):
    file = billing_file(*GOOD)
    name, at = file.earlier_name(RunKind.CAMPAIGN), stores.clock()
    earlier = BillingRun(run=name, filename=file.filename, sha256=file.sha256, deposited_at=at, deposited_by="camille")
    assert earlier.run != file.run_name()
    assert stores.runs.add(earlier)
    assert deposited(stores).run == earlier.run
    assert list(stores.runs.items) == [earlier.run]


def test_it_is_counted_to_the_cent(stores):
    figures = deposited(stores, *GOOD, invoice("4", billed_cents=0, lines=(line(quantity="0", amount=0),))).figures
    assert (figures.invoices, figures.total_cents) == (3, 1980)
    assert (figures.credits, figures.zeros, figures.debits, figures.known) == (1, 1, 1, 0)


def test_the_file_itself_is_kept(stores):
    run = deposited(stores, end=WRONG)
    assert stores.run_files.items[run.run, FILE] == content_of(*GOOD, end=WRONG)


def test_each_bad_line_is_told_by_number_column_and_reason(stores):
    run = deposited(stores, end=WRONG)
    (finding,) = [one for one in findings(stores, run) if one["kind"] == "UNREADABLE"]
    assert (finding["line"], finding["column"]) == (6, "montant")
    assert finding["reason"].startswith("quantité × prix unitaire donne 6,20")
    assert (run.bad_lines, run.unresolved, run.figures.invoices) == (1, 1, 2)


def test_what_reads_well_and_is_refused_is_told_too(stores):
    import_run(billing_file(invoice("9")), by="Camille", stores=stores, clock=stores.clock)
    run = deposited(stores, invoice("8", "personne"), invoice("9", "martin"), invoice("1"))
    refused = [(one["number"], one["reason"]) for one in findings(stores, run) if one["kind"] == "REFUSED"]
    assert refused == [("8", "UNKNOWN_ACCOUNT"), ("9", "NUMBER_TAKEN")]
    assert (run.unresolved, run.figures.invoices) == (2, 1)


def test_an_invoice_that_waits_in_another_run_is_not_taken_from_it(stores):
    first = deposited(stores)
    second = deposited(stores, invoice("1"), invoice("5"))
    (refused,) = [one for one in findings(stores, second) if one["kind"] == "REFUSED"]
    assert refused["reason"] == "AWAITS_ITS_RUN"
    assert refused["changes"] == [{"field": "run", "held": first.run, "given": second.run}]
    assert stores.invoices.find("dupont", "1").run == first.run


def test_an_invoice_already_issued_and_unchanged_is_known_and_stays_out(stores):
    assert stores.invoices.add(invoice("1"))
    run = deposited(stores)
    assert (run.figures.known, run.figures.invoices, run.unresolved) == (1, 1, 0)


def test_oddities_deserve_a_look_and_keep_nothing_out(stores):
    run = deposited(stores, *GOOD, invoice("3"))
    told = [(one["kind"], one["number"]) for one in findings(stores, run)]
    assert told == [("CREDIT", "2"), ("DOUBLE", "3")]
    assert findings(stores, run)[1]["other_line"] == 2
    assert (run.figures.doubles, run.figures.invoices, run.unresolved) == (1, 3, 0)


def test_it_is_compared_with_the_run_before_it(stores):
    before = deposited(stores, invoice("1"), invoice("2", "martin"))
    stores.clock.advance(days=30)
    half = invoice("12", billed_cents=3720, lines=(line(),))
    comparison = deposited(stores, half).comparison
    assert (comparison.run, comparison.invoices, comparison.total_cents) == (before.run, 2, 11400)
    assert (comparison.appeared, comparison.vanished) == (0, 1)
    assert [(one.username, one.change_cents) for one in comparison.largest] == [("dupont", -1980)]


def test_a_cancelled_run_is_no_comparison(stores):
    cancel_run(deposited(stores).run, by="Camille", stores=stores, clock=stores.clock)
    stores.clock.advance(days=30)
    assert deposited(stores, invoice("5")).comparison is None


def test_the_same_file_twice_is_the_same_run_and_changes_nothing(stores):
    run, held = deposited(stores), dict(stores.invoices.items)
    again = import_run(billing_file(*GOOD, name="copie.csv"), by="Dominique", stores=stores, clock=stores.clock)
    assert (again.run, again.outcome) == (run, None)
    assert stores.invoices.items == held


def test_a_file_with_errors_is_read_again_once_its_accounts_are_there(stores):
    run = deposited(stores, *GOOD, invoice("8", "personne"))
    stores.accounts.add(DUPONT.model_copy(update={"username": "personne"}))
    again = deposited(stores, *GOOD, invoice("8", "personne"))
    assert (run.unresolved, again.unresolved) == (1, 0)
    assert (again.run, again.figures.invoices) == (run.run, 3)


def test_a_file_deposited_before_a_column_was_added_goes_on_to_be_the_same_run(stores, monkeypatch):
    run = deposited(stores, *GOOD, invoice("8", "personne"))
    monkeypatch.setitem(invoices.LINE, "reference", cells.may_be_absent(cells.text))
    stores.accounts.add(DUPONT.model_copy(update={"username": "personne"}))
    again = deposited(stores, *GOOD, invoice("8", "personne"))
    assert (again.run, again.unresolved, again.figures.invoices) == (run.run, 0, 3)


def test_errors_that_the_desk_settled_stay_settled(stores):
    run = deposited(stores, end=WRONG)
    discard_bad_lines(run.run, by="Camille", stores=stores, clock=stores.clock)
    assert deposited(stores, end=WRONG).unresolved == 0


def test_a_deposit_stopped_anywhere_is_completed_by_the_next_one(stores):
    whole = deposited(stores, *GOOD, invoice("3"))
    for stop in range(stores.writes.done):
        again = memory_stores(accounts=stores.accounts.items.values())
        again.writes.fail_from = stop
        with pytest.raises(Unavailable):
            deposited(again, *GOOD, invoice("3"))
        again.writes.fail_from = None
        assert deposited(again, *GOOD, invoice("3")).figures == whole.figures
        assert again.invoices.items == stores.invoices.items


def test_a_run_cancelled_while_its_file_is_read_leaves_nothing(stores):
    def cancel_meanwhile(_):
        cancel_run(name, by="Dominique", stores=stores, clock=stores.clock)

    name = billing_file(*GOOD).run_name()
    with pytest.raises(RunRefused):
        import_run(billing_file(*GOOD), by="Camille", stores=stores, clock=stores.clock, progress=cancel_meanwhile)
    assert stores.runs.find(name).state is RunState.CANCELLED
    assert stores.invoices.items == {}


def test_two_deposits_of_one_file_at_once_end_in_one_run(stores):
    def deposit_meanwhile(_):
        inner.append(deposited(stores))

    inner = []
    outer = import_run(
        billing_file(*GOOD), by="Camille", stores=stores, clock=stores.clock, progress=deposit_meanwhile
    ).run
    assert outer == inner[0]
    assert len(stores.runs.items) == 1


def test_a_direct_import_is_issued_listed_and_closed_at_once(stores):
    file = billing_file(*GOOD, end=WRONG)
    done = import_run(
        file, by="Camille", stores=stores, clock=stores.clock, direct=DirectImport(read_invoices(file.stream))
    )
    assert (done.run.kind, done.run.state, done.run.bad_lines) == (RunKind.DIRECT, RunState.CLOSED, 1)
    assert {one.state for one in stores.invoices.items.values()} == {InvoiceState.ISSUED}
    assert set(stores.summaries.items) == {"dupont", "martin"}
    assert done.run.run.endswith("-direct")
    assert sorted(done.outcome.undrawn) == [("dupont", "1"), ("martin", "2")]

"""What S3 says of a file put in the inbox makes a run to check, once, whatever its name."""

import csv
import io

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.store.bucket import COMPARISON, FILE, REPORT, RunFiles
from chalicelib.store.invoices import InvoiceStore
from tests.flows.test_billing_run import deposited
from tests.support.files import content_of
from tests.support.people import invoice
from tests.support.rights import COMMAND, acting
from tests.support.workbooks import ods, xlsx

GOOD = [invoice("5"), invoice("6", "martin")]


def put(portal, content, key="2026/factures été.csv"):
    """Put a file in the inbox. Returns the event as S3 sends it."""
    bucket = portal.settings.bucket("inbox")
    version = portal.clients.s3.put_object(Bucket=bucket, Key=key, Body=content)["VersionId"]
    coded = key.replace("é", "%C3%A9").replace(" ", "+")
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": coded, "versionId": version}}}]}


def received(portal, event):
    """What the task that S3 calls makes of it: the names of its runs."""
    return portal.tasks.call("receive_billing_file", event)["runs"]


def test_a_file_put_in_the_inbox_becomes_a_run_to_check(portal):
    (name,) = received(portal, put(portal, content_of(*GOOD)))
    run = portal.stores.runs.find(name)
    assert (run.state, run.filename, run.deposited_by) == (RunState.TO_CHECK, "factures été.csv", "inbox")
    assert sorted(portal.stores.invoices.in_run(name)) == [("dupont", "5"), ("martin", "6")]
    assert "5" not in {row.number for row in portal.stores.summaries.find("dupont")}


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_becomes_a_run_and_is_kept_as_it_came(portal, make):
    content = make(csv.reader(io.StringIO(content_of(*GOOD).decode()), delimiter=";"))
    (name,) = received(portal, put(portal, content, key="factures.xlsx"))
    assert sorted(portal.stores.invoices.in_run(name)) == [("dupont", "5"), ("martin", "6")]
    assert portal.stores.run_files.read(name, FILE) == content


def test_an_event_that_comes_twice_makes_one_run(portal):
    event = put(portal, content_of(*GOOD))
    first = received(portal, event)
    run = portal.stores.runs.find(first[0])
    assert received(portal, event) == first
    assert portal.stores.runs.find(first[0]) == run


def test_a_file_replaced_under_its_name_is_read_as_it_was_when_it_came(portal):
    first = put(portal, content_of(invoice("5")))
    put(portal, content_of(invoice("6")))
    (name,) = received(portal, first)
    assert list(portal.stores.invoices.in_run(name)) == [("dupont", "5")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfen\x00", b"numero;montant\n1;2\n"])
def test_a_file_that_cannot_be_read_is_a_run_that_says_why(portal, content):
    (name,) = received(portal, put(portal, content))
    run = portal.stores.runs.find(name)
    assert (run.figures.invoices, run.unresolved > 0) == (0, True)
    assert len(list(portal.stores.run_files.lines(name, REPORT))) == run.bad_lines


def test_a_folder_and_a_test_of_the_subscription_are_no_files(portal):
    assert received(portal, {"Event": "s3:TestEvent"}) == []
    assert received(portal, put(portal, b"", key="2026/")) == []


def test_a_run_that_the_desk_is_cancelling_is_left_to_it(portal):
    event = put(portal, content_of(*GOOD))
    (name,) = received(portal, event)
    cancel_run(name, by="Camille", stores=portal.stores, clock=portal.clock)
    cancelled = portal.stores.runs.find(name)
    portal.stores.runs.replace(cancelled, cancelled.model_copy(update={"withdrawn_at": None}))
    assert received(portal, event) == [name]
    assert portal.stores.runs.find(name).state is RunState.CANCELLED


def test_an_event_that_names_no_version_is_about_the_file_as_it_stands(portal):
    """As S3 writes it of a bucket that keeps no versions."""
    put(portal, content_of(invoice("5")))
    event = put(portal, content_of(invoice("6")))
    del event["Records"][0]["s3"]["object"]["versionId"]
    (name,) = received(portal, event)
    assert list(portal.stores.invoices.in_run(name)) == [("dupont", "6")]


def test_a_corrected_file_is_compared_with_the_run_it_replaces_and_taken_in_once_that_is_cancelled(portal, clock):
    (first,) = received(portal, put(portal, content_of(*GOOD)))
    clock.advance(hours=1)
    corrected = put(portal, content_of(*GOOD, invoice("7", "martin")))
    (name,) = received(portal, corrected)
    run = portal.stores.runs.find(name)
    refused = [(one["number"], one["reason"]) for one in portal.stores.run_files.lines(name, REPORT) if "reason" in one]
    assert refused == [("5", "AWAITS_ITS_RUN"), ("6", "AWAITS_ITS_RUN")]
    assert (run.figures.invoices, run.unresolved, run.comparison.run) == (1, 2, first)
    assert portal.stores.run_files.read_json(name, COMPARISON)["vanished"] == {"dupont": 5700}
    cancel_run(first, by="Camille", stores=portal.stores, clock=portal.clock)
    assert received(portal, corrected) == [name]
    run = portal.stores.runs.find(name)
    assert (run.figures.invoices, run.unresolved, run.comparison) == (3, 0, None)


def test_an_invoice_whose_row_was_lost_by_another_import_is_listed_again(portal, dupont):
    """A direct import died after it wrote the invoice; its list is completed by whoever reads it next."""
    assert portal.stores.invoices.add(invoice("5"))
    assert "/factures/5" not in dupont.get("/factures").outline.links
    (name,) = received(portal, put(portal, content_of(*GOOD)))
    assert portal.stores.runs.find(name).figures.known == 1
    assert "/factures/5" in dupont.get("/factures").outline.links
    assert "6" not in {row.number for row in portal.stores.summaries.find("martin")}


def test_an_invoice_that_the_desk_deposits_while_it_is_read_stays_in_the_desk_s_run(portal, monkeypatch):
    owners, at_the_desk = InvoiceStore.owners, [invoice("5")]

    def looked_up_then_taken(self, numbers):
        found = owners(self, numbers)
        if at_the_desk:
            with acting(COMMAND):
                deposited(portal, at_the_desk.pop())
        return found

    monkeypatch.setattr(InvoiceStore, "owners", looked_up_then_taken)
    (name,) = received(portal, put(portal, content_of(*GOOD)))
    (refused,) = portal.stores.run_files.lines(name, REPORT)
    assert (refused["number"], refused["reason"]) == ("5", "AWAITS_ITS_RUN")
    assert list(portal.stores.invoices.in_run(name)) == [("martin", "6")]
    assert portal.stores.invoices.find("dupont", "5").run == refused["changes"][0]["held"]


def test_a_run_cancelled_while_its_file_is_read_leaves_neither_invoice_nor_number(portal, monkeypatch):
    keep = RunFiles.put

    def cancelled_meanwhile(self, run, name, content):
        if name == FILE:
            with acting(COMMAND):
                cancel_run(run, by="Camille", stores=portal.stores, clock=portal.clock)
        return keep(self, run, name, content)

    monkeypatch.setattr(RunFiles, "put", cancelled_meanwhile)
    (name,) = received(portal, put(portal, content_of(*GOOD)))
    assert portal.stores.runs.find(name).state is RunState.CANCELLED
    assert list(portal.stores.invoices.in_run(name)) == []
    assert portal.stores.invoices.owners(["5", "6"]) == {}

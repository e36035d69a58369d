"""What S3 says of a file put in the inbox makes a run to check, once, whatever its name."""

import json

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.handlers import inbox
from chalicelib.services.withdraw_run import cancel_run
from chalicelib.store.run_files import REPORT
from tests.people import invoice
from tests.services.run_shelves import content_of

GOOD = [invoice("5"), invoice("6", "martin")]


def put(portal, content, key="2026/factures été.csv"):
    """Put a file in the inbox; answers the event as S3 sends it."""
    bucket = portal.settings.bucket("inbox")
    version = portal.clients.s3.put_object(Bucket=bucket, Key=key, Body=content)["VersionId"]
    coded = key.replace("é", "%C3%A9").replace(" ", "+")
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": coded, "versionId": version}}}]}


def test_a_file_put_in_the_inbox_becomes_a_run_to_check(portal):
    (name,) = inbox.receive(put(portal, content_of(*GOOD)))["runs"]
    run = portal.runs.find(name)
    assert (run.state, run.filename, run.deposited_by) == (RunState.TO_CHECK, "factures été.csv", "inbox")
    assert sorted(portal.invoices.in_run(name)) == [("dupont", "5"), ("martin", "6")]
    assert "5" not in {row.number for row in portal.summaries.find("dupont")}


def test_an_event_that_comes_twice_makes_one_run(portal):
    event = put(portal, content_of(*GOOD))
    first = inbox.receive(event)["runs"]
    run = portal.runs.find(first[0])
    assert inbox.receive(json.loads(json.dumps(event)))["runs"] == first
    assert portal.runs.find(first[0]) == run


def test_a_file_replaced_under_its_name_is_read_as_it_was_when_it_came(portal):
    first = put(portal, content_of(invoice("5")))
    put(portal, content_of(invoice("6")))
    (name,) = inbox.receive(first)["runs"]
    assert list(portal.invoices.in_run(name)) == [("dupont", "5")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfen\x00", b"numero;montant\n1;2\n"])
def test_a_file_that_cannot_be_read_is_a_run_that_says_why(portal, content):
    (name,) = inbox.receive(put(portal, content))["runs"]
    run = portal.runs.find(name)
    assert (run.figures.invoices, run.unresolved > 0) == (0, True)
    assert len(list(portal.run_files.lines(name, REPORT))) == run.bad_lines


def test_a_folder_and_a_test_of_the_subscription_are_no_files(portal):
    assert inbox.receive({"Event": "s3:TestEvent"}) == {"runs": []}
    assert inbox.receive(put(portal, b"", key="2026/")) == {"runs": []}


def test_a_run_that_the_desk_is_cancelling_is_left_to_it(portal):
    event = put(portal, content_of(*GOOD))
    (name,) = inbox.receive(event)["runs"]
    cancel_run(name, by="Camille", shelves=portal.run_shelves)
    cancelled = portal.runs.find(name)
    portal.runs.replace(cancelled, cancelled.model_copy(update={"withdrawn_at": None}))
    assert inbox.receive(event) == {"runs": [name]}
    assert portal.runs.find(name).state is RunState.CANCELLED

"""A whole mailing works within the rights of its Lambdas, when all goes well and when things go wrong.

Each test ends with that question (`tests/conftest.py`); here every Lambda of a mailing is made to answer it.
"""

from datetime import date

import pytest

from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.mailing.close import LAST_ROUND
from chalicelib.store.invoice_release import InvoiceRelease
from tests.flows.mailing.test_mailing import BATCH, mailed, published, start_due
from tests.flows.mailing.test_mailing_again import ODD, hidden
from tests.services.mailing.test_reminders import EVENT
from tests.support import rights
from tests.support.files import content_of

STEPS = ("tick", "plan", "draw", "check", "release", "deliver", "paper", "print", "close")


@pytest.fixture
def called(monkeypatch):
    """What is called from here on, beside what was before."""
    noted, before = set(), rights.CALLED
    with monkeypatch.context() as here:
        here.setattr(rights, "CALLED", noted)
        yield noted
    before |= noted


def deposited(portal):
    place = {"Bucket": portal.settings.bucket("inbox"), "Key": "juin.csv"}
    version = portal.clients.s3.put_object(**place, Body=content_of(*BATCH))["VersionId"]
    record = {"s3": {"object": {"key": "juin.csv", "versionId": version}}}
    (run,) = portal.tasks.call("receive_billing_file", {"Records": [record]})["runs"]
    return run


def test_no_lambda_of_a_mailing_lacks_a_right(portal, called):
    run = deposited(portal)
    publish_run(run, date(2026, 6, 10), by="Camille", stores=portal.stores, clock=portal.clock)
    assert run in portal.tasks.call("mailing_tick", EVENT)["started"]
    assert mailed(portal, run)["end"] == {"closed": True}
    assert rights.refused(called) == []
    assert {who for who, _, _ in called} == {"receive_billing_file"} | {f"mailing_{one}" for one in STEPS}


def test_no_lambda_lacks_a_right_when_things_go_wrong(portal, called, monkeypatch):
    """A character no font has, batches that fail to the last round, and a run closed twice."""
    run = published(portal, ODD, *BATCH[1:])
    start_due(portal)
    with monkeypatch.context() as here:
        here.setattr(InvoiceRelease, "release", hidden)
        assert mailed(portal, run, round_=LAST_ROUND)["end"] == {"closed": True}
    mailed(portal, run, round_=LAST_ROUND + 1)
    assert rights.refused(called) == []
    assert "mailing_fail" in {who for who, _, _ in called}


def test_what_a_policy_leaves_out_is_seen():
    beyond = ("mailing_fail", "dynamodb:Scan", "table/portail-famille-test-accounts")
    within = ("web", "dynamodb:GetItem", "table/portail-famille-test-accounts")
    assert rights.refused({beyond, within}) == [beyond]


def test_what_a_policy_allows_and_nobody_calls_is_seen():
    needed = {(who, action, pattern) for who in rights.policies() for action, pattern in rights.rights_of(who)}
    without = ("web", "dynamodb:GetItem", "table/portail-famille-test-accounts")
    assert rights.unused(needed) == []
    assert rights.unused(needed - {without}) == [without]

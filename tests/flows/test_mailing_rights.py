"""The Lambdas of a mailing have the rights to all that they do, from the billing file to the report."""

from datetime import date

import pytest

from chalicelib.services.mailing.close import LAST_ROUND
from chalicelib.services.publish_run import publish_run
from chalicelib.store.visibility import Visibility
from tests.flows.test_mailing import BATCH, mailed, pressed, published
from tests.flows.test_mailing_again import ODD, hidden
from tests.rights import Rights
from tests.services.run_shelves import content_of

STEPS = ("plan", "draw", "check", "release", "deliver", "paper", "print", "close")


@pytest.fixture
def rights(portal, monkeypatch):
    return Rights(portal, monkeypatch)


def deposited(portal):
    place = {"Bucket": portal.settings.bucket("inbox"), "Key": "juin.csv"}
    version = portal.clients.s3.put_object(**place, Body=content_of(*BATCH))["VersionId"]
    record = {"s3": {"object": {"key": "juin.csv", "versionId": version}}}
    (run,) = portal.tasks.call("receive_billing_file", {"Records": [record]})["runs"]
    return run


def test_no_lambda_of_a_mailing_lacks_a_right(portal, rights):
    run = deposited(portal)
    publish_run(run, date(2026, 6, 10), by="Camille", shelves=portal.run_shelves)
    pressed(portal)
    assert mailed(portal, run)["end"] == {"closed": True}
    assert rights.refused() == []
    assert {task for task, _, _ in rights.called} == {"receive_billing_file"} | {f"mailing_{one}" for one in STEPS}


def test_no_lambda_lacks_a_right_when_things_go_wrong(portal, rights, monkeypatch):
    """A character no font has, batches that fail to the last round, and a run closed twice."""
    run = published(portal, ODD, *BATCH[1:])
    pressed(portal)
    with monkeypatch.context() as here:
        here.setattr(Visibility, "release", hidden)
        assert mailed(portal, run, round_=LAST_ROUND)["end"] == {"closed": True}
    mailed(portal, run, round_=LAST_ROUND + 1)
    assert rights.refused() == []
    assert "mailing_fail" in {task for task, _, _ in rights.called}


def test_what_a_policy_leaves_out_is_seen(portal, rights):
    rights.called.add(("mailing_fail", "dynamodb:Scan", "table/portail-famille-test-accounts"))
    assert [task for task, _, _ in rights.refused()] == ["mailing_fail"]

"""Writes done all or not at all, through the conflicts that only the real DynamoDB answers."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.request import RequestState
from chalicelib.errors import Unavailable
from chalicelib.store.retry import MAX_ATTEMPTS
from chalicelib.store.transactions import failed_conditions, transact_write
from tests.store.test_requests import ASKED, NOON
from tests.support.people import DUPONT

REFUSED = ASKED.ended(RequestState.REFUSED, at=NOON, by="camille")


class Conflicting:
    """A client whose transactions are cancelled for these reasons, one list a call, then done."""

    def __init__(self, *cancelled):
        self.cancelled = list(cancelled)
        self.calls = 0

    def transact_write_items(self, TransactItems):  # noqa: N803 - DynamoDB's own name
        self.calls += 1
        if self.cancelled:
            reasons = [{"Code": code} for code in self.cancelled.pop(0)]
            code = {"Code": "TransactionCanceledException"}
            raise ClientError({"Error": code, "CancellationReasons": reasons}, "TransactWriteItems")


def test_conflict_is_tried_again_after_a_growing_wait():
    client, waits = Conflicting(["None", "TransactionConflict"], ["TransactionConflict", "None"]), []
    assert transact_write(client, [], wait=waits.append)
    assert client.calls == 3
    assert waits[0] <= 0.05
    assert waits[1] <= 0.1


def test_refused_condition_is_an_answer_not_a_failure():
    client = Conflicting(["ConditionalCheckFailed", "None"])
    assert not transact_write(client, [], wait=lambda _: None)
    assert client.calls == 1


def test_conditions_that_failed_are_told_by_their_place_even_beside_a_conflict():
    client = Conflicting(["None", "ConditionalCheckFailed", "TransactionConflict", "ConditionalCheckFailed"])
    assert failed_conditions(client, [], wait=lambda _: None) == {1, 3}
    assert failed_conditions(client, [], wait=lambda _: None) == set()


def test_conflict_without_end_and_other_reasons_are_unavailable():
    with pytest.raises(Unavailable):
        transact_write(Conflicting(*[["TransactionConflict"]] * MAX_ATTEMPTS), [], wait=lambda _: None)
    with pytest.raises(Unavailable):
        transact_write(Conflicting(["ValidationError"]), [], wait=lambda _: None)


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_tried_again_and_not_for_ever(code):
    client, waits = Conflicting([code, "None"], [code]), []
    assert transact_write(client, [], wait=waits.append)
    assert (client.calls, len(waits)) == (3, 2)
    with pytest.raises(Unavailable):
        transact_write(Conflicting(*[[code]] * MAX_ATTEMPTS), [], wait=lambda _: None)


def test_account_and_request_change_together(portal):
    held = portal.stores.accounts.find("dupont")
    portal.stores.requests.add(ASKED)
    moved = held.model_copy(update={"landline": "0199001234"})
    parts = [portal.stores.accounts.replacement(held, moved), portal.stores.requests.decision(ASKED, REFUSED)]
    assert transact_write(portal.clients.dynamodb, parts)
    assert portal.stores.accounts.find("dupont").landline == "0199001234"
    assert portal.stores.requests.find("dupont", ASKED.id) == REFUSED


def test_neither_changes_when_one_may_not(portal):
    portal.stores.requests.add(ASKED)
    stale = DUPONT.model_copy(update={"version": 41})
    parts = [portal.stores.accounts.replacement(stale, stale), portal.stores.requests.decision(ASKED, REFUSED)]
    assert not transact_write(portal.clients.dynamodb, parts)
    assert portal.stores.requests.find("dupont", ASKED.id) == ASKED

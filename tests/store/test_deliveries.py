"""The shelf of deliveries on DynamoDB: who is first stays, and a lost answer is not taken for somebody else's."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.errors import Unavailable

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
CLAIM = Delivery(run="r", number="1", username="dupont", cents=5700, outcome=Outcome.CLAIMED, at=NOW, owner="a")


@pytest.fixture
def shelf(portal):
    return portal.stores.deliveries


def test_the_first_claim_stands_and_its_own_repetition_is_recognised(shelf):
    assert shelf.put_first(CLAIM) == CLAIM
    assert shelf.put_first(CLAIM) == CLAIM
    assert shelf.put_first(CLAIM.model_copy(update={"owner": "b"})).owner == "a"


def test_a_mark_is_made_once_and_a_stale_reading_changes_nothing(shelf):
    shelf.put_first(CLAIM)
    sent = shelf.replace(CLAIM, CLAIM.turned(Outcome.SENT, NOW, message_id="id"))
    assert shelf.find("r", "1") == sent
    assert shelf.replace(CLAIM, CLAIM.turned(Outcome.FAILED, NOW)) is None
    assert shelf.replace(CLAIM, CLAIM.turned(Outcome.SENT, NOW, message_id="id")) == sent, "our own, answered late"


def test_only_its_owner_gives_a_claim_back_and_only_while_it_is_one(shelf):
    shelf.put_first(CLAIM)
    shelf.give_back(CLAIM.model_copy(update={"owner": "b"}))
    assert shelf.find("r", "1")
    shelf.give_back(CLAIM)
    assert shelf.find("r", "1") is None
    shelf.replace(shelf.put_first(CLAIM), CLAIM.turned(Outcome.SENT, NOW))
    shelf.give_back(CLAIM)
    assert shelf.find("r", "1").outcome is Outcome.SENT


def test_what_waits_for_paper_is_taken_by_one_run(shelf):
    shelf.await_paper(CLAIM.turned(Outcome.PAPER, NOW))
    shelf.await_paper(CLAIM.turned(Outcome.PAPER, NOW))
    assert [one.number for one in shelf.take_paper("july")] == ["1"]
    assert [one.number for one in shelf.take_paper("july")] == ["1"], "asked again after a crash"
    assert list(shelf.take_paper("august")) == []


def test_a_claim_whose_answer_was_lost_is_found_again(shelf, portal):
    def lose(**_):
        raise ConnectionClosedError(endpoint_url="dynamodb")

    events = portal.clients.dynamodb.meta.events
    events.register("after-call.dynamodb.PutItem", lose)
    with pytest.raises(Unavailable):
        shelf.put_first(CLAIM)
    events.unregister("after-call.dynamodb.PutItem", lose)
    assert shelf.put_first(CLAIM) == CLAIM


def test_a_run_is_counted_without_being_read_and_its_papers_are_found(shelf):
    shelf.put_first(CLAIM)
    shelf.put_first(CLAIM.model_copy(update={"number": "2"}).turned(Outcome.PAPER, NOW, reason="no-email"))
    shelf.put_first(CLAIM.model_copy(update={"number": "3", "run": "other"}).turned(Outcome.PAPER, NOW))
    assert shelf.settled("r") == 1
    assert sorted(shelf.outcome_rows("r")) == [
        ("1", Outcome.CLAIMED, 5700, ""), ("2", Outcome.PAPER, 5700, "no-email"),
    ]  # fmt: skip
    assert [one.number for one in shelf.on_paper("r")] == ["2"]

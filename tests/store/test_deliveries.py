"""The store of deliveries, in memory and on DynamoDB: who is first stays, and a lost answer is not another's."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.errors import Unavailable
from chalicelib.store.deliveries import NEXT_PAPER
from chalicelib.store.invoices import shard_order

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
CLAIM = Delivery(run="r", number="1", username="dupont", cents=5700, outcome=Outcome.CLAIMED, at=NOW, owner="a")


@pytest.fixture
def deliveries(stores):
    return stores.deliveries


@pytest.fixture
def shelf(portal):
    """The real store, for the methods that the fake lacks."""
    return portal.stores.deliveries


def test_the_first_claim_stands_and_its_own_repetition_is_recognised(deliveries):
    assert deliveries.put_first(CLAIM) == CLAIM
    assert deliveries.put_first(CLAIM) == CLAIM
    assert deliveries.put_first(CLAIM.model_copy(update={"owner": "b"})).owner == "a"


def test_a_mark_is_made_once_and_a_stale_reading_changes_nothing(deliveries):
    deliveries.put_first(CLAIM)
    sent = deliveries.replace(CLAIM, CLAIM.with_outcome(Outcome.SENT, NOW, message_id="id"))
    assert deliveries.find("r", "1") == sent
    assert deliveries.replace(CLAIM, CLAIM.with_outcome(Outcome.FAILED, NOW)) is None
    assert deliveries.replace(CLAIM, CLAIM.with_outcome(Outcome.SENT, NOW, message_id="id")) == sent, (
        "our own, answered late"
    )


def test_only_its_owner_gives_a_claim_back_and_only_while_it_is_one(deliveries):
    deliveries.put_first(CLAIM)
    deliveries.give_back(CLAIM.model_copy(update={"owner": "b"}))
    assert deliveries.find("r", "1")
    deliveries.give_back(CLAIM)
    assert deliveries.find("r", "1") is None
    deliveries.replace(deliveries.put_first(CLAIM), CLAIM.with_outcome(Outcome.SENT, NOW))
    deliveries.give_back(CLAIM)
    assert deliveries.find("r", "1").outcome is Outcome.SENT


def test_a_claim_of_nobody_and_a_claim_that_is_gone_are_not_given_back(deliveries):
    nobody = deliveries.put_first(CLAIM.model_copy(update={"owner": ""}))
    deliveries.give_back(nobody)
    assert deliveries.find("r", "1") == nobody
    deliveries.give_back(CLAIM.model_copy(update={"number": "2"}))
    assert deliveries.replace(CLAIM.model_copy(update={"number": "2"}), CLAIM.with_outcome(Outcome.SENT, NOW)) is None
    assert deliveries.find("r", "2") is None


def test_what_a_mark_does_not_name_stays_as_it_stands(deliveries):
    stands = deliveries.put_first(CLAIM.model_copy(update={"email": "dupont@example.org"}))
    sent = deliveries.replace(CLAIM, CLAIM.with_outcome(Outcome.SENT, NOW))
    assert (sent.email, sent.outcome, sent.version) == (stands.email, Outcome.SENT, 1)


def test_deliveries_of_a_run_are_listed_shard_by_shard(deliveries):
    numbers = [str(number) for number in range(40)]
    for number in numbers:
        deliveries.put_first(CLAIM.model_copy(update={"number": number}))
    deliveries.put_first(CLAIM.model_copy(update={"run": "other"}))
    assert [one.number for one in deliveries.of("r")] == sorted(numbers, key=shard_order) != numbers
    assert list(deliveries.find_many("r", ["7", "99", "3"])) == ["7", "3"]
    assert deliveries.find_many("other", ["7"]) == {}


def test_what_waits_for_paper_is_taken_by_one_run(deliveries):
    deliveries.await_paper(CLAIM.with_outcome(Outcome.PAPER, NOW))
    deliveries.await_paper(CLAIM.with_outcome(Outcome.PAPER, NOW))
    assert [one.number for one in deliveries.take_paper("july")] == ["1"]
    assert [one.number for one in deliveries.take_paper("july")] == ["1"], "asked again after a crash"
    assert list(deliveries.take_paper("august")) == []


def test_what_a_complement_takes_is_taken_by_no_batch_and_by_no_other_complement(deliveries):
    for number in ("1", "2", "3"):
        deliveries.await_paper(CLAIM.model_copy(update={"number": number}).with_outcome(Outcome.PAPER, NOW))
    assert deliveries.take_for_complement("june", ["1", "9"], 1) == ["1"]
    assert deliveries.take_for_complement("june", ["1", "2"], 2) == ["2"]
    assert deliveries.take_for_complement("june", ["1", "9"], 1) == ["1"], "asked again after a crash"
    assert [one.number for one in deliveries.take_paper("june")] == ["3"], "its complements are not its batch"
    assert deliveries.take_for_complement("may", ["1", "2", "3"], 1) == []
    assert list(deliveries.take_paper("july")) == []
    kept = deliveries.find(NEXT_PAPER, "2")
    assert (kept.owner, kept.complement, deliveries.find(NEXT_PAPER, "3").complement) == ("june", 2, None)


def test_an_outcome_is_forgotten_unless_it_changed_since_it_was_read(deliveries):
    read = deliveries.put_first(CLAIM)
    changed = deliveries.replace(read, read.with_outcome(Outcome.FAILED, NOW))
    deliveries.forget(read)
    assert deliveries.find("r", "1") == changed
    for _ in range(2):
        deliveries.forget(changed)
        assert deliveries.find("r", "1") is None


def test_a_claim_whose_answer_was_lost_is_found_again(shelf, portal):
    def lose(**_):
        raise ConnectionClosedError(endpoint_url="dynamodb")

    events = portal.clients.dynamodb.meta.events
    events.register("after-call.dynamodb.PutItem", lose)
    with pytest.raises(Unavailable):
        shelf.put_first(CLAIM)
    events.unregister("after-call.dynamodb.PutItem", lose)
    assert shelf.put_first(CLAIM) == CLAIM


def put_three(deliveries):
    """A claim and a paper of one run, and a paper of another."""
    deliveries.put_first(CLAIM)
    deliveries.put_first(CLAIM.model_copy(update={"number": "2"}).with_outcome(Outcome.PAPER, NOW, reason="no-email"))
    deliveries.put_first(CLAIM.model_copy(update={"number": "3", "run": "other"}).with_outcome(Outcome.PAPER, NOW))


def test_the_columns_of_a_count_are_those_of_one_run_in_its_order(deliveries):
    put_three(deliveries)
    rows = list(deliveries.outcome_rows("r"))
    assert sorted(rows) == [("1", Outcome.CLAIMED, 5700, ""), ("2", Outcome.PAPER, 5700, "no-email")]
    assert [row.number for row in rows] == [one.number for one in deliveries.of("r")]


def test_a_run_is_counted_without_being_read(shelf):
    put_three(shelf)
    assert shelf.settled("r") == 1


def test_the_papers_of_a_run_are_found(deliveries):
    put_three(deliveries)
    assert [one.number for one in deliveries.on_paper("r")] == ["2"]

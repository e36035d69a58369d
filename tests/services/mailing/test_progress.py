"""The progress of a mailing: what its workers began and did not end."""

from types import SimpleNamespace

from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.services.mailing.progress import open_claims
from tests.support.fakes.stores import NOW, memory_stores

RUN = "2026-06-x"


def delivery(number, outcome, run=RUN):
    return Delivery(run=run, number=number, username="dupont", cents=5700, outcome=outcome, at=NOW, owner="a")


def test_what_is_claimed_without_an_outcome_is_listed_by_number():
    stores = memory_stores()
    for rank, outcome in enumerate(Outcome):
        stores.deliveries.put_first(delivery(f"1{rank}", outcome))
    stores.deliveries.put_first(delivery("05", Outcome.CLAIMED))
    stores.deliveries.put_first(delivery("04", Outcome.CLAIMED, run="another"))
    found = open_claims(RUN, context=SimpleNamespace(stores=stores))
    assert [(one.number, one.outcome) for one in found] == [("05", Outcome.CLAIMED), ("10", Outcome.CLAIMED)]


def test_a_claim_that_got_its_outcome_while_they_were_read_is_not_listed():
    stores = memory_stores()
    claim = stores.deliveries.put_first(delivery("1", Outcome.CLAIMED))
    rows = list(stores.deliveries.outcome_rows(RUN))
    stores.deliveries.replace(claim, claim.with_outcome(Outcome.SENT, NOW))
    stores.deliveries.outcome_rows = lambda run: iter(rows)
    assert open_claims(RUN, context=SimpleNamespace(stores=stores)) == []

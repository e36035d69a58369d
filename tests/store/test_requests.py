"""The shelf of requests, in memory and over DynamoDB: one contract."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.request import Proof, Request, RequestKind, RequestState
from tests.support.people import HOME

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
PROOF = Proof(key="justificatifs/x.pdf", extension="pdf", size_bytes=3, sha256="0" * 64, filename="quittance.pdf")
ASKED = Request(
    username="dupont",
    id="A-260610-ABCDEF",
    kind=RequestKind.ADDRESS,
    asked_at=NOON,
    address=HOME,
    effective_on=date(2026, 7, 1),
    proof=PROOF,
)
REPORTED = Request(
    username="martin", id="S-260610-ABCDEF", kind=RequestKind.ERROR, asked_at=NOON, about="enfants", message="Né en mai"
)
ACCEPTED = ASKED.ended(RequestState.ACCEPTED, at=NOON, by="camille")


@pytest.fixture
def shelf(stores):
    return stores.requests


def test_request_comes_back_as_it_was_asked(shelf):
    assert shelf.add(ASKED)
    assert shelf.find("dupont", ASKED.id) == ASKED
    assert shelf.find("martin", ASKED.id) is None


def test_taken_reference_is_refused(shelf):
    shelf.add(ASKED)
    assert not shelf.add(ASKED.model_copy(update={"message": "another"}))
    assert shelf.find("dupont", ASKED.id) == ASKED


def test_account_sees_its_own_requests_the_latest_first(shelf):
    later = ASKED.model_copy(update={"id": "A-260610-AAAAAA", "asked_at": NOON + timedelta(hours=1)})
    for one in (ASKED, later, REPORTED):
        shelf.add(one)
    assert shelf.of("dupont") == [later, ASKED]


def test_desk_lists_what_waits_by_kind_and_finds_it_by_its_reference(shelf):
    shelf.add(ASKED)
    shelf.add(REPORTED)
    assert list(shelf.pending(RequestKind.ADDRESS)) == [ASKED]
    assert list(shelf.pending(RequestKind.ERROR)) == [REPORTED]
    assert shelf.by_reference(ASKED.id) == ASKED
    assert shelf.by_reference("A-260610-ZZZZZZ") is None


def test_first_decision_stands(shelf):
    shelf.add(ASKED)
    assert shelf.decide(ASKED, ACCEPTED)
    assert not shelf.decide(ASKED, ASKED.ended(RequestState.WITHDRAWN, at=NOON, by="famille"))
    assert shelf.find("dupont", ASKED.id) == ACCEPTED
    assert list(shelf.pending(RequestKind.ADDRESS)) == []
    assert shelf.by_reference(ASKED.id) == ACCEPTED


def test_request_that_was_erased_cannot_be_decided(shelf):
    shelf.add(ASKED)
    shelf.remove(ASKED)
    assert not shelf.decide(ASKED, ACCEPTED)
    assert shelf.of("dupont") == []


def test_the_very_same_request_is_added_once(shelf):
    assert shelf.add(ASKED)
    assert not shelf.add(ASKED)
    assert shelf.of("dupont") == [ASKED]


def test_what_waits_is_listed_by_reference_the_earliest_day_first(shelf):
    ids = ["A-260611-AAAAAA", "A-260609-ZZZZZZ", "A-260609-BBBBBB"]
    for one in ids:
        assert shelf.add(ASKED.model_copy(update={"id": one}))
    assert [one.id for one in shelf.pending(RequestKind.ADDRESS)] == sorted(ids)


def test_what_a_decision_does_not_name_stays_as_it_stands(shelf):
    shelf.add(ASKED)
    read = ASKED.model_copy(update={"proof": None})
    assert shelf.decide(read, read.ended(RequestState.REFUSED, at=NOON, by="camille"))
    assert shelf.find("dupont", ASKED.id).proof == PROOF


def test_a_reference_is_whole(shelf):
    shelf.add(ASKED)
    assert shelf.by_reference("A-260610") is None
    assert shelf.find("dupont", "A-260610") is None


def test_removing_a_request_twice_is_nothing(shelf):
    shelf.add(ASKED)
    shelf.remove(ASKED)
    shelf.remove(ASKED)
    assert (shelf.find("dupont", ASKED.id), shelf.by_reference(ASKED.id)) == (None, None)

"""A declared address and a reported error, over stores in memory."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.request import RequestState
from chalicelib.errors import AlreadyDecided, FormRefused, NotFound, Unavailable
from chalicelib.services.account.declare_address import Declaration, Upload, check_declaration, declare_address
from chalicelib.services.account.report_error import report_error
from chalicelib.services.account.requests import (
    add_request,
    close_request,
    read_proof,
    refuse_request,
    withdraw_request,
)
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import memory_stores
from tests.support.people import DUPONT, HOME
from tests.support.proofs import IMPOSTORS, PDF

CLOCK = StoppedClock(datetime(2026, 6, 9, 22, 30, tzinfo=UTC))
"""10 June, half past midnight in Paris."""


@pytest.fixture
def stores():
    return memory_stores()


def declare(stores, *, on=date(2026, 7, 1), content=PDF):
    declared = Declaration(HOME, on, Upload("quittance.pdf", content) if content is not None else None)
    check_declaration(DUPONT, declared, requests=stores.requests, clock=CLOCK)
    return declare_address(DUPONT, declared, clock=CLOCK, stores=stores)


def test_request_carries_the_day_of_the_town_and_what_its_proof_is(stores):
    asked = declare(stores)
    assert asked.id.startswith("A-260610-")
    assert (asked.proof.size_bytes, asked.proof.extension) == (len(PDF), "pdf")
    assert read_proof(asked, uploads=stores.uploads) == PDF


def test_two_proofs_never_share_a_place(stores):
    assert declare(stores).proof.key != declare(stores).proof.key


@pytest.mark.parametrize("on", [date(2025, 6, 9), date(2027, 6, 11)])
def test_day_beyond_a_year_is_refused_before_anything_is_stored(stores, on):
    with pytest.raises(FormRefused) as refused:
        declare(stores, on=on)
    assert refused.value.reasons == {"date_effet": "day_too_far"}
    assert not stores.uploads.items


@pytest.mark.parametrize("on", [date(2025, 6, 10), date(2027, 6, 10)])
def test_a_year_before_or_after_is_still_a_move(stores, on):
    assert declare(stores, on=on).effective_on == on


def test_unreadable_proof_is_refused_and_nothing_is_stored(stores):
    with pytest.raises(FormRefused) as refused:
        declare(stores, content=IMPOSTORS["a GIF"])
    assert refused.value.reasons == {"justificatif": "proof_unreadable"}
    assert not stores.uploads.items
    assert not stores.requests.items


def test_name_of_a_file_is_kept_short(stores):
    asked = declare_address(
        DUPONT, Declaration(HOME, date(2026, 7, 1), Upload("x" * 300, PDF)), clock=CLOCK, stores=stores
    )
    assert len(asked.proof.filename) == 80


def test_proof_that_was_never_sent_is_not_found(stores):
    with pytest.raises(NotFound):
        read_proof(declare(stores, content=None), uploads=stores.uploads)


def test_withdrawn_then_refused_stays_withdrawn(stores):
    asked = declare(stores)
    assert withdraw_request(asked, clock=CLOCK, stores=stores).state is RequestState.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        refuse_request(asked, "Illisible.", agent="camille", clock=CLOCK, stores=stores)
    assert not stores.uploads.items


def test_taken_reference_is_drawn_anew(stores):
    asked = declare(stores)
    other = add_request(asked.model_copy(update={"message": "another"}), requests=stores.requests)
    assert other.id != asked.id
    assert len(stores.requests.items) == 2


def test_references_that_are_all_taken_are_unavailable(stores):
    stores.requests.add = lambda request: False
    with pytest.raises(Unavailable):
        declare(stores)


def test_report_is_answered_once(stores):
    asked = report_error("dupont", "enfants", "Né en mai.", requests=stores.requests, clock=CLOCK)
    closed = close_request(asked, "Corrigé.", agent="camille", requests=stores.requests, clock=CLOCK)
    assert (closed.state, closed.answer) == (RequestState.CLOSED, "Corrigé.")
    with pytest.raises(AlreadyDecided):
        close_request(asked, "Encore.", agent="camille", requests=stores.requests, clock=CLOCK)
    with pytest.raises(AlreadyDecided):
        close_request(closed, "Encore.", agent="camille", requests=stores.requests, clock=CLOCK)

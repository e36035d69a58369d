"""A declared address and a reported error, over shelves in memory."""

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
from tests.support.fakes.account_shelves import Requests, Uploads
from tests.support.fakes.clock_and_tasks import StoppedClock
from tests.support.people import DUPONT, HOME
from tests.support.proofs import IMPOSTORS, PDF

CLOCK = StoppedClock(datetime(2026, 6, 9, 22, 30, tzinfo=UTC))
"""10 June, half past midnight in Paris."""


@pytest.fixture
def shelves():
    return {"requests": Requests(), "uploads": Uploads()}


def declare(shelves, *, on=date(2026, 7, 1), content=PDF):
    declared = Declaration(HOME, on, Upload("quittance.pdf", content) if content is not None else None)
    check_declaration(DUPONT, declared, requests=shelves["requests"], clock=CLOCK)
    return declare_address(DUPONT, declared, clock=CLOCK, **shelves)


def test_request_carries_the_day_of_the_town_and_what_its_proof_is(shelves):
    asked = declare(shelves)
    assert asked.id.startswith("A-260610-")
    assert (asked.proof.octets, asked.proof.extension) == (len(PDF), "pdf")
    assert read_proof(asked, uploads=shelves["uploads"]) == PDF


def test_two_proofs_never_share_a_place(shelves):
    assert declare(shelves).proof.key != declare(shelves).proof.key


@pytest.mark.parametrize("on", [date(2025, 6, 9), date(2027, 6, 11)])
def test_day_beyond_a_year_is_refused_before_anything_is_stored(shelves, on):
    with pytest.raises(FormRefused) as refused:
        declare(shelves, on=on)
    assert refused.value.reasons == {"date_effet": "day_too_far"}
    assert not shelves["uploads"].held


@pytest.mark.parametrize("on", [date(2025, 6, 10), date(2027, 6, 10)])
def test_a_year_before_or_after_is_still_a_move(shelves, on):
    assert declare(shelves, on=on).effective_on == on


def test_unreadable_proof_is_refused_and_nothing_is_stored(shelves):
    with pytest.raises(FormRefused) as refused:
        declare(shelves, content=IMPOSTORS["a GIF"])
    assert refused.value.reasons == {"justificatif": "proof_unreadable"}
    assert not shelves["uploads"].held
    assert not shelves["requests"].held


def test_name_of_a_file_is_kept_short(shelves):
    asked = declare_address(DUPONT, Declaration(HOME, date(2026, 7, 1), Upload("x" * 300, PDF)), clock=CLOCK, **shelves)
    assert len(asked.proof.filename) == 80


def test_proof_that_was_never_sent_is_not_found(shelves):
    with pytest.raises(NotFound):
        read_proof(declare(shelves, content=None), uploads=shelves["uploads"])


def test_withdrawn_then_refused_stays_withdrawn(shelves):
    asked = declare(shelves)
    assert withdraw_request(asked, clock=CLOCK, **shelves).state is RequestState.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        refuse_request(asked, "Illisible.", agent="camille", clock=CLOCK, **shelves)
    assert not shelves["uploads"].held


def test_taken_reference_is_drawn_anew(shelves):
    asked = declare(shelves)
    other = add_request(asked.model_copy(update={"message": "another"}), requests=shelves["requests"])
    assert other.id != asked.id
    assert len(shelves["requests"].held) == 2


def test_references_that_are_all_taken_are_unavailable(shelves):
    shelves["requests"].add = lambda request: False
    with pytest.raises(Unavailable):
        declare(shelves)


def test_report_is_answered_once(shelves):
    asked = report_error("dupont", "enfants", "Né en mai.", requests=shelves["requests"], clock=CLOCK)
    closed = close_request(asked, "Corrigé.", agent="camille", requests=shelves["requests"], clock=CLOCK)
    assert (closed.state, closed.answer) == (RequestState.CLOSED, "Corrigé.")
    with pytest.raises(AlreadyDecided):
        close_request(asked, "Encore.", agent="camille", requests=shelves["requests"], clock=CLOCK)
    with pytest.raises(AlreadyDecided):
        close_request(closed, "Encore.", agent="camille", requests=shelves["requests"], clock=CLOCK)

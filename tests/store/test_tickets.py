"""One-time tickets, in memory and over moto: read at will, spent once, by whom they are for."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.ticket import CAPTCHA, RESET_LINK, SUBMISSION, Ticket

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
LINK = Ticket(kind=RESET_LINK, holder="dupont", payload={"state": "a"}, ends_at=NOON + timedelta(minutes=30))
CLAIM = Ticket(kind=SUBMISSION, holder="dupont", payload={"content": "a"}, ends_at=NOON + timedelta(seconds=30))
OTHERWISE = CLAIM.model_copy(update={"payload": {"content": "b"}})
SPENDING = {"kind": RESET_LINK, "holder": "dupont", "now": NOON}


@pytest.fixture
def tickets(stores):
    """With one link."""
    stores.tickets.put("hash", LINK)
    return stores.tickets


def test_a_ticket_is_read_at_will_and_spent_once(tickets):
    assert tickets.find("hash", NOON) == tickets.find("hash", NOON) == LINK
    assert tickets.spend("hash", **SPENDING) == LINK
    assert tickets.spend("hash", **SPENDING) is None
    assert tickets.find("hash", NOON) is None


@pytest.mark.parametrize("wrong", [{"kind": CAPTCHA}, {"holder": "martin"}, {"now": LINK.ends_at}])
def test_a_ticket_of_another_kind_or_holder_or_too_late_is_not_spent(tickets, wrong):
    assert tickets.spend("hash", **(SPENDING | wrong)) is None
    assert tickets.spend("hash", **SPENDING) == LINK


def test_an_expired_ticket_is_not_found(tickets):
    assert tickets.find("hash", LINK.ends_at - timedelta(seconds=1)) == LINK
    assert tickets.find("hash", LINK.ends_at) is None
    assert tickets.find("another", NOON) is None


def test_a_later_ticket_replaces_the_one_before(tickets):
    later = LINK.model_copy(update={"payload": {"state": "b"}})
    tickets.put("hash", later)
    assert tickets.spend("hash", **SPENDING) == later


def test_a_dropped_ticket_is_gone_and_dropping_is_safe_to_repeat(tickets):
    for _ in range(2):
        tickets.drop("hash")
        assert tickets.find("hash", NOON) is None


def test_a_claim_is_won_once_until_it_ends(tickets):
    assert tickets.claim("form", CLAIM, NOON) is None
    assert tickets.claim("form", OTHERWISE, NOON + timedelta(seconds=29)) == CLAIM
    assert tickets.claim("form", CLAIM, NOON + timedelta(seconds=30)) is None


def test_a_form_that_is_done_is_claimed_again_with_other_content_only(tickets):
    done = CLAIM.model_copy(update={"payload": {"content": "a", "outcome": "/dossier"}})
    tickets.put("form", done)
    assert tickets.claim("form", CLAIM, NOON) == done
    assert tickets.claim("form", OTHERWISE, NOON) is None
    assert tickets.find("form", NOON) == OTHERWISE

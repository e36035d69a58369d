"""One-time links: one an account, read at will, spent once."""

from datetime import timedelta

import pytest

from chalicelib.domain.ticket import ACTIVATION, LINK_LIFETIME, RESET_LINK
from chalicelib.errors import LinkWorthless
from chalicelib.services.authentication.hashing import new_token
from chalicelib.services.authentication.password_links import create_link, read_link, spend_link


@pytest.fixture
def account(portal):
    return portal.stores.accounts.find("dupont")


def draw(portal, account, kind=RESET_LINK, browser="", secret=None):
    ends_at = portal.clock() + LINK_LIFETIME
    return create_link(
        account, secret or new_token(), kind=kind, browser=browser, ends_at=ends_at, tickets=portal.stores.tickets
    )


def read(portal, token, browser=""):
    return read_link(token, browser=browser, stores=portal.stores, clock=portal.clock)


def spend(portal, link):
    """Whether it could be spent."""
    try:
        spend_link(link, tickets=portal.stores.tickets, clock=portal.clock)
    except LinkWorthless:
        return False
    return True


def test_of_fifty_who_read_the_link_before_anybody_spent_it_one_succeeds(portal, account):
    token = draw(portal, account)
    links = [read(portal, token) for _ in range(50)]
    assert sum(spend(portal, link) for link in links) == 1


def test_link_read_in_time_is_not_spent_too_late(portal, account, clock):
    link = read(portal, draw(portal, account))
    clock.advance(minutes=30)
    assert not spend(portal, link)


def test_link_read_before_a_newer_one_was_drawn_is_not_spent(portal, account):
    link = read(portal, draw(portal, account))
    draw(portal, account)
    assert not spend(portal, link)


def test_same_request_draws_the_same_link(portal, account):
    secret = new_token()
    first, again = draw(portal, account, secret=secret), draw(portal, account, secret=secret)
    assert first == again
    assert spend(portal, read(portal, first))


def test_same_request_repeated_after_the_link_was_used_gives_no_second_use(portal, account, clock):
    secret = new_token()
    link = read(portal, draw(portal, account, secret=secret))
    assert spend(portal, link)
    changed = account.model_copy(update={"password_set_at": clock() + timedelta(seconds=1)})
    assert portal.stores.accounts.replace(account, changed)
    with pytest.raises(LinkWorthless):
        read(portal, draw(portal, account, secret=secret))


def test_link_for_an_activation_is_good_in_its_own_browser_only(portal, account):
    token = draw(portal, account, kind=ACTIVATION, browser="cookie of the first")
    for other in ("", "cookie of the second"):
        with pytest.raises(LinkWorthless):
            read(portal, token, browser=other)
    assert spend(portal, read(portal, token, browser="cookie of the first"))


def test_mailed_link_is_good_in_any_browser(portal, account):
    token = draw(portal, account)
    assert read(portal, token, browser="any").account.username == "dupont"


def test_link_of_an_account_that_was_erased_is_worthless(portal, account):
    token = draw(portal, account)
    portal.stores.accounts.remove("dupont")
    with pytest.raises(LinkWorthless):
        read(portal, token)

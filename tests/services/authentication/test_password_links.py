"""One-time links: one an account, read at will, spent once."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.ticket import ACTIVATION, LINK_LIFETIME, RESET_LINK
from chalicelib.errors import LinkWorthless, Unavailable
from chalicelib.services.authentication.hashing import new_token
from chalicelib.services.authentication.password_links import create_link, read_link, reset_link_mail, spend_link
from chalicelib.stage_settings import Settings, load_town
from tests.support.fakes.stores import NOW, memory_stores
from tests.support.people import DUPONT

ADDRESS = "https://portail.example.org".__add__
OPENED = DUPONT.model_copy(update={"password_hash": "hashed"})


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


@pytest.fixture
def stores():
    return memory_stores(accounts=[OPENED])


def mailed(stores, account=OPENED, to="dupont@example.org"):
    """Returns the mail, and the token of its link."""
    town = load_town(Settings(stage="test").town_file)
    mail = reset_link_mail(account, to, town=town, link=ADDRESS, tickets=stores.tickets, clock=stores.clock)
    (token,) = re.findall(r"jeton=(\S+)", mail.text)
    return mail, token


def is_good(stores, token):
    try:
        read_link(token, browser="", stores=stores, clock=stores.clock)
    except LinkWorthless:
        return False
    return True


@pytest.mark.parametrize("to", ["dupont@example.org", "ailleurs@example.org"])
def test_mail_goes_where_it_is_asked_and_names_the_account_its_link_and_its_end(stores, to):
    mail, token = mailed(stores, to=to)
    assert (mail.to, mail.subject) == (to, "Vos identifiants")
    assert f"https://portail.example.org/nouveau-mot-de-passe?jeton={token}" in mail.text
    assert f"jeton={token}" in mail.html
    for words in ("Identifiant : dupont", "10 juin 2026 à 11 h 30"):
        assert words in " ".join(mail.text.split()), "half an hour later, Paris time"


@pytest.mark.parametrize(
    ("account", "words"),
    [(OPENED, "Choisir un nouveau mot de passe"), (DUPONT, "Ouvrir mon compte et choisir mon mot de passe")],
)
def test_mail_says_what_its_link_is_for(stores, account, words):
    assert words in mailed(stores, account)[0].text


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (29, True), (30, False)])
def test_mailed_link_is_good_for_half_an_hour(stores, minutes, good):
    _, token = mailed(stores)
    stores.clock.advance(minutes=minutes)
    assert is_good(stores, token) is good


def test_mail_asked_again_has_another_link_and_the_older_is_worthless(stores):
    (_, older), (_, newer) = mailed(stores), mailed(stores)
    assert (is_good(stores, older), is_good(stores, newer)) == (False, True)
    assert len(stores.tickets.items) == 1


def test_the_secret_of_a_mailed_link_is_stored_nowhere(stores):
    mail, token = mailed(stores)
    secret = token.partition("~")[2]
    assert secret in mail.text
    assert secret not in repr(stores.tickets.items)


@pytest.mark.parametrize("change", [{"email": "autre@example.org"}, {"password_set_at": NOW}])
def test_mailed_link_ends_with_a_change_of_password_or_of_address(stores, change):
    _, token = mailed(stores)
    assert stores.accounts.replace(OPENED, OPENED.model_copy(update=change))
    assert not is_good(stores, token)


@pytest.mark.parametrize("when", ["before", "after"])
def test_mail_whose_link_could_not_be_stored_is_asked_again_whole(stores, when):
    stores.writes.fail_at = {0: when}
    with pytest.raises(Unavailable):
        mailed(stores)
    assert is_good(stores, mailed(stores)[1])

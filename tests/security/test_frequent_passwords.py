"""A password that everybody chooses is refused wherever one is chosen, and the page says why."""

import pytest

from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, change, choose, mailed_link
from tests.support.people import PASSWORD

WHY = "Il est parmi les 100 000 mots de passe longs les plus utilisés, donc les premiers essayés."
FREQUENT = ("qwertyqwerty", "Mailcreated5240", "sojdlg123aljg")
"""zxcvbn alone accepts the last two."""


@pytest.mark.parametrize("password", FREQUENT)
def test_changed_password_is_refused(dupont, password):
    page = change(dupont, PASSWORD, password)
    assert (page.status, page.says(WHY)) == (422, True)
    assert password not in page.text
    assert Browser().sign_in().status == 303


@pytest.mark.parametrize("password", FREQUENT)
def test_password_chosen_by_a_link_is_refused_and_the_link_still_serves(portal, password):
    path = mailed_link(portal)
    page = choose(path, password)
    assert (page.status, page.says(WHY)) == (422, True)
    assert choose(path, NEW).status == 303


def test_password_that_was_chosen_before_still_signs_in(portal):
    held = portal.stores.accounts.find("dupont")
    frequent = held.model_copy(update={"password_hash": portal.hashing.hash("qwertyqwerty")})
    assert portal.stores.accounts.replace(held, frequent)
    assert Browser().sign_in(password="qwertyqwerty").status == 303

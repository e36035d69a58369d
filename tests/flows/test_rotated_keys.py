"""A key is renewed while families use the portal: what the older generation made still serves, what is made is new."""

import dataclasses

import pytest

from chalicelib import portal as portals
from chalicelib.services.activation import activation_code
from chalicelib.services.delivery_mode import paper_link
from chalicelib.services.passwords import needs_rehash
from chalicelib.settings import Secrets
from tests.browsing import Browser
from tests.people import DUPONT

FRESH = {name: bytes([n]) * 32 for n, name in enumerate(("pepper", "csrf", "links", "activation", "counting"), 101)}


def rotated(secrets, *names, keep=True):
    """The same secrets, these ones with a fresh generation first; the older one dropped unless it is kept."""
    olds = secrets.model_dump()
    fresh = {name: (FRESH[name], *(olds[name] if keep else ())) for name in names}
    return Secrets.model_validate(olds | fresh)


@pytest.fixture
def rotate(portal, monkeypatch):
    """Renew these keys as a redeployed portal would find them; answers that portal."""

    def renew(*names, keep=True):
        renewed = dataclasses.replace(portal, secrets=rotated(portal.secrets, *names, keep=keep))
        monkeypatch.setattr(portals, "current", lambda: renewed)
        return renewed

    return renew


def test_a_password_kept_with_the_older_pepper_signs_in_and_is_kept_with_the_new_one(portal, rotate):
    assert rotate("pepper")
    assert Browser().sign_in().status == 303
    stored = portal.accounts.find("dupont").password_hash
    assert not needs_rehash(stored, pepper=FRESH["pepper"], cost=portal.settings.bcrypt_cost)
    rotate("pepper", keep=False)
    assert Browser().sign_in().status == 303, "the older one may go once everybody signed in"


def test_a_password_of_a_pepper_that_is_gone_is_refused_as_a_wrong_one(rotate):
    rotate("pepper", keep=False)
    page = Browser().sign_in()
    assert (page.status, page.says("Identifiant ou mot de passe incorrect.")) == (401, True)


def test_a_form_shown_before_the_rotation_is_posted_after_it(rotate, dupont):
    dupont.get("/mode-de-reception")
    rotate("csrf")
    assert dupont.post("/mode-de-reception", mode="courrier").status in (200, 303)


def test_a_form_of_a_key_that_is_gone_is_refused(rotate, dupont):
    dupont.get("/mode-de-reception")
    rotate("csrf", keep=False)
    assert dupont.post("/mode-de-reception", mode="courrier").status == 403


@pytest.mark.parametrize(("keep", "status"), [(True, 200), (False, 410)])
def test_the_way_back_to_paper_of_an_older_mail_works_as_long_as_its_key(portal, rotate, keep, status):
    path = paper_link(DUPONT, key=portal.secrets.links[0])
    rotate("links", keep=keep)
    assert Browser().get(path).status == status


@pytest.mark.parametrize("keep", [True, False])
def test_a_printed_code_opens_its_account_as_long_as_its_key(portal, rotate, today, keep):
    account = DUPONT.model_copy(update={"username": "nouveau", "activation_printed_on": today})
    portal.accounts.add(account)
    code = activation_code(account, key=portal.secrets.activation[0])
    rotate("activation", keep=keep)
    page = Browser().sign_in("nouveau", code)
    assert page.status == (303 if keep else 401)

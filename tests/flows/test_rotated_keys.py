"""A key is renewed while families use the portal: what the older generation made still serves, what is made is new."""

from datetime import timedelta

import pytest

from chalicelib import portal as portals
from chalicelib.domain.payment import AttemptState
from chalicelib.payment.signature import sign
from chalicelib.services.account.delivery_mode import paper_link
from chalicelib.services.account.find_families import find_families
from chalicelib.services.authentication.activation_code import activation_code
from chalicelib.services.authentication.counts import ACCOUNT_RULE, SOURCE_RULE, account_count, source_count
from chalicelib.services.authentication.hashing import needs_rehash
from chalicelib.services.authentication.locks import LockedBy
from chalicelib.services.authentication.unlock import unlock_account
from chalicelib.stage_settings import Secrets
from chalicelib.store.table import Table
from tests.flows.test_sign_in import fail
from tests.support.browsing import Browser
from tests.support.choosing_passwords import ask, choose, mailed_link
from tests.support.letterbox import mails
from tests.support.payments.bank import signing_bank
from tests.support.payments.paying import reference_of, say, start
from tests.support.people import DUPONT
from tests.support.streams import deliver_streams

FRESH = {name: bytes([n]) * 32 for n, name in enumerate(("pepper", "csrf", "links", "activation", "counting"), 101)}


def rotated(secrets, *names, keep=True):
    """The same secrets, these ones with a fresh generation first; the older one dropped unless it is kept."""
    olds = secrets.model_dump()
    fresh = {name: (FRESH[name], *(olds[name] if keep else ())) for name in names}
    return Secrets.model_validate(olds | fresh)


@pytest.fixture
def rotate(portal, monkeypatch):
    """Renew these keys as a redeployed portal would find them. Returns that portal."""

    def renew(*names, keep=True, **texts):
        secrets = rotated(portal.secrets, *names, keep=keep).model_copy(update=texts)
        wired = {"clock": portal.clock, "clients": portal.clients, "tasks": portal.tasks}
        renewed = portals.build(portal.settings, secrets, **wired)
        monkeypatch.setattr(portals, "current", lambda: renewed)
        return renewed

    return renew


def test_a_password_kept_with_the_older_pepper_signs_in_and_is_kept_with_the_new_one(portal, rotate):
    assert rotate("pepper")
    assert Browser().sign_in().status == 303
    stored = portal.stores.accounts.find("dupont").password_hash
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
def test_the_way_back_to_paper_of_an_older_mail_works_as_long_as_its_key(portal, rotate, today, keep, status):
    path = paper_link(DUPONT, key=portal.secrets.links[0], today=today)
    rotate("links", keep=keep)
    assert Browser().get(path).status == status


@pytest.mark.parametrize("keep", [True, False])
def test_a_printed_code_opens_its_account_as_long_as_its_key(portal, rotate, today, keep):
    account = DUPONT.model_copy(update={"username": "nouveau", "activation_printed_on": today})
    portal.stores.accounts.add(account)
    code = activation_code(account, key=portal.secrets.activation[0])
    rotate("activation", keep=keep)
    page = Browser().sign_in("nouveau", code)
    assert page.status == (303 if keep else 401)


@pytest.mark.parametrize("keep", [True, False])
def test_a_mailed_link_opens_its_account_whatever_became_of_its_key(portal, rotate, keep):
    path = mailed_link(portal)
    rotate("links", keep=keep)
    assert choose(path).location == "/connexion?fait=mot-de-passe"


@pytest.mark.parametrize(("keep", "status"), [(True, 429), (False, 303)])
def test_a_lock_stands_as_long_as_the_key_it_was_counted_under(portal, rotate, keep, status):
    fail(Browser(), 7)
    rotate("counting", keep=keep)
    assert Browser().sign_in().status == status


def test_failures_of_before_and_after_the_rotation_make_seven_together(portal, rotate, clock):
    fail(Browser(), 4)
    rotate("counting")
    asked, *tried = (page.status for page in fail(Browser(), 5))
    assert (asked, tried) == (422, [401, 401, 429, 429]), "the captcha is asked first"
    clock.advance(minutes=15)
    assert Browser().sign_in().status == 303


def test_a_source_waits_no_longer_because_of_the_rotation(portal, rotate, clock):
    most = portal.settings.source_pause
    for _ in range(most - 1):
        portal.stores.attempts.reserve(source_count("203.0.113.9"), now=clock(), below=most, rule=SOURCE_RULE)
    clock.advance(minutes=4)
    renewed = rotate("counting")
    counted = renewed.stores.attempts.reserve(source_count("203.0.113.9"), now=clock(), below=most, rule=SOURCE_RULE)
    assert (counted.failures, counted.last_failed_at) == (most, clock() - timedelta(minutes=4))


def test_who_proves_a_password_leaves_no_count_of_before(portal, rotate):
    fail(Browser(), 1)
    rotate("counting")
    assert Browser().sign_in().status == 303
    fail(Browser(), 1)
    assert Browser().sign_in().status == 303, "the second try in a row, and not the third"


def test_a_count_cleared_after_the_rotation_loses_its_older_name_first(portal, rotate, monkeypatch):
    fail(Browser(), 2)
    attempts = rotate("counting").stores.attempts
    attempts.reserve(account_count("dupont"), now=portal.clock(), below=7, rule=ACCOUNT_RULE)
    left = []
    delete = Table.delete

    def watched(self, *key):
        delete(self, *key)
        left.append(attempts.read([account_count("dupont")])[0].failures)

    monkeypatch.setattr(Table, "delete", watched)
    attempts.clear(account_count("dupont"))
    assert left == [3, 0], "and never the two of before"


def test_reminders_asked_for_before_and_after_are_three_an_hour_together(portal, rotate):
    for _ in range(2):
        ask(portal)
    rotate("counting")
    for _ in range(2):
        ask(portal)
    assert len(mails()) == 3


def test_a_family_that_the_desk_unlocks_after_the_rotation_comes_in(portal, rotate):
    fail(Browser(), 7)
    renewed = rotate("counting")
    assert unlock_account("dupont", attempts=renewed.stores.attempts, now=renewed.clock()).failures == 7
    assert Browser().sign_in().status == 303


def test_a_payment_begun_before_the_bank_s_key_changed_is_still_confirmed(portal, rotate, dupont):
    reference = reference_of(start(dupont))
    renewed = rotate(paybox_hmac_key="FEDCBA9876543210" * 8)
    assert say(signing_bank().notice(reference)).status == 200
    assert renewed.stores.payments.find(reference).state is AttemptState.PAID


def test_a_form_made_after_the_bank_s_key_changed_is_signed_with_it(portal, rotate, dupont):
    rotate(paybox_hmac_key="FEDCBA9876543210" * 8)
    *signed, (_, hmac) = start(dupont).items()
    assert hmac == sign(signed, "FEDCBA9876543210" * 8)


def test_a_lock_of_before_the_rotation_is_shown_by_the_office_s_search(portal, rotate):
    deliver_streams(portal)
    fail(Browser(), 7)
    renewed = rotate("counting")
    key = renewed.secrets.counting[0]
    (found,) = find_families("dupont", stores=renewed.stores, key=key, now=renewed.clock()).found
    assert [lock.by for lock in found.locks] == [LockedBy.SIGN_IN]

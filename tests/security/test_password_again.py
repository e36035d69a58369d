"""A browser left open: what it may not do without the password, and how wrong ones count."""

import re

import pytest

from chalicelib.domain.account import DeliveryMode
from tests.flows.test_contact_details import NEW, alter, follow_link
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW as NEW_PASSWORD
from tests.support.choosing_passwords import change
from tests.support.counting import counted_calls
from tests.support.letterbox import link_paths, mails
from tests.support.people import PASSWORD

WRONG = "Cet ancien mot de passe est incorrect."
MISSING = "Saisissez votre mot de passe actuel."


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def save(browser, **fields):
    browser.get("/coordonnees")
    return browser.post("/coordonnees", **fields)


def other_session(browser):
    """The address that ends the other browser's session, as the page gives it."""
    (path,) = set(re.findall(r"/mes-donnees/sessions/[0-9a-f]{16}", browser.get("/mes-donnees").text))
    return path


def choose_paper(browser, **typed):
    browser.get("/mode-de-reception")
    return browser.post("/mode-de-reception", mode="courrier", **typed)


def download(browser, **typed):
    browser.get("/mes-donnees/fichier")
    return browser.post("/mes-donnees/fichier", **typed)


def close_the_other(browser, **typed):
    return browser.post(other_session(browser), **typed)


GUARDED = {"paper": choose_paper, "file": download, "session": close_the_other}
"""What asks for the password when it was not typed for ten minutes."""


@pytest.fixture(params=GUARDED)
def act(request, portal, dupont):
    """One of them; another browser of the family is signed in as well."""
    assert Browser().sign_in().status == 303
    return GUARDED[request.param]


@pytest.mark.parametrize("email", [NEW, "", "autre@example.org"])
def test_another_address_or_none_asks_for_the_password(portal, dupont, email):
    before = account(portal)
    for typed, sentence in (("", MISSING), ("faux", WRONG)):
        page = save(dupont, courriel=email, mot_de_passe=typed)
        assert (page.status, page.says(sentence)) == (422, True)
        assert 'id="mot_de_passe-erreur"' in page.text
        assert page.outline.forms["/coordonnees"]["courriel"] == email
    assert (account(portal), portal.tasks.started) == (before, [])
    assert save(dupont, courriel=email, mot_de_passe=PASSWORD).status == 303
    assert account(portal) != before


def test_form_of_before_which_sends_no_password_changes_no_address(portal, dupont):
    before = account(portal)
    assert save(dupont, courriel=NEW).status == 422
    assert account(portal) == before


def test_telephones_and_the_same_address_ask_for_nothing(portal, dupont):
    assert save(dupont, telephone_mobile="06 12 34 56 78", courriel="Dupont@Example.org").status == 303
    assert save(dupont, telephone_fixe="01 99 00 12 34", mot_de_passe="faux").status == 303
    assert (account(portal).mobile, account(portal).email_pending) == ("0612345678", None)
    assert change(dupont, "faux", NEW_PASSWORD).status == 422, "and no wrong one was counted"
    assert save(dupont, courriel=NEW, mot_de_passe=PASSWORD).status == 303


def test_first_address_of_an_account_asks_as_well(portal):
    martin = Browser()
    assert martin.sign_in("martin").status == 303
    assert save(martin, courriel="martin@example.org").status == 422
    assert account(portal, "martin").email_pending is None


def test_address_is_asked_with_the_password_even_just_after_signing_in(dupont):
    assert save(dupont, courriel=NEW).says(MISSING)


def test_seventh_wrong_one_locks_the_form_as_that_of_the_password_does(portal, dupont, clock):
    pages = [save(dupont, courriel=NEW, mot_de_passe=f"faux {n}") for n in range(7)]
    assert [page.status for page in pages] == [422] * 6 + [429]
    assert pages[-1].says("Réessayez à partir de 11 h 15")
    assert pages[-1].outline.forms["/coordonnees"]["courriel"] == NEW
    assert save(dupont, courriel=NEW, mot_de_passe=PASSWORD).status == 429
    assert change(dupont, PASSWORD, NEW_PASSWORD).status == 429, "one count for both forms"
    assert save(dupont, telephone_fixe="01 99 00 12 34").status == 303
    clock.advance(minutes=15)
    assert save(dupont, courriel=NEW, mot_de_passe=PASSWORD).status == 303


def test_wrong_ones_of_both_forms_add_up(dupont):
    assert [change(dupont, f"faux {n}", NEW_PASSWORD).status for n in range(6)] == [422] * 6
    assert save(dupont, courriel=NEW, mot_de_passe="faux").status == 429


def test_empty_field_counts_nothing(dupont):
    assert {save(dupont, courriel=NEW).status for _ in range(9)} == {422}
    assert save(dupont, courriel=NEW, mot_de_passe=PASSWORD).status == 303


def test_what_is_wrong_in_the_form_is_told_before_a_password_is_counted(dupont):
    assert {save(dupont, courriel="dupont@", mot_de_passe="faux").status for _ in range(9)} == {422}
    assert save(dupont, courriel=NEW, mot_de_passe=PASSWORD).status == 303


@pytest.mark.parametrize("typed", ["faux et long", PASSWORD])
def test_typed_password_is_never_given_back(portal, dupont, typed):
    pages = [
        save(dupont, courriel="dupont@", mot_de_passe=typed),
        save(dupont, courriel="camille@gmial.com", mot_de_passe=typed),
        save(dupont, courriel=NEW, telephone_mobile="06", mot_de_passe=typed),
    ]
    assert {page.status for page in pages} == {422}
    assert not [page for page in pages if typed in page.text]


def test_field_stands_beside_the_address_and_needs_no_script(dupont):
    page = dupont.get("/coordonnees")
    names = [field.get("name") for field in page.outline.inputs]
    assert names.index("mot_de_passe") == names.index("courriel") + 1
    (field,) = [field for field in page.outline.inputs if field.get("name") == "mot_de_passe"]
    assert (field["type"], field["autocomplete"], "required" in field) == ("password", "current-password", False)
    assert page.says("Seulement pour changer ou retirer l’adresse mail.")
    assert "<script" not in page.text


def test_ten_minutes_after_it_was_typed_the_password_is_asked_again(portal, dupont, clock, act):
    clock.advance(minutes=10, seconds=1)
    before = account(portal)
    for typed, sentence in ({}, MISSING), ({"mot_de_passe": "faux"}, WRONG):
        page = act(dupont, **typed)
        assert (page.status, page.says(sentence)) == (422, True)
        assert "faux" not in page.text
    assert account(portal) == before
    assert "data_downloaded" not in journal(portal)
    assert act(dupont, mot_de_passe=PASSWORD).status in (200, 303)


def test_within_ten_minutes_nothing_is_asked(portal, dupont, clock, act):
    clock.advance(minutes=10)
    assert 'name="mot_de_passe"' not in dupont.get("/mode-de-reception").text
    assert act(dupont).status in (200, 303)


def test_password_typed_in_one_of_the_forms_is_good_for_ten_minutes_more(portal, dupont, clock):
    clock.advance(minutes=11)
    assert download(dupont, mot_de_passe=PASSWORD).header("content-disposition").startswith("attachment")
    clock.advance(minutes=9)
    assert choose_paper(dupont).status == 303
    assert account(portal).delivery_mode is DeliveryMode.PAPER
    clock.advance(minutes=2)
    assert download(dupont).status == 422


def test_changed_password_is_a_proof(dupont, clock):
    clock.advance(minutes=11)
    assert change(dupont, PASSWORD, NEW_PASSWORD).status == 303
    assert download(dupont).status == 200


def test_proof_is_of_one_browser(dupont, clock):
    clock.advance(minutes=11)
    assert Browser().sign_in().status == 303
    assert download(dupont).status == 422


def test_seventh_wrong_one_locks_each_of_them(dupont, clock, act):
    clock.advance(minutes=11)
    pages = [act(dupont, mot_de_passe=f"faux {n}") for n in range(7)]
    assert [page.status for page in pages] == [422] * 6 + [429]
    assert pages[-1].says("Réessayez à partir de 11 h 26")
    assert act(dupont, mot_de_passe=PASSWORD).status == 429
    assert dupont.get("/factures").status == 200, "the session stays open"


def test_session_of_an_earlier_version_was_proved_when_it_was_opened(portal, dupont, clock):
    table = portal.settings.table("sessions")
    (row,) = portal.clients.dynamodb.scan(TableName=table)["Items"]
    portal.clients.dynamodb.put_item(
        TableName=table, Item={name: row[name] for name in row if name not in ("proved_at", "browser")}
    )
    assert download(dupont).status == 200
    clock.advance(minutes=11)
    assert download(dupont).status == 422
    assert download(dupont, mot_de_passe=PASSWORD).status == 200


def test_impossible_choice_is_told_before_a_password_is_asked(portal, dupont, clock):
    alter(portal, email_bounced_at=clock(), delivery_mode=DeliveryMode.PAPER)
    clock.advance(minutes=11)
    dupont.get("/mode-de-reception")
    page = dupont.post("/mode-de-reception", mode="courriel", mot_de_passe="faux")
    assert (page.status, page.says("nous reviennent"), page.says(WRONG)) == (422, True, False)


def test_file_is_behind_a_button_and_a_head_reads_nothing(portal, dupont):
    page = dupont.get("/mes-donnees/fichier")
    assert (page.is_html, page.says("Télécharger le fichier")) == (True, True)
    with counted_calls(portal) as calls:
        assert dupont._go("HEAD", "/mes-donnees/fichier", None, {}).status == 200
    assert dict(calls) == {"dynamodb.BatchGetItem": 1}
    assert dupont.post("/mes-donnees/fichier", csrf="").status == 403
    assert "data_downloaded" not in journal(portal)


def test_confirmed_address_needs_no_password_at_its_link(portal, dupont):
    """The link works signed out, and was asked for with the password."""
    save(dupont, courriel=NEW, mot_de_passe=PASSWORD)
    portal.tasks.run()
    (path,) = [path for mail in mails() if mail.to == NEW for path in link_paths(mail)]
    assert follow_link(path).status == 303
    assert account(portal).email == NEW


def journal(portal):
    return [entry.event for entry in portal.stores.journal.latest("dupont", now=portal.clock())]

"""« Modifier ou compléter mes coordonnées mail et téléphone »."""

import pytest

from chalicelib.domain.account import DeliveryMode
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.letterbox import link_paths, mails
from tests.support.people import PASSWORD

NEW = "nouvelle@example.org"
WORTHLESS = "Ce lien ne peut plus servir"


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def alter(portal, **changes):
    held = account(portal)
    assert portal.stores.accounts.replace(held, held.model_copy(update=changes))


def save(browser, **fields):
    """The password goes with another address, and with none."""
    browser.get("/coordonnees")
    return browser.post("/coordonnees", mot_de_passe=PASSWORD if "courriel" in fields else "", **fields)


def ask_new_email(portal, browser, email=NEW):
    """Ask for another address. Returns the path of the link it got."""
    save(browser, courriel=email)
    portal.tasks.run()
    return next(path for mail in reversed(mails()) if mail.to == email for path in link_paths(mail))


def follow_link(path, browser=None):
    browser = browser or Browser()
    browser.get(path)
    return browser.post("/coordonnees/confirmation")


def test_phones_are_kept_at_once_as_france_dials_them(portal, dupont):
    save(dupont, telephone_mobile="+33 (0)6\u00a012 34 56 78", telephone_fixe="01.99.00.12.34")
    assert dupont.follow().says("Vos coordonnées sont enregistrées.")
    held = account(portal)
    assert (held.mobile, held.landline, held.changed_by_parent) == ("0612345678", "0199001234", ("landline", "mobile"))
    assert dupont.page.outline.forms["/coordonnees"]["telephone_mobile"] == "06\u00a012\u00a034\u00a056\u00a078"
    save(dupont, telephone_mobile=" ")
    assert account(portal).mobile is None


def test_phone_that_nobody_has_is_refused_and_given_back(portal, dupont):
    page = save(dupont, telephone_fixe="0612345", telephone_mobile="06 12 34 56 78")
    assert (page.status, page.says("Ce numéro n’existe pas.")) == (422, True)
    assert page.outline.forms["/coordonnees"]["telephone_fixe"] == "0612345"
    assert account(portal).mobile is None


def test_two_numbers_in_one_field_are_told_as_two(portal, dupont):
    page = save(dupont, telephone_mobile="06 12 34 56 78 / 01 99 00 12 34")
    assert (page.status, page.says("Un seul numéro par case, comme 06 12 34 56 78.")) == (422, True)
    assert account(portal).mobile is None


def test_landline_in_the_mobile_s_place_is_told_where_it_goes(dupont):
    assert save(dupont, telephone_mobile="01 99 00 12 34").says("inscrivez-le dans la case « Téléphone fixe »")


def test_phone_of_a_file_stays_as_it_is_when_another_field_changes(portal, dupont):
    alter(portal, mobile="+999123")
    assert save(dupont, telephone_fixe="01 99 00 12 34").status == 303
    assert (account(portal).mobile, account(portal).landline) == ("+999123", "0199001234")
    assert account(portal).changed_by_parent == ("landline",)


def test_page_costs_one_round_trip(portal, dupont):
    with counted_calls(portal) as calls:
        assert dupont.get("/coordonnees").status == 200
    assert dict(calls) == {"dynamodb.BatchGetItem": 1}


def test_what_is_not_one_address_is_refused_and_given_back(portal, dupont):
    page = save(dupont, courriel="a@b.fr, c@d.fr")
    assert (page.status, page.says("Une seule adresse mail, comme camille@example.org.")) == (422, True)
    assert page.outline.forms["/coordonnees"]["courriel"] == "a@b.fr, c@d.fr"
    assert account(portal).email_pending is None


def test_control_characters_in_an_address_are_refused(portal, dupont):
    for typed in ("a@example.org\r\nBcc: b@example.org", "a@exam\r\nple.org", "a\tb@example.org"):
        assert save(dupont, courriel=typed).status == 422
    assert account(portal).email_pending is None


@pytest.mark.parametrize("typed", ["\u200b", " \u200b\u2060 ", "\ufeff", "\u00ad"])
def test_a_field_of_invisible_signs_does_not_remove_the_address(portal, dupont, typed):
    page = save(dupont, courriel=typed)
    assert (page.status, page.says("Cette adresse mail n’est pas complète.")) == (422, True)
    assert account(portal).email == "dupont@example.org"


def test_likely_slip_is_suggested_once_then_believed(portal, dupont):
    page = save(dupont, courriel="camille@gmial.com")
    assert (page.status, page.says("Vouliez-vous dire camille@gmail.com ?")) == (422, True)
    assert dupont.post("/coordonnees", courriel="camille@gmial.com", mot_de_passe=PASSWORD).status == 303
    assert account(portal).email_pending == "camille@gmial.com"


def test_button_corrects_the_slip(portal, dupont):
    assert save(dupont, courriel="camille@gmial.com").status == 422
    dupont.post("/coordonnees", courriel_suggere="camille@gmail.com", mot_de_passe=PASSWORD)
    assert account(portal).email_pending == "camille@gmail.com"


def test_address_typed_anew_wins_over_the_suggestion(portal, dupont):
    assert save(dupont, courriel="camille@gmial.com").status == 422
    dupont.post("/coordonnees", courriel=NEW, courriel_suggere="camille@gmail.com", mot_de_passe=PASSWORD)
    assert account(portal).email_pending == NEW


def test_new_address_is_used_only_once_its_link_was_followed(portal, dupont):
    path = ask_new_email(portal, dupont)
    assert account(portal).email == "dupont@example.org"
    assert dupont.get("/coordonnees").says("L’adresse nouvelle@example.org attend votre confirmation")
    assert Browser().get(path).says("nouvelle@example.org")
    assert account(portal).email == "dupont@example.org"
    assert follow_link(path).location == "/connexion?fait=courriel-confirme"
    assert (account(portal).email, account(portal).email_pending) == (NEW, None)
    assert account(portal).changed_by_parent == ("email",)


def test_old_and_new_addresses_are_told(portal, dupont):
    path = ask_new_email(portal, dupont)
    assert [(mail.to, mail.subject) for mail in mails()] == [
        (NEW, "Confirmez votre adresse"),
        ("dupont@example.org", "Un changement d’adresse mail a été demandé"),
    ]
    assert not any(mail.says(NEW) for mail in mails() if mail.to == "dupont@example.org")
    follow_link(path)
    portal.tasks.run()
    assert [mail.to for mail in mails()[2:]] == ["dupont@example.org", NEW]
    assert {mail.subject for mail in mails()[2:]} == {"Votre adresse mail a été changée"}


def test_link_is_single_use_and_lives_a_day(portal, dupont, clock):
    path = ask_new_email(portal, dupont)
    clock.advance(hours=24)
    assert (Browser().get(path).status, Browser().get(path).says(WORTHLESS)) == (410, True)
    path = ask_new_email(portal, signed_in())
    clock.advance(hours=23, minutes=59)
    late = Browser()
    assert late.get(path).status == 200
    assert follow_link(path).status == 303
    assert late.post("/coordonnees/confirmation").status == 410
    assert Browser().get(path).status == 410


def signed_in():
    browser = Browser()
    assert browser.sign_in().status == 303
    return browser


def test_link_dies_when_another_address_is_asked_for(portal, dupont):
    path = ask_new_email(portal, dupont)
    ask_new_email(portal, dupont, "autre@example.org")
    assert Browser().get(path).status == 410
    assert account(portal).email == "dupont@example.org"


def test_made_up_link_is_worthless(browser):
    for token in ("", "x", "é", "A" * 43, "A" * 5000):
        assert browser.get(f"/coordonnees/confirmation?jeton={token}").status == 410


def test_link_needs_our_own_form_to_be_spent(portal, dupont):
    path = ask_new_email(portal, dupont)
    browser = Browser()
    browser.get(path)
    assert browser.post("/coordonnees/confirmation", csrf="").status == 403
    assert account(portal).email == "dupont@example.org"


def test_token_is_stored_nowhere(portal, dupont):
    token = ask_new_email(portal, dupont).partition("=")[2]
    for noun in ("tickets", "accounts", "journal"):
        assert token not in repr(portal.clients.dynamodb.scan(TableName=portal.settings.table(noun))["Items"])


def test_address_saved_again_is_mailed_again_five_times_a_day(portal, dupont):
    for _ in range(5):
        assert save(dupont, courriel=NEW).status == 303
    page = save(dupont, courriel=NEW)
    assert (page.status, page.says("Réessayez demain.")) == (422, True)
    announced = [event["announcement"]["message"] for _, event in portal.tasks.started]
    assert announced.count("confirm_email") == 5


def test_other_field_saved_meanwhile_leaves_the_awaited_address(portal, dupont):
    path = ask_new_email(portal, dupont)
    assert save(dupont, telephone_fixe="01 99 00 12 34").status == 303
    assert follow_link(path).status == 303


def test_removed_address_sends_invoices_by_post_and_says_so(portal, dupont):
    save(dupont, courriel="")
    assert dupont.follow().says("à partir de la prochaine, vos factures arrivent par courrier")
    held = account(portal)
    assert (held.email, held.delivery_mode) == (None, DeliveryMode.PAPER)
    assert held.changed_by_parent == ("delivery_mode", "email")
    portal.tasks.run()
    (mail,) = mails()
    assert (mail.to, mail.says("Vos prochaines factures arriveront par courrier.")) == ("dupont@example.org", True)


def test_bouncing_address_says_so_and_is_trusted_again_by_its_link(portal, dupont, clock):
    alter(portal, email_bounced_at=clock())
    assert dupont.get("/coordonnees").says("nous reviennent")
    dupont.post("/coordonnees/verification")
    assert account(portal).email_bounced_at is not None
    portal.tasks.run()
    (path,) = link_paths(mails()[-1])
    follow_link(path)
    assert account(portal).email_bounced_at is None
    assert not dupont.get("/coordonnees").says("nous reviennent")


def test_bouncing_address_is_told_at_the_next_sign_in(portal, clock):
    alter(portal, email_bounced_at=clock())
    browser = Browser()
    assert browser.sign_in().status == 303
    assert browser.follow().says("vos factures vous sont adressées par courrier")
    assert not browser.get("/").says("vos factures vous sont adressées par courrier")


def test_sound_address_is_not_proved_for_nothing(portal, dupont):
    dupont.get("/coordonnees")
    csrf = dupont.page.outline.forms["/coordonnees"]["csrf"]
    assert dupont.post("/coordonnees/verification", csrf=csrf).location == "/coordonnees"
    assert not portal.tasks.started


def test_extra_fields_change_nothing(portal, dupont):
    before = account(portal)
    extra = {"quotient_cents": "0", "delivery_mode": "PAPER", "username": "martin", "email": "x@example.org"}
    assert save(dupont, **extra).location == "/coordonnees?fait=coordonnees"
    assert account(portal) == before

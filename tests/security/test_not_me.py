"""« Ce n'est pas moi »: whoever reads the old address takes the account back, and nobody else does."""

import pytest

from tests.flows.test_contact_details import NEW, ask_new_email, follow_link, save
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW as NEW_PASSWORD
from tests.support.choosing_passwords import ask, change, choose
from tests.support.gateway import Call
from tests.support.letterbox import link_paths, mails
from tests.support.people import DUPONT, PASSWORD

OLD = "dupont@example.org"
PATH = "/ce-n-est-pas-moi"
WORTHLESS = "Ce lien ne peut plus servir"


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def signed_in(password=PASSWORD):
    browser = Browser()
    assert browser.sign_in(password=password).status == 303
    return browser


def undo_links(portal, to=OLD):
    """The links of « Ce n'est pas moi » that this address received, oldest first."""
    portal.tasks.run()
    return [path for mail in mails() if mail.to == to for path in link_paths(mail) if path.startswith(PATH)]


def asked(portal, browser, email=NEW):
    """Another address is asked for. Returns the link that the old one received."""
    save(browser, courriel=email)
    return undo_links(portal)[-1]


def taken(portal, browser, email=NEW):
    """Another address is asked for and confirmed. Returns the link in the mail that says so."""
    assert follow_link(ask_new_email(portal, browser, email)).status == 303
    return undo_links(portal)[-1]


def removed(portal, browser):
    save(browser, courriel="")
    return undo_links(portal)[-1]


def press(path, browser=None):
    browser = browser or Browser()
    page = browser.get(path)
    return browser.post(PATH) if page.status == 200 else page


TAKEN = {"asked for": asked, "confirmed": taken, "removed": removed}


@pytest.fixture(params=TAKEN)
def link(request, portal, dupont):
    """The link after each kind of change, made from Mme Dupont's open browser."""
    return TAKEN[request.param](portal, dupont)


def test_old_address_takes_the_account_back_and_gets_the_only_link_to_a_password(portal, dupont, link):
    visitor, before = Browser(), len(mails())
    page = visitor.get(link)
    assert page.says("L’adresse mail du compte famille dupont a été changée, ou son changement a été demandé.")
    assert visitor.post(PATH).location == "/connexion?fait=pas-moi"
    assert visitor.follow().says("l’adresse mail du compte est la vôtre")
    held = account(portal)
    assert (held.email, held.email_pending, held.sessions) == (OLD, None, {})
    assert dupont.get("/factures").status == 303
    portal.tasks.run()
    (mail,) = mails()[before:]
    assert (mail.to, mail.subject) == (OLD, "Changement d’adresse mail annulé")
    (path,) = link_paths(mail)
    assert choose(path).location == "/connexion?fait=mot-de-passe"
    assert [Browser().sign_in(password=one).status for one in (PASSWORD, NEW_PASSWORD)] == [401, 303]
    assert "email_undone" in [entry.event for entry in portal.stores.journal.latest("dupont", now=portal.clock())]


def test_looking_at_the_link_changes_nothing(portal, link):
    before = account(portal)
    for method in ("GET", "HEAD", "GET"):
        assert Browser().send(Call(method, link, {"User-Agent": "scanner", "Accept": "*/*"})).status == 200
    assert account(portal) == before
    assert not portal.tasks.started


def test_pressed_again_it_is_done_again(portal, link):
    assert [press(link).status for _ in range(3)] == [303, 303, 303]
    assert account(portal).email == OLD
    portal.tasks.run()
    last = next(path for path in link_paths(mails()[-1]))
    assert choose(last).status == 303, "the last mail's link is the good one"


def test_once_a_new_password_is_chosen_the_link_ends_nobody_s_session(portal, link):
    assert press(link).status == 303
    portal.tasks.run()
    assert choose(link_paths(mails()[-1])[0]).status == 303
    mine = signed_in(NEW_PASSWORD)
    page = press(link)
    assert (page.status, page.says(WORTHLESS)) == (410, True)
    assert "/identifiants-oublies" in page.outline.links
    assert mine.get("/factures").status == 200


def test_link_lives_seventy_two_hours(portal, link, clock):
    clock.advance(hours=71, minutes=59)
    assert Browser().get(link).status == 200
    clock.advance(minutes=1)
    assert press(link).status == 410


def test_link_that_nobody_confirmed_within_a_day_still_ends_the_sessions(portal, dupont, clock):
    path = asked(portal, dupont)
    clock.advance(hours=30)
    assert press(path).status == 303
    assert account(portal).email == OLD


def test_password_changed_by_whoever_took_the_account_does_not_save_them(portal, dupont):
    taken(portal, dupont)
    assert change(dupont, PASSWORD, NEW_PASSWORD).status == 303
    assert press(undo_links(portal)[-1]).status == 303
    assert (account(portal).email, dupont.get("/factures").status) == (OLD, 303)


def test_first_warning_serves_after_the_confirmation_as_well(portal, dupont):
    path = asked(portal, dupont)
    taken(portal, dupont)
    assert press(path).status == 303
    assert account(portal).email == OLD


def test_password_changed_drops_the_awaited_address_and_makes_the_link_worthless(portal, dupont):
    path = asked(portal, dupont)
    assert change(dupont, PASSWORD, NEW_PASSWORD).status == 303
    assert press(path).status == 410


@pytest.mark.parametrize("later", ["asked for", "confirmed"])
def test_later_change_makes_the_link_worthless_and_brings_another(portal, dupont, later):
    first = TAKEN[later](portal, dupont)
    last = TAKEN[later](portal, dupont, "autre@example.org")
    assert press(first).status == 410
    assert press(last).status == 303
    assert account(portal).email == OLD, "two changes in a row do not put the account out of reach"


def test_address_in_between_may_come_back_too_and_no_further(portal, dupont, clock):
    taken(portal, dupont)
    clock.advance(hours=73)
    browser = signed_in()
    taken_again = follow_link(ask_new_email(portal, browser, "autre@example.org"))
    assert taken_again.status == 303
    assert press(undo_links(portal, NEW)[-1]).status == 303
    assert account(portal).email == NEW
    assert all(press(path).status == 410 for path in undo_links(portal, OLD))


def test_family_that_goes_back_to_its_own_address_leaves_no_link_to_the_other(portal, dupont):
    taken(portal, dupont)
    before = len(mails())
    assert follow_link(ask_new_email(portal, dupont, OLD)).status == 303
    portal.tasks.run()
    assert account(portal).email == OLD
    assert [(mail.to, mail.subject) for mail in mails()[before + 2 :]] == [
        (NEW, "Votre adresse mail a été changée"),
        (OLD, "Votre adresse mail a été changée"),
    ]
    assert all(press(path).status == 410 for path in undo_links(portal, NEW))


def test_new_address_never_gets_the_link(portal, dupont):
    taken(portal, dupont)
    assert undo_links(portal, NEW) == []


def test_forged_altered_or_another_account_s_link_is_worthless(portal, dupont):
    path = taken(portal, dupont)
    username, ends, signed = path.partition("=")[2].split("~")
    before = account(portal), account(portal, "martin")
    for token in (
        "", "x", "é", "A" * 5000, f"martin~{ends}~{signed}", f"personne~{ends}~{signed}",
        f"{username}~{int(ends) + 3600}~{signed}", f"{username}~{ends}~{'0' * 64}", f"{username}~{ends}~", "~~",
    ):  # fmt: skip
        page = Browser().get(f"{PATH}?jeton={token}")
        assert (page.status, page.says(WORTHLESS)) == (410, True), token
        visitor = Browser()
        visitor.get(path)
        assert visitor.post(PATH, jeton=token).status == 410
    assert (account(portal), account(portal, "martin")) == before


def test_link_needs_our_own_form(portal, dupont):
    path = taken(portal, dupont)
    browser = Browser()
    browser.get(path)
    assert browser.post(PATH, csrf="").status == 403
    assert browser.post(PATH, {"Origin": "https://evil.example.com"}).status == 403
    assert account(portal).email == NEW


def test_link_and_page_name_no_address(portal, dupont):
    path = taken(portal, dupont)
    assert "@" not in path
    page = Browser().get(path)
    assert not [email for email in (OLD, NEW) if page.says(email)]


def test_browser_that_is_signed_in_is_signed_out(portal, dupont):
    path = taken(portal, dupont)
    assert press(path, dupont).status == 303
    assert "__Host-session" not in dupont.cookies
    martin = Browser()
    assert martin.sign_in("martin").status == 303
    assert press(path, martin).status == 303
    assert martin.get("/factures").status == 200, "another family's browser is not"


def test_account_that_was_erased_has_nothing_to_undo(portal, dupont):
    path = taken(portal, dupont)
    portal.stores.accounts.remove("dupont")
    assert press(path).status == 410


def test_delivery_and_telephones_are_left_as_they_are(portal, dupont):
    path = removed(portal, dupont)
    before = account(portal)
    assert press(path).status == 303
    assert (account(portal).delivery_mode, account(portal).mobile) == (before.delivery_mode, before.mobile)


def test_forgotten_identifiers_go_to_the_old_address_too_for_seventy_two_hours(portal, dupont, clock):
    taken(portal, dupont)
    for hours, to in ((0, [NEW, OLD]), (71, [NEW, OLD]), (2, [NEW])):
        clock.advance(hours=hours)
        before = len(mails())
        ask(portal, NEW)
        assert [(mail.to, mail.subject) for mail in mails()[before:]] == [(one, "Vos identifiants") for one in to]
        assert len({tuple(link_paths(mail)) for mail in mails()[before:]}) == 1, "the same link"


def test_old_address_gets_the_identifiers_of_the_accounts_that_left_it_alone(portal, dupont):
    portal.stores.accounts.add(DUPONT.model_copy(update={"username": "durand", "email": NEW}))
    taken(portal, dupont)
    before = len(mails())
    ask(portal, NEW)
    told = {
        mail.to: (mail.says("Identifiant : dupont"), mail.says("Identifiant : durand")) for mail in mails()[before:]
    }
    assert told == {NEW: (True, True), OLD: (True, False)}


def test_whoever_went_back_by_the_link_gets_the_identifiers_alone(portal, dupont):
    assert press(taken(portal, dupont)).status == 303
    portal.tasks.run()
    before = len(mails())
    ask(portal, OLD)
    assert [mail.to for mail in mails()[before:]] == [OLD]
    ask(portal, NEW)
    assert len(mails()) == before + 1, "the other address knows nothing of the account any more"

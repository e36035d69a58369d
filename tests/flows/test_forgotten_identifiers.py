"""The guide, « En cas de perte du mot de passe, cliquez sur Identifiant ou mot de passe oublié »."""

import pytest

from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, USELESS, ask, choose, mailed_link
from tests.support.counting import counted_calls
from tests.support.gateway import Call
from tests.support.letterbox import link_paths, mails
from tests.support.people import DUPONT, PASSWORD

SENT = "Si cette adresse est connue du Guichet unique, un courriel vient de partir."


def test_mail_gives_the_identifier_and_a_link_that_sets_a_password(portal):
    assert ask(portal).says(SENT)
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("dupont@example.org", "Vos identifiants")
    assert mail.says("Identifiant : dupont (Mme Éloïse Dupont)")
    browser = Browser()
    assert choose(link_paths(mail)[0], browser=browser).location == "/connexion?fait=mot-de-passe"
    assert browser.follow().says("Votre nouveau mot de passe est enregistré.")
    assert browser.sign_in(password=NEW).location == "/"


def test_unknown_address_gets_the_same_answer_in_the_same_steps(portal):
    answers = []
    for email in ("dupont@example.org", "personne@example.org"):
        browser = Browser()
        browser.get("/identifiants-oublies")
        with counted_calls(portal) as calls:
            page = browser.post("/identifiants-oublies", courriel=email)
        ((task, event),) = portal.tasks.started
        portal.tasks.started.clear()
        answers.append((page.status, page.headers, browser.follow().body, dict(calls), task, sorted(event)))
    assert answers[0] == answers[1]


def test_unknown_address_gets_no_mail(portal):
    assert ask(portal, "personne@example.org").says(SENT)
    assert not mails()


def test_the_same_form_sent_twice_is_one_mail(portal):
    browser = Browser()
    form = browser.get("/identifiants-oublies")
    for _ in range(2):
        browser.page = form
        assert browser.post("/identifiants-oublies", courriel="dupont@example.org").status == 303
    portal.tasks.run()
    assert len(mails()) == 1


def test_page_reloaded_asks_for_nothing_again(portal):
    browser = Browser()
    ask(portal, browser=browser)
    assert browser.get("/identifiants-oublies?fait=envoi").says(SENT)
    assert not portal.tasks.started
    assert len(mails()) == 1


def test_address_is_forgiven_its_capitals_and_spaces(portal):
    ask(portal, " Dupont@Example.ORG ")
    assert [mail.to for mail in mails()] == ["dupont@example.org"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "dupont",
        "dupont@",
        "dupont@example.org, martin@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "dupont@example\r\n.org",
        "dupont@example.org\x0b.fr",
    ],
)
def test_what_is_not_one_address_is_refused_by_its_field_and_given_back(portal, typed):
    page = ask(portal, typed)
    assert page.status == 422
    assert page.says("Cette adresse mail n’est pas complète.")
    assert not mails()


def test_link_lives_thirty_minutes(portal, clock):
    path = mailed_link(portal)
    clock.advance(minutes=29)
    assert choose(path).status == 303


def test_link_older_than_thirty_minutes_is_useless_and_says_where_to_get_another(portal, clock):
    path = mailed_link(portal)
    clock.advance(minutes=31)
    page = Browser().get(path)
    assert page.status == 410
    assert page.says(USELESS)
    assert "/identifiants-oublies" in page.outline.links


def test_form_opened_in_time_and_posted_too_late_changes_nothing(portal, clock):
    browser = Browser()
    browser.get(mailed_link(portal))
    clock.advance(minutes=31)
    assert browser.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=NEW, confirmation=NEW).says(USELESS)
    assert portal.stores.accounts.find("dupont").password_set_at is None


def test_link_works_once(portal):
    path = mailed_link(portal)
    early = Browser()
    early.get(path)
    assert choose(path).status == 303
    late = early.post("/nouveau-mot-de-passe", nouveau_mot_de_passe="autre " + NEW, confirmation="autre " + NEW)
    assert late.says(USELESS)
    assert Browser().get(path).says(USELESS)
    assert Browser().sign_in(password=NEW).status == 303


def test_newer_link_ends_the_older(portal):
    older, newer = mailed_link(portal), mailed_link(portal)
    assert choose(older).says(USELESS)
    assert choose(newer).status == 303


def test_looking_at_a_link_spends_nothing(portal):
    path = mailed_link(portal)
    for method in ("GET", "HEAD", "GET"):
        assert Browser().send(Call(method, path, {"User-Agent": "scanner", "Accept": "*/*"})).status == 200
    assert choose(path).status == 303


def test_refused_password_does_not_spend_the_link(portal):
    path = mailed_link(portal)
    browser = Browser()
    assert choose(path, "dupont2026", browser=browser).status == 422
    assert choose(path, browser=browser).status == 303


def test_at_most_three_mails_an_hour(portal, clock):
    for _ in range(5):
        assert ask(portal).says(SENT)
    assert len(mails()) == 3
    clock.advance(minutes=59)
    assert ask(portal).says(SENT)
    assert len(mails()) == 3
    clock.advance(minutes=2)
    ask(portal)
    assert len(mails()) == 4


def test_shared_address_gets_one_mail_with_a_link_for_each_account(portal):
    portal.stores.accounts.add(DUPONT.model_copy(update={"username": "durand"}))
    ask(portal)
    (mail,) = mails()
    assert mail.says("Identifiant : dupont")
    assert mail.says("Identifiant : durand")
    assert [choose(path).status for path in link_paths(mail)] == [303, 303]


def test_bouncing_address_gets_no_mail(portal, clock):
    account = portal.stores.accounts.find("dupont")
    portal.stores.accounts.replace(account, account.model_copy(update={"email_bounced_at": clock()}))
    assert ask(portal).says(SENT)
    assert not mails()


def test_host_of_the_request_is_never_believed(portal):
    forged = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com", "X-Forwarded-Proto": "http"}
    browser = Browser()
    browser.get("/identifiants-oublies", **forged)
    browser.post("/identifiants-oublies", _headers=forged, courriel="dupont@example.org")
    portal.tasks.run()
    (mail,) = mails()
    assert all(link.startswith("https://portail.example.org/") for link in mail.links)
    assert "evil" not in mail.text + mail.html


def test_new_password_lifts_a_lock_ends_every_session_and_tells_the_address(portal, dupont):
    stranger = Browser()
    stranger.get("/connexion")
    for _ in range(7):
        last = stranger.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="MIYPP")
    assert last.status == 429
    assert choose(mailed_link(portal)).status == 303
    portal.tasks.run()
    assert dupont.get("/factures").status == 303
    assert stranger.sign_in(password=NEW).location == "/"
    assert mails()[-1].subject == "Votre mot de passe a été changé"


def test_old_password_is_worthless_afterwards(portal):
    assert choose(mailed_link(portal)).status == 303
    assert Browser().sign_in(password=PASSWORD).status == 401


@pytest.mark.parametrize("changed", [{"email": "autre@example.org"}, {"password_set_at": "now"}])
def test_link_dies_when_the_address_or_the_password_changes(portal, clock, changed):
    path = mailed_link(portal)
    account = portal.stores.accounts.find("dupont")
    changed = {name: clock() if value == "now" else value for name, value in changed.items()}
    portal.stores.accounts.replace(account, account.model_copy(update=changed))
    assert choose(path).says(USELESS)


def test_link_of_one_account_opens_no_other(portal):
    path = mailed_link(portal).replace("dupont~", "martin~")
    assert choose(path).says(USELESS)


@pytest.mark.parametrize("token", ["", "dupont~" + "A" * 43, "dupont", "~", "é~" + "A" * 43, "A" * 5000, "a\r\nb~c"])
def test_made_up_link_is_useless(portal, token):
    from urllib.parse import quote

    page = Browser().get(f"/nouveau-mot-de-passe?jeton={quote(token)}")
    assert page.status == 410
    assert page.says(USELESS)


def test_no_link_is_kept_as_it_was_mailed(portal):
    secret = mailed_link(portal).rpartition("~")[2]
    dynamodb = portal.clients.dynamodb
    tables = dynamodb.list_tables()["TableNames"]
    assert secret not in repr([dynamodb.scan(TableName=name)["Items"] for name in tables])
    assert len(secret) >= 43

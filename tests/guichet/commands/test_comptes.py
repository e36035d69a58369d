"""`guichet comptes`: what an agent reads out, unlocks and sends again; each act is noted with who did it."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from chalicelib.domain.account import DeliveryMode
from chalicelib.errors import Unavailable
from chalicelib.services.authentication.unlock import unlock_every_account
from tests.support.browsing import Browser
from tests.support.choosing_passwords import change, choose
from tests.support.letterbox import link_paths, mails
from tests.support.people import PASSWORD


@pytest.fixture(autouse=True)
def camille(monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")


def unreachable(*_, **__):
    raise Unavailable("portail-famille-test-accounts")


def journal(portal, username="dupont"):
    entries = portal.stores.journal.latest(username, now=portal.clock())
    return [(entry.event, entry.by, entry.detail) for entry in entries if entry.by == "camille"]


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def alter(portal, username, **changes):
    held = account(portal, username)
    assert portal.stores.accounts.replace(held, held.model_copy(update=changes))


def try_again(browser, password):
    return browser.post("/connexion", identifiant="dupont", mot_de_passe=password, captcha="MIYPP")


def sign_out(browser):
    browser.get("/factures")
    assert browser.post("/deconnexion").location == "/connexion?fait=deconnexion"


def letter(path):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages).split())


def code_of(path):
    return next(word for word in letter(path).split() if word.count("-") == 2 and len(word) == 14)


def test_account_is_shown_as_it_is_read_out(guichet, portal, clock):
    alter(portal, "dupont", mobile="0612345678", email_bounced_at=clock())
    ran = guichet("comptes", "voir", "dupont")
    assert ran.code == 0
    for line in (
        "Titulaire : Mme Éloïse Dupont", "Adresse : 12 allée des Mûriers, 06990 Saint-Aubin-les-Pins",
        "Courriel : dupont@example.org, revient depuis le 10 juin 2026", "Téléphones : 06 12 34 56 78",
        "Factures : par courriel", "Quotient familial : 654,00 €", "Accès : ouvert", "À payer : 169165, 57,00 €",
    ):  # fmt: skip
        assert line in ran.out, line
    assert "$2b$" not in ran.out
    assert journal(portal) == [("account_viewed", "camille", "")]


def test_code_s_life_is_told_while_the_account_was_never_opened(guichet, portal, today):
    alter(portal, "martin", password_hash=None)
    assert "jamais ouvert, code d’activation jamais imprimé" in guichet("comptes", "voir", "martin").out
    alter(portal, "martin", activation_printed_on=today)
    assert "valable jusqu’au 8 septembre 2026" in guichet("comptes", "voir", "martin").out


def test_locked_account_opens_at_once(guichet, portal):
    browser = Browser()
    browser.get("/connexion")
    assert [try_again(browser, "faux").status for _ in range(7)][-1] == 429
    assert "Bloqué jusqu’au : 10 juin 2026 à 11 h 15" in guichet("comptes", "voir", "dupont").out
    assert "Compte dupont débloqué." in guichet("comptes", "debloquer", "dupont").out
    assert browser.sign_in(password=PASSWORD).location == "/"
    assert ("account_unlocked", "camille", "") in journal(portal)


def test_family_s_own_browser_that_locked_itself_opens_too(guichet, portal, dupont):
    sign_out(dupont)
    dupont.get("/connexion")
    assert [try_again(dupont, "faux").status for _ in range(7)][-1] == 429
    assert dupont.sign_in(password=PASSWORD).status == 429
    assert guichet("comptes", "debloquer", "dupont").code == 0
    assert dupont.sign_in(password=PASSWORD).location == "/"


def test_every_locked_account_opens_at_once(guichet, portal, dupont, clock):
    sign_out(dupont)
    strangers = {name: Browser(source_ip=f"198.51.100.{n}") for n, name in enumerate(("dupont", "martin", "personne"))}
    for name, browser in [*strangers.items(), ("dupont", dupont)]:
        browser.get("/connexion")
        typed = {"identifiant": name, "mot_de_passe": "faux", "captcha": "MIYPP"}
        assert [browser.post("/connexion", **typed).status for _ in range(7)][-1] == 429
    clock.advance(seconds=1)
    ran = guichet("comptes", "debloquer", "--tous")
    assert (ran.code, "Tous les comptes bloqués jusqu’ici sont débloqués." in ran.out) == (0, True)
    assert "Bloqué" not in guichet("comptes", "voir", "dupont").out
    assert [one.sign_in(name).status for one, name in ((dupont, "dupont"), (Browser(), "martin"))] == [303, 303]
    clock.advance(seconds=1)
    one = strangers["dupont"]
    assert [try_again(one, "faux").status for _ in range(7)] == [401] * 6 + [429], "counted anew"
    assert one.sign_in(password=PASSWORD).status == 429, "a lock that is younger stands"


def test_lock_of_changing_a_password_is_lifted_with_all_others(guichet, portal, dupont, clock):
    assert [change(dupont, "faux", "chemin du lavoir 77").status for _ in range(7)][-1] == 429
    clock.advance(seconds=1)
    assert change(dupont, PASSWORD, "chemin du lavoir 77").status == 429
    assert guichet("comptes", "debloquer", "--tous").code == 0
    assert change(dupont, PASSWORD, "chemin du lavoir 77").status == 303


def test_mark_of_a_computer_whose_clock_is_ahead_lifts_nothing_yet(portal, clock):
    unlock_every_account(attempts=portal.stores.attempts, now=clock() + timedelta(minutes=3))
    browser = Browser()
    browser.get("/connexion")
    assert [try_again(browser, "faux").status for _ in range(8)] == [401] * 6 + [429] * 2


@pytest.mark.parametrize("arguments", [(), ("dupont", "--tous")])
def test_unlocking_asks_for_one_account_or_all(guichet, portal, arguments):
    ran = guichet("comptes", "debloquer", *arguments)
    assert (ran.code, "Donnez l’identifiant d’un compte, ou --tous." in ran.err) == (2, True)


def test_unlocked_browser_is_counted_anew_and_locks_again(guichet, portal, dupont):
    sign_out(dupont)
    assert guichet("comptes", "debloquer", "dupont").code == 0
    dupont.get("/connexion")
    assert [try_again(dupont, "faux").status for _ in range(7)] == [401] * 6 + [429]


def test_every_session_of_an_account_is_closed_and_its_password_stays(guichet, portal, dupont):
    elsewhere, martin = Browser(), Browser()
    assert [elsewhere.sign_in().status, martin.sign_in("martin").status] == [303, 303]
    ran = guichet("comptes", "fermer-sessions", "dupont")
    assert (ran.code, "Compte dupont : 2 session(s) fermée(s), au plus." in ran.out) == (0, True)
    assert [one.get("/factures").status for one in (dupont, elsewhere, martin)] == [303, 303, 200]
    assert (account(portal).sessions, journal(portal)) == ({}, [("sessions_ended", "camille", "")])
    assert Browser().sign_in(password=PASSWORD).status == 303


def test_sessions_are_closed_again_without_harm_and_an_unknown_account_is_told(guichet, portal):
    assert "0 session(s)" in guichet("comptes", "fermer-sessions", "dupont").out
    ran = guichet("comptes", "fermer-sessions", "personne")
    assert (ran.code, "Aucun compte n’a cet identifiant." in ran.err) == (1, True)


def test_closing_that_was_cut_short_ends_the_rest_when_it_is_typed_again(guichet, portal, dupont, monkeypatch):
    replace = portal.stores.accounts.replace
    monkeypatch.setattr(portal.stores.accounts, "replace", unreachable)
    assert guichet("comptes", "fermer-sessions", "dupont").code == 1
    monkeypatch.setattr(portal.stores.accounts, "replace", replace)
    assert guichet("comptes", "fermer-sessions", "dupont").code == 0
    assert (dupont.get("/factures").status, account(portal).sessions) == (303, {})


def test_new_access_by_mail_is_a_link_for_that_account(guichet, portal):
    ran = guichet("comptes", "renvoyer-acces", "dupont")
    assert (ran.code, "Un lien valable 30 minutes est parti à dupont@example.org." in ran.out) == (0, True)
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("dupont@example.org", "Vos identifiants")
    browser = Browser()
    assert browser.get(link_paths(mail)[0]).says("dupont")
    assert journal(portal) == [("access_renewed", "camille", "courriel")]


@pytest.mark.parametrize("changes", [{"email": None, "delivery_mode": DeliveryMode.PAPER}, {"email_bounced_at": 1}])
def test_without_an_address_that_arrives_the_letter_is_advised(guichet, portal, clock, changes):
    alter(portal, "dupont", **{name: clock() if value == 1 else value for name, value in changes.items()})
    ran = guichet("comptes", "renvoyer-acces", "dupont")
    assert (ran.code, "ajoutez --courrier FICHIER" in ran.err) == (1, True)
    assert not mails()


def test_new_access_by_letter_ends_every_other_access(guichet, portal, dupont, tmp_path):
    path = tmp_path / "lettre.pdf"
    assert guichet("comptes", "renvoyer-acces", "dupont", "--courrier", path).code == 0
    assert "Mme Éloïse Dupont" in letter(path)
    assert dupont.get("/factures").status == 303
    assert Browser().sign_in(password=PASSWORD).status == 401
    newcomer = Browser()
    assert newcomer.sign_in(password=code_of(path)).location.startswith("/nouveau-mot-de-passe")
    assert journal(portal) == [("access_renewed", "camille", "courrier")]
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Une nouvelle lettre d’accès a été imprimée"]


def test_renewed_letter_makes_the_one_before_worthless(guichet, portal, tmp_path):
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for path in (first, second):
        assert guichet("comptes", "renvoyer-acces", "martin", "--courrier", path).code == 0
    assert code_of(first) != code_of(second)
    assert Browser().sign_in("martin", password=code_of(first)).status == 401


def test_letter_is_not_written_over_another_file(guichet, portal, tmp_path):
    (tmp_path / "lettre.pdf").write_bytes(b"kept")
    before = account(portal)
    assert guichet("comptes", "renvoyer-acces", "dupont", "--courrier", tmp_path / "lettre.pdf").code == 1
    assert account(portal) == before


def test_a_letter_that_cannot_be_written_leaves_the_old_access(guichet, portal, tmp_path):
    before = account(portal)
    ran = guichet("comptes", "renvoyer-acces", "dupont", "--courrier", tmp_path / "nulle-part" / "lettre.pdf")
    assert (ran.code, "ne peut pas être écrit" in ran.err) == (1, True)
    assert account(portal) == before
    assert journal(portal) == []


def test_a_letter_that_fails_once_the_old_access_ended_is_told_to_the_family_and_the_agent(
    guichet, portal, tmp_path, monkeypatch
):
    monkeypatch.setattr(type(portal), "draw_letters", unreachable)
    ran = guichet("comptes", "renvoyer-acces", "dupont", "--courrier", tmp_path / "lettre.pdf")
    assert (ran.code, "L’ancien accès ne sert plus" in ran.err) == (1, True)
    assert list(tmp_path.iterdir()) == []
    assert journal(portal) == [("access_renewed", "camille", "courrier")]
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Une nouvelle lettre d’accès a été imprimée"]


def test_a_letter_whose_account_could_not_be_changed_leaves_no_file(guichet, portal, tmp_path, monkeypatch):
    monkeypatch.setattr("guichet.commands.comptes.renew_access", unreachable)
    assert guichet("comptes", "renvoyer-acces", "dupont", "--courrier", tmp_path / "lettre.pdf").code != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["voir", "debloquer", "renvoyer-acces"])
def test_unknown_account_is_refused(guichet, portal, verb):
    ran = guichet("comptes", verb, "personne")
    assert (ran.code, "Aucun compte n’a cet identifiant." in ran.err) == (1, True)
    assert journal(portal, "personne") == []


def test_lock_of_the_family_s_own_browser_is_shown_until_the_office_lifts_it(guichet, portal, dupont):
    sign_out(dupont)
    dupont.get("/connexion")
    assert [try_again(dupont, "faux").status for _ in range(6)] == [401] * 6
    assert "Bloqué" not in guichet("comptes", "voir", "dupont").out
    assert try_again(dupont, "faux").status == 429
    shown = "Bloqué jusqu’au : 10 juin 2026 à 11 h 15, sur un appareil que la famille a déjà utilisé"
    assert shown in guichet("comptes", "voir", "dupont").out
    assert "Compte dupont débloqué." in guichet("comptes", "debloquer", "dupont").out
    assert "Bloqué" not in guichet("comptes", "voir", "dupont").out


def test_lock_of_the_change_of_password_is_shown_as_such(guichet, portal, dupont):
    for _ in range(7):
        change(dupont, "faux", "un tout autre secret 7")
    assert "Bloqué jusqu’au : 10 juin 2026 à 11 h 15, pour changer de mot de passe seulement" in (
        guichet("comptes", "voir", "dupont").out
    )


def test_new_password_on_a_locked_browser_ends_the_lock_that_is_shown(guichet, portal, dupont):
    sign_out(dupont)
    dupont.get("/connexion")
    for _ in range(7):
        try_again(dupont, "faux")
    assert "sur un appareil" in guichet("comptes", "voir", "dupont").out
    assert guichet("comptes", "renvoyer-acces", "dupont").code == 0
    assert choose(link_paths(mails()[-1])[0], "un tout autre secret 7", dupont).status == 303
    assert "Bloqué" not in guichet("comptes", "voir", "dupont").out


def test_lock_ends_by_itself(guichet, portal, dupont, clock):
    sign_out(dupont)
    dupont.get("/connexion")
    for _ in range(7):
        try_again(dupont, "faux")
    clock.advance(minutes=15)
    assert "Bloqué" not in guichet("comptes", "voir", "dupont").out
    assert "compteurs remis à zéro" in guichet("comptes", "debloquer", "dupont").out


def test_every_invoice_is_shown_with_its_settlements_the_newest_first(guichet, bring, portal):
    assert bring("09/06/2026;169165;20,00;chèque;12", "08/06/2026;169165;5,00;espèces;").code == 0
    shown = guichet("comptes", "voir", "dupont").out.replace("  ", " ").split("\n")
    first = next(place for place, line in enumerate(shown) if line.startswith("Facture n° 169165"))
    assert shown[first].endswith("57,00 €, réglés 25,00 €, à payer 32,00 € avant le 24/06/2026")
    assert "08/06/2026 Règlement 5,00 €" in shown[first + 1]
    assert "09/06/2026 Règlement 20,00 €" in shown[first + 2]
    assert shown[first + 3].startswith("Facture n° 150001 du 01/06/2025")
    assert shown[first + 3].endswith("57,00 €, réglés 57,00 €")

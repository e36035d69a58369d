"""« Je modifie mon mode de réception de factures » — Adhérer à la facture électronique — and the way back to paper."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.services.account.delivery_mode import months_after, paper_link
from chalicelib.services.authentication.hashing import keyed_hash
from tests.support.browsing import FORM, Browser
from tests.support.gateway import Call
from tests.support.letterbox import mails
from tests.support.people import PASSWORD


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def alter(portal, username="dupont", **changes):
    held = account(portal, username)
    assert portal.stores.accounts.replace(held, held.model_copy(update=changes))


def choose(browser, mode):
    browser.get("/mode-de-reception")
    return browser.post("/mode-de-reception", mode=mode)


@pytest.fixture
def link(portal, today):
    return paper_link(account(portal), key=portal.secrets.links[0], today=today)


def test_paper_then_e_mail_again_is_kept_told_and_marked(portal, dupont):
    choose(dupont, "courrier")
    assert dupont.follow().says("à partir de la prochaine, vos factures arrivent par courrier")
    assert account(portal).delivery_mode is DeliveryMode.PAPER
    assert account(portal).changed_by_parent == ("delivery_mode",)
    choose(dupont, "courriel")
    assert account(portal).gets_email
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Votre mode de réception de factures"] * 2
    assert mails()[0].says("arrivent par courrier : 12 allée des Mûriers, 06990 Saint-Aubin-les-Pins")
    assert mails()[1].says("arrivent par courriel, à cette adresse")


def test_same_choice_again_changes_and_tells_nothing(portal, dupont):
    before = account(portal)
    assert choose(dupont, "courriel").status == 303
    assert account(portal) == before
    assert not portal.tasks.started


def test_e_mail_without_an_address_leads_to_the_contact_details_in_the_guide_s_words(portal):
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    page = choose(browser, "courriel")
    assert page.status == 422
    assert page.says(
        "mon adresse mail doit être préalablement renseignée (voir rubrique « Modifier mes coordonnées ... »)"
    )
    assert "/coordonnees" in page.outline.links
    assert account(portal, "martin").delivery_mode is DeliveryMode.PAPER


def test_address_that_waits_for_its_link_is_no_address_yet(portal):
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    browser.get("/coordonnees")
    assert browser.post("/coordonnees", courriel="martin@example.org", mot_de_passe=PASSWORD).status == 303
    assert choose(browser, "courriel").status == 422


def test_bouncing_address_must_be_mended_first(portal, dupont, clock):
    alter(portal, delivery_mode=DeliveryMode.PAPER, email_bounced_at=clock())
    page = choose(dupont, "courriel")
    assert (page.status, page.says("Les courriels envoyés à votre adresse nous reviennent.")) == (422, True)


@pytest.mark.parametrize("mode", ["", "pigeon", "EMAIL"])
def test_no_other_mode_exists(portal, dupont, mode):
    assert choose(dupont, mode).status == 422
    assert account(portal).delivery_mode is DeliveryMode.EMAIL


def test_mail_s_link_shows_then_changes_signed_out(portal, link):
    browser = Browser()
    assert browser.get(link).says("Voulez-vous les recevoir par courrier")
    assert account(portal).delivery_mode is DeliveryMode.EMAIL
    assert not browser.page.says("Éloïse")
    assert not browser.page.says("dupont@example.org")
    assert browser.post("/retour-papier").says("C’est fait")
    assert account(portal).delivery_mode is DeliveryMode.PAPER
    assert [entry.event for entry in portal.stores.journal.latest("dupont", now=portal.clock())] == [
        "delivery_by_paper"
    ]


def test_mail_program_s_own_unsubscription_works(portal, link):
    call = Call("POST", link, {"Content-Type": FORM}, b"List-Unsubscribe=One-Click")
    assert Browser().send(call).status == 200
    assert account(portal).delivery_mode is DeliveryMode.PAPER


def test_link_used_twice_changes_nothing_more(portal, link):
    for _ in range(2):
        browser = Browser()
        browser.get(link)
        assert browser.post("/retour-papier").status == 200
    assert len(portal.tasks.started) == 1


def test_link_made_for_another_account_or_altered_is_worthless(portal, link):
    signed, martin = link.rpartition("=")[2], account(portal, "martin")
    for path in (
        f"/retour-papier?compte=martin&le=2026-06-10&signe={signed}", link[:-1],
        f"/retour-papier?compte=dupont&signe={signed}", f"/retour-papier?compte=dupont&le=2026-06-11&signe={signed}",
        f"/retour-papier?compte=personne&signe={signed}", "/retour-papier", "/retour-papier?compte=dupont",
    ):  # fmt: skip
        assert Browser().get(path).status == 410
        assert Browser().send(Call("POST", path, {"Content-Type": FORM}, b"")).status == 410
    assert account(portal).delivery_mode is DeliveryMode.EMAIL
    assert account(portal, "martin") == martin


def test_link_dies_with_the_address_it_was_sent_to(portal, link):
    alter(portal, email="autre@example.org")
    assert Browser().get(link).status == 410


def test_link_ends_thirteen_months_after_its_mail(portal, link, clock):
    clock.now = clock.now.replace(year=2027, month=7, day=10)
    assert Browser().get(link).status == 200
    clock.advance(days=1)
    page = Browser().get(link)
    assert (page.status, page.says("il a plus de treize mois")) == (410, True)
    assert Browser().send(Call("POST", link, {"Content-Type": FORM}, b"List-Unsubscribe=One-Click")).status == 410
    assert account(portal).delivery_mode is DeliveryMode.EMAIL


def test_link_of_a_mail_says_its_day_and_posts_it_back(portal, today):
    path = portal.mailing.paper_link(account(portal))
    assert f"le={today}" in path
    browser = Browser()
    browser.get(path)
    assert browser.post("/retour-papier").says("C’est fait")


def test_link_of_an_earlier_version_says_no_day_and_still_works(portal, dupont):
    signed = keyed_hash(portal.secrets.links[0], "retour-papier", "dupont", "dupont@example.org")
    assert Browser().get(f"/retour-papier?compte=dupont&signe={signed}").status == 200
    assert Browser().get(f"/retour-papier?compte=dupont&le=2026-06-10&signe={signed}").status == 410


@pytest.mark.parametrize(
    ("day", "after"), [("2026-06-10", "2027-07-10"), ("2026-12-31", "2028-01-31"), ("2027-01-31", "2028-02-29")]
)
def test_thirteen_months_later_is_a_day_of_the_calendar(day, after):
    assert months_after(date.fromisoformat(day), 13) == date.fromisoformat(after)


def test_link_holds_no_address(link):
    assert "@" not in urlsplit(link).query

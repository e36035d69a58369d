"""« Mes données »: the journal, the other sessions, and the file of everything held."""

import json
import re

from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.payment import Attempt, Notice
from chalicelib.domain.request import RequestKind
from tests.support.browsing import Browser
from tests.support.counting import counted_calls

PATH = "/mes-donnees"


def held(browser):
    return json.loads(saved(browser).body)


def saved(browser):
    """The file, by the button of its page."""
    assert browser.get(f"{PATH}/fichier").says("Télécharger le fichier")
    return browser.post(f"{PATH}/fichier")


def test_sign_ins_changes_and_downloads_are_listed_the_last_first(portal, dupont, clock):
    clock.advance(minutes=1)
    dupont.get("/factures/169165/pdf")
    clock.advance(minutes=1)
    dupont.get("/coordonnees")
    dupont.post("/coordonnees", telephone_fixe="01 99 00 12 34")
    page = dupont.get(PATH)
    order = [
        page.words.index(one) for one in ("numéros de téléphone changés", "facture téléchargée (169165)", "connexion")
    ]
    assert order == sorted(order)
    assert page.says("10 juin 2026 à 11 h 02")


def test_desk_is_named_and_not_its_agent(portal, dupont):
    portal.stores.journal.note("dupont", "account_viewed", at=portal.clock(), by="camille.agent")
    page = dupont.get(PATH)
    assert page.says("Compte consulté, Guichet unique")
    assert not page.says("camille.agent")
    assert "camille.agent" not in json.dumps(held(dupont))


def test_another_family_s_journal_is_not_there(portal, dupont):
    portal.stores.journal.note("martin", "signed_in", at=portal.clock(), detail="martin-only")
    assert not dupont.get(PATH).says("martin-only")


def test_page_costs_two_round_trips_when_no_other_session_is_open(portal, dupont):
    with counted_calls(portal) as calls:
        assert dupont.get(PATH).status == 200
    assert dict(calls) == {"dynamodb.BatchGetItem": 1, "dynamodb.Query": 1}


def test_other_sessions_are_counted_and_closed_and_this_one_goes_on(portal, dupont):
    phone, tablet = Browser(), Browser()
    for other in (phone, tablet):
        assert other.sign_in().status == 303
    assert dupont.get(PATH).says("Votre compte est ouvert dans 2 autres navigateurs.")
    dupont.post(f"{PATH}/sessions")
    assert dupont.follow().says("Vos autres sessions sont fermées.")
    assert dupont.page.says("Votre compte n’est ouvert que dans ce navigateur.")
    assert {phone.get("/factures").status, tablet.get("/factures").status} == {303}
    assert dupont.get("/factures").status == 200


def test_idle_session_no_longer_counts(dupont, clock):
    assert Browser().sign_in().status == 303
    clock.advance(minutes=20)
    assert dupont.get("/factures").status == 200
    clock.advance(minutes=20)
    assert dupont.get(PATH).says("Votre compte n’est ouvert que dans ce navigateur.")


def test_file_is_saved_not_shown(dupont):
    page = saved(dupont)
    assert page.header("content-disposition") == 'attachment; filename="mes-donnees-2026-06-10.json"'
    assert page.header("content-type") == "application/json; charset=utf-8"


def test_file_holds_what_is_held_in_french(portal, dupont, clock):
    clock.advance(minutes=1)
    dupont.get("/dossier")
    dupont.post("/dossier/signalement", sujet="enfants", message="Né le 2 mars.")
    data = held(dupont)
    assert data["compte"]["courriel"] == "dupont@example.org"
    assert data["compte"]["quotient_familial"] == "654,00"
    assert data["enfants"] == [
        {
            "nom": "Dupont",
            "prenom": "Noé",
            "date_naissance": "2018-03-01",
            "ecole": "École des Pins",
            "classe": "",
            "activites": [],
        }
    ]
    assert [(one["numero"], one["montant_regle"]) for one in data["factures"]] == [
        ("150001", "57,00"),
        ("169165", "0,00"),
    ]
    assert data["factures"][1]["prestations"][0]["montant"] == "37,20"
    assert data["demandes"][0]["message"] == "Né le 2 mars."
    assert [line["action"] for line in data["activite"]] == ["Erreur signalée", "Connexion"]
    assert len(data["sessions_ouvertes"]) == 1
    assert len(list(portal.stores.requests.pending(RequestKind.ERROR))) == 1


def test_file_tells_each_payment_and_of_the_card_its_last_digits_only(portal, dupont):
    facts = {"username": "dupont", "receipt_email": "dupont@example.org", "created_at": portal.clock()}
    paid = Notice(reference="R1", amount_cents=5700, code="00000", card_ending="4242")
    portal.stores.payments.add(
        Attempt(reference="R1", invoice_number="150001", amount_cents=5700, state="PAID", notice=paid, **facts)
    )
    portal.stores.payments.add(
        Attempt(reference="R2", invoice_number="169165", amount_cents=5700, **(facts | {"username": "martin"}))
    )
    (payment,) = held(dupont)["paiements"]
    assert (payment["reference"], payment["montant"], payment["etat"]) == ("R1", "57,00", "payé")
    assert payment["carte_finissant_par"] == "4242"


def test_file_tells_a_payment_of_several_invoices_once(portal, dupont):
    shares = (Share(invoice_number="150001", amount_cents=5700), Share(invoice_number="169165", amount_cents=5700))
    facts = {"username": "dupont", "receipt_email": "dupont@example.org", "created_at": portal.clock()}
    portal.stores.payments.add(
        Attempt(reference="R1", invoice_number="150001", amount_cents=11400, shares=shares, **facts)
    )
    (payment,) = held(dupont)["paiements"]
    assert (payment["facture"], payment["montant"]) == ("150001, 169165", "114,00")


def test_file_holds_no_secret(portal, dupont):
    text = saved(dupont).text
    account = portal.stores.accounts.find("dupont")
    token = dupont.cookies["__Host-session"].partition("~")[2]
    for secret in (account.password_hash, token, *account.sessions):
        assert secret not in text
    assert not re.search(r"\$2b\$|password|token", text)


def test_download_is_noted_and_a_look_or_a_head_is_not(portal, dupont):
    dupont.get(f"{PATH}/fichier")
    for path in (f"{PATH}/fichier", "/factures/169165/pdf"):
        assert dupont._go("HEAD", path, None, {}).status == 200
    held(dupont)
    events = [entry.event for entry in portal.stores.journal.latest("dupont", now=portal.clock())]
    assert events.count("data_downloaded") == 1
    assert "invoice_downloaded" not in events


def test_the_file_has_the_country_of_the_address(portal, dupont):
    assert held(dupont)["compte"]["adresse"]["pays"] == "France"
    account = portal.stores.accounts.find("dupont")
    abroad = account.address.model_copy(update={"postcode": "1000", "town": "Bruxelles", "country": "BE"})
    assert portal.stores.accounts.replace(account, account.model_copy(update={"address": abroad}))
    assert held(dupont)["compte"]["adresse"]["pays"] == "Belgique"
    assert dupont.get("/dossier").says("1000 Bruxelles BELGIQUE")

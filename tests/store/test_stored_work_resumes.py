"""What was under way when the code of June 2026 stopped goes on to its end under the code of today."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from guichet.__main__ import main
from tests.flows.test_contact_details import save
from tests.flows.test_mail_events import told
from tests.handlers.tasks.test_payments import EVENT
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, ask, change, choose
from tests.support.letterbox import mails
from tests.support.mailing_machine import Machine
from tests.support.payments.bank import signing_bank
from tests.support.payments.paying import say
from tests.support.stored_data import KEPT, TABLES, comparable, contents, named, rows_of, with_objects, with_tables


@pytest.fixture
def tables(portal, clock, monkeypatch):
    monkeypatch.setenv("PORTAIL_STAGE", "test")
    return with_tables(portal, clock)


@pytest.fixture
def stored(tables):
    return with_objects(tables)


def guichet(*words):
    """The desk's command. Returns how it ends."""
    return main([*words, "--agent", "Camille"])


def look_after(portal):
    return portal.tasks.call("look_after_payments", EVENT)


def executed(portal, run, round_):
    """Whether the run is closed after another execution of its workflow."""
    return Machine(portal).run({"kind": "run", "run": run, "round": str(round_)})["end"]["closed"]


def numbers_mailed():
    """Of the invoices that left by mail in this test."""
    return sorted(found[1] for mail in mails() if (found := re.match(r"Facture n°\s(\S+)", mail.subject)))


def returning(cookies):
    """A browser that comes back with its cookies of then."""
    browser = Browser()
    browser.cookies = dict(cookies)
    return browser


def test_the_desk_is_shown_everything(stored, tmp_path, capsys):
    asked = [["campagnes", "voir", run] for run in named(TABLES["runs"], "run")]
    asked += [["envois", "voir", KEPT[name]] for name in ("closed_run", "half_way_run", "quota_run")]
    asked += [["comptes", "voir", username] for username in named(TABLES["accounts"], "username")]
    asked += [["paiements", "voir", reference] for reference in named(TABLES["payments"], "reference")]
    asked += [[noun, "lister"] for noun in ("adresses", "signalements", "paiements", "campagnes")]
    takings = str(tmp_path / "mai-juin.csv")
    asked += [["encaissements", "exporter", "--du", "01/05/2026", "--au", "10/06/2026", "--detail", takings]]
    assert [words for words in asked if guichet(*words) != 0] == []
    printed = capsys.readouterr()
    assert {word for word in ("中", "MailThrottled") if word in printed.out + printed.err} == {"中", "MailThrottled"}
    moved = [item for item in TABLES["ledger"] if item["kind"]["S"] != "CANCELLATION"]
    assert len(Path(takings).read_text("utf-8-sig").splitlines()) == 1 + len(moved)


def test_the_accounts_are_sound(tables):
    assert guichet("comptabilite", "verifier") == 0


def test_a_browser_signed_in_then_still_is_and_reads_every_page(stored):
    browser = returning(KEPT["session"])
    mine = [one.number for one in stored.stores.invoices.of("dupont") if one.visible]
    pages = ["/", "/factures", "/factures/historique", "/dossier", "/coordonnees", "/adresse", "/mode-de-reception"]
    pages += ["/mes-donnees", "/mes-donnees/fichier", f"/paiements/{KEPT['paid']}"]
    pages += [f"/factures/{number}" for number in mine]
    assert {path: browser.get(path).status for path in pages} == dict.fromkeys(pages, 200)
    assert browser.get("/factures/701/pdf").body == contents("documents")["factures/701.pdf"]
    receipt = f"recus/{KEPT['paid']}.pdf"
    assert browser.get(f"/paiements/{KEPT['paid']}/recu").body == contents("documents")[receipt]


def test_an_account_locked_then_stays_locked_until_its_time(tables, clock):
    assert Browser().sign_in("garcia", KEPT["password"]).status == 429
    clock.advance(minutes=4)
    assert Browser().sign_in("garcia", KEPT["password"]).location == "/"


def test_what_was_counted_then_goes_on_to_its_limit(tables):
    browser = returning(KEPT["session"])
    assert [change(browser, "faux", NEW).status for _ in range(6)] == [422] * 5 + [429]
    tables.clock.advance(minutes=15)
    assert [save(browser, courriel=f"{n}@example.org").status for n in range(5)] == [303] * 4 + [422]
    tables.tasks.started.clear()
    for _ in range(3):
        ask(tables, "benali@example.org")
    assert [mail.to for mail in mails()] == ["benali@example.org"] * 2


def test_a_family_before_the_text_of_control_types_the_one_it_was_shown(tables):
    shown = KEPT["captcha"]
    browser = returning(shown["cookies"])
    assert browser.sign_in("nouveau", shown["code"]).status == 422
    again = {"captcha": "MIYPP", "captcha_id": shown["id"]}
    assert browser.sign_in("nouveau", shown["code"], **again).location.startswith("/nouveau-mot-de-passe?jeton=")


def test_a_password_link_and_an_activation_under_way_open_their_accounts(tables):
    opening = returning(KEPT["activation"]["cookies"])
    for name, path, browser in (
        ("benali", KEPT["password_link"], Browser()),
        ("moreau", KEPT["activation"]["path"], opening),
    ):
        assert choose(path, browser=browser).location == "/connexion?fait=mot-de-passe"
        assert Browser().sign_in(name, NEW).status == 303


def test_an_address_asked_for_is_used_once_its_link_is_followed(tables):
    browser = Browser()
    browser.get(KEPT["email_link"])
    assert browser.post("/coordonnees/confirmation").status == 303
    assert tables.stores.accounts.find("dupont").email == "nouvelle@example.org"


def test_an_address_that_waited_with_its_proof_is_accepted(stored, tmp_path):
    proof = tmp_path / "proof.pdf"
    assert guichet("adresses", "voir", KEPT["address_asked"], "--justificatif", str(proof)) == 0
    assert [proof.read_bytes()] == list(contents("uploads").values())
    assert guichet("adresses", "accepter", KEPT["address_asked"]) == 0
    assert stored.stores.accounts.find("martin").next_address.line_1 == "3 rue des Lilas"
    assert not stored.clients.s3.list_objects_v2(Bucket=stored.settings.bucket("uploads")).get("Contents")


def test_a_payment_begun_then_is_settled_by_the_bank_s_notice_and_gets_the_next_receipt(tables):
    last = tables.stores.money.last_receipt()
    assert say(signing_bank().notice(KEPT["pending_payment"])).status == 200
    tables.tasks.run()
    paid = tables.stores.payments.find(KEPT["pending_payment"])
    assert (paid.state, paid.receipt_mail, paid.receipt_number) == ("PAID", "SENT", last + 1)
    assert tables.stores.invoices.find("dupont", "169165").balance_cents == 0
    assert guichet("comptabilite", "verifier") == 0


def test_a_notice_kept_and_left_is_taken_up_and_a_mail_under_way_is_not_sent_again(tables, clock):
    clock.advance(minutes=15)
    assert look_after(tables)["taken_up"] == 1
    tables.tasks.run()
    assert tables.stores.invoices.find("dupont", "706").paid_cents == 1200
    assert [mail.subject for mail in mails()] == ["Reçu de votre paiement de 12,00\u00a0€"]
    assert tables.stores.payments.find(KEPT["mailing_payment"]).receipt_mail == "UNSURE"
    assert guichet("comptabilite", "verifier") == 0


def test_money_booked_then_is_known_again_whichever_way_it_is_told(tables, tmp_path):
    (tmp_path / "reglements.csv").write_text(KEPT["settlements"], "utf-8")
    assert guichet("reglements", "importer", str(tmp_path / "reglements.csv")) == 0
    assert guichet(*KEPT["refund"]) == 0
    assert say(signing_bank().notice(KEPT["paid"], cents=1200, transaction="8701")).status == 200
    assert comparable(rows_of(tables, "ledger")) == comparable(TABLES["ledger"])


def test_a_run_stopped_half_way_goes_on_to_its_end_and_nobody_is_mailed_twice(stored, clock):
    run = KEPT["half_way_run"]
    held = {one.number: one for one in stored.stores.deliveries.of(run)}
    assert {one.outcome for one in held.values()} == {"SENT", "CLAIMED", "TO_VERIFY", "PAPER"}
    assert not executed(stored, run, 2)
    clock.advance(hours=1)
    assert executed(stored, run, 3)
    after = {one.number: one for one in stored.stores.deliveries.of(run)}
    assert sorted(after) == sorted(number for _, number in stored.stores.invoices.in_run(run))
    assert numbers_mailed() == sorted(n for n, one in after.items() if one.outcome == "SENT" and n not in held)
    assert {after[n].reason for n, one in held.items() if one.outcome == "CLAIMED"} == {"lost"}
    assert {n: after[n] for n in held if held[n].outcome != "CLAIMED"} == {
        n: one for n, one in held.items() if one.outcome != "CLAIMED"
    }
    paper = stored.stores.mailing_files.read_json(run, "papier/001-bilan.json")
    assert (paper["printed"]["count"], paper["moved"], paper["apart"]) == (4, 1, [])


def test_a_run_that_the_quota_stopped_is_started_again_and_prints_what_it_had_taken(stored):
    started = stored.tasks.call("mailing_tick", EVENT)["started"]
    assert {KEPT["half_way_run"], KEPT["quota_run"]} <= set(started)
    assert executed(stored, KEPT["quota_run"], 2)
    assert numbers_mailed() == ["611"]
    paper = stored.stores.mailing_files.read_json(KEPT["quota_run"], "papier/001-bilan.json")
    assert (paper["printed"]["count"], paper["moved"]) == (4, 3), "the two that it had taken, and one that came since"


def test_a_task_called_by_an_execution_of_then_knows_what_it_is_given(stored):
    plan = KEPT["plan"]
    for item in json.loads(contents("mailings")[plan["deliver"]]):
        stored.tasks.call("mailing_deliver", item)
    assert stored.tasks.call("mailing_paper", plan) == {"parts": 1}
    assert stored.tasks.call("mailing_close", plan) == {"closed": False}
    assert len(list(stored.stores.deliveries.of(plan["run"]))) == plan["invoices"]


def test_a_mail_of_then_leads_back_to_paper_and_what_ses_says_of_it_finds_its_invoice(tables):
    run, browser = KEPT["half_way_run"], Browser()
    assert told(tables, "Delivery", reference=f"{run}_605") == 1
    assert tables.stores.deliveries.find(run, "605").feedback == "DELIVERED"
    assert browser.get(KEPT["paper_link"]).status == 200
    assert browser.post("/retour-papier").says("C’est fait")
    assert tables.stores.accounts.find("dupont").delivery_mode == "PAPER"


def test_a_reminder_sent_then_is_not_sent_again(tables):
    Machine(tables).run({"kind": "reminders", "run": KEPT["reminders"], "round": "2"})
    assert mails() == []


def test_a_run_checked_then_is_the_same_file_s_run_and_can_be_published_and_closed(stored):
    run = KEPT["run_to_check"]
    ((key, content),) = contents("inbox").items()
    event = {"Records": [{"s3": {"object": {"key": key}}}]}
    assert stored.tasks.call("receive_billing_file", event) == {"runs": [run]}
    assert stored.stores.runs.find(run).sha256 == hashlib.sha256(content).hexdigest()
    assert guichet("campagnes", "ecarter", run) == 0
    assert guichet("campagnes", "publier", run, "--le", "10/06/2026") == 0
    stored.tasks.call("mailing_tick", EVENT)
    assert executed(stored, run, 1)
    assert numbers_mailed() == ["801", "802"]

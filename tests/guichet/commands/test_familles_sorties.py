"""`guichet familles exporter | effacer`: what families changed goes back; what must be forgotten is."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account import Address
from chalicelib.domain.family import Child
from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound
from chalicelib.services.account.declare_address import Declaration, Upload, declare_address
from tests.support.browsing import Browser
from tests.support.people import CHILDREN, invoice
from tests.support.proofs import PDF

NEW = Address(line_1="=3 rue des Lilas", postcode="06990", town="Saint-Aubin-les-Pins")
JUNE = datetime(2026, 6, 8, 22, 30, tzinfo=UTC)
"""9 June in Paris."""


def alter(portal, username, **changes):
    held = portal.stores.accounts.find(username)
    assert portal.stores.accounts.replace(held, held.model_copy(update=changes))


def exported(guichet, tmp_path, since):
    """The rows of the export, by username."""
    path = tmp_path / f"modifications-{since.replace('/', '-')}.csv"
    assert guichet("familles", "exporter", "--modifiees-depuis", since, path).code == 0
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";")
    return {row["identifiant"]: row for row in rows}


def test_only_what_families_changed_since_that_day_goes_back(guichet, portal, tmp_path):
    alter(portal, "dupont", mobile="0612345678", changed_by_parent=("mobile",), changed_at=JUNE)
    (row,) = exported(guichet, tmp_path, "09/06/2026").values()
    assert (row["identifiant"], row["telephone_mobile"], row["quotient_familial"]) == ("dupont", "0612345678", "654,00")
    assert (row["champs_modifies"], row["modifie_le"]) == ("telephone_mobile", "09/06/2026")
    assert exported(guichet, tmp_path, "10/06/2026") == {}


def test_cells_that_a_spreadsheet_would_run_are_disarmed(guichet, portal, tmp_path):
    changed = {"changed_by_parent": ("address", "landline"), "changed_at": JUNE}
    alter(portal, "dupont", address=NEW, landline="+687751234", **changed)
    row = exported(guichet, tmp_path, "2026-06-01")["dupont"]
    assert (row["ligne_1"], row["telephone_fixe"]) == ("'=3 rue des Lilas", "00687751234")


def test_country_goes_back_under_its_name(guichet, portal, tmp_path):
    changed = {"changed_by_parent": ("address",), "changed_at": JUNE}
    alter(portal, "dupont", address=Address(line_1="8 rue Haute", postcode="1000", town="x", country="BE"), **changed)
    alter(portal, "martin", **changed)
    rows = exported(guichet, tmp_path, "2026-06-01")
    assert [rows[name]["pays"] for name in ("dupont", "martin")] == ["Belgique", "France"]


def test_accepted_address_goes_back_from_its_own_day(guichet, portal, tmp_path, clock):
    alter(
        portal, "dupont", next_address=NEW, moves_on=date(2026, 7, 1), changed_by_parent=("address",), changed_at=JUNE
    )
    assert exported(guichet, tmp_path, "01/06/2026")["dupont"]["ligne_1"] == "12 allée des Mûriers"
    clock.advance(days=30)
    assert exported(guichet, tmp_path, "20/06/2026")["dupont"]["ligne_1"] == "'=3 rue des Lilas"
    assert exported(guichet, tmp_path, "02/07/2026") == {}


def test_a_day_that_is_none_and_a_file_that_stands_are_refused(guichet, portal, tmp_path):
    (tmp_path / "x.csv").write_text("kept")
    assert guichet("familles", "exporter", "--modifiees-depuis", "hier", tmp_path / "y.csv").code == 2
    assert guichet("familles", "exporter", "--modifiees-depuis", "01/06/2026", tmp_path / "x.csv").code == 1
    assert (tmp_path / "x.csv").read_text() == "kept"


@pytest.fixture
def lived_in(portal, dupont):
    """dupont's account after some life: a session, a journal, a declared address with its proof, a payment."""
    declaration = Declaration(address=NEW, effective_on=date(2026, 7, 1), proof=Upload("quittance.pdf", PDF))
    account = portal.stores.accounts.find("dupont")
    asked = declare_address(account, declaration, stores=portal.stores, clock=portal.clock)
    attempt = Attempt(
        reference="R1", invoice_number="150001", username="dupont", amount_cents=5700, created_at=JUNE,
        receipt_email="dupont@example.org", state="PAID",
    )  # fmt: skip
    portal.stores.payments.add(attempt)
    return asked


def erase(guichet, *more):
    return guichet("familles", "effacer", "dupont", *more)


def everything_stored(portal):
    tables = ("accounts", "families", "sessions", "summaries", "requests", "journal", "payments", "attempts")
    return repr([portal.clients.dynamodb.scan(TableName=portal.settings.table(noun))["Items"] for noun in tables])


def test_erased_account_leaves_its_invoices_and_nothing_else(guichet, portal, dupont, lived_in):
    ran = erase(guichet, "--oui")
    assert (ran.code, "Compte dupont effacé." in ran.out) == (0, True)
    assert portal.stores.accounts.find("dupont") is None
    stored = everything_stored(portal)
    for forgotten in ("Dupont", "Éloïse", "dupont@example.org", "Lilas", "Noé", "quittance"):
        assert forgotten not in stored, forgotten
    with pytest.raises(NotFound):
        portal.stores.uploads.read(lived_in.proof.key)
    assert dupont.get("/factures").status == 303
    assert Browser().sign_in().status == 401


def test_law_keeps_invoices_their_numbers_documents_and_payments(guichet, portal, lived_in):
    assert erase(guichet, "--oui").code == 0
    kept = portal.stores.invoices.of("dupont")
    assert [one.number for one in kept] == ["150001", "169165"]
    assert portal.stores.invoices.owner("169165") == "dupont"
    for one in kept:
        assert portal.stores.documents.read(one.document.key).startswith(b"%PDF")
    payment = portal.stores.payments.find("R1")
    assert (payment.amount_cents, payment.receipt_email) == (5700, "-")


def test_erasure_is_the_only_line_left_in_the_journal(guichet, portal, lived_in, monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")
    assert erase(guichet, "--oui").code == 0
    (entry,) = portal.stores.journal.latest("dupont", now=portal.clock())
    assert (entry.event, entry.by) == ("account_erased", "camille")


def test_dry_run_says_what_would_go_and_changes_nothing(guichet, portal, lived_in):
    before = everything_stored(portal)
    ran = erase(guichet, "--essai")
    assert ran.code == 0
    for line in (
        "1 enfant(s)",
        "1 demande(s), dont 1 justificatif(s)",
        "2 facture(s)",
        "1 facture(s) à payer, 57,00 €",
    ):
        assert line in ran.out, line
    assert everything_stored(portal) == before


def test_nothing_is_erased_without_a_yes(guichet, portal, monkeypatch):
    assert erase(guichet).code == 2
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "non")
    assert erase(guichet).code == 1
    assert portal.stores.accounts.find("dupont")
    monkeypatch.setattr("builtins.input", lambda _: " OUI ")
    assert erase(guichet).code == 0
    assert portal.stores.accounts.find("dupont") is None


def test_children_stay_while_the_other_parent_s_account_does(guichet, portal):
    alter(portal, "martin", family="F1")
    assert "Gardés : les enfants, avec le compte martin" in erase(guichet, "--oui").out
    assert portal.stores.families.find("F1") == CHILDREN
    assert guichet("familles", "effacer", "martin", "--oui").code == 0
    assert portal.stores.families.find("F1") is None


def test_other_families_are_untouched(guichet, portal):
    portal.stores.families.put(
        CHILDREN.model_copy(update={"family": "F2", "children": (Child(last_name="Martin", first_name="Zoé"),)})
    )
    martin = portal.stores.accounts.find("martin")
    assert erase(guichet, "--oui").code == 0
    assert portal.stores.accounts.find("martin") == martin
    assert portal.stores.families.find("F2") is not None
    assert portal.stores.invoices.find("martin", "169166") is not None


def test_account_whose_invoice_awaits_its_run_is_not_erased_yet(guichet, portal):
    portal.stores.invoices.add(invoice("200001", state=InvoiceState.PREPARED, run="2026-06-abc"))
    ran = erase(guichet, "--oui")
    assert (ran.code, "attend d’être publiée avec la campagne 2026-06-abc" in ran.err) == (1, True)
    assert portal.stores.accounts.find("dupont")


def test_document_that_cannot_be_drawn_stops_the_erasure(guichet, portal, monkeypatch):
    monkeypatch.setattr("guichet.commands.familles.draw", lambda pairs, portal: 0)
    assert erase(guichet, "--oui").code == 1
    assert portal.stores.accounts.find("dupont")


def test_erasure_cut_short_is_finished_by_the_same_command(guichet, portal, lived_in, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(portal.stores.summaries, "remove", lambda username: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            assert erase(guichet, "--oui").code == 0
    assert portal.stores.accounts.find("dupont")
    assert erase(guichet, "--oui").code == 0
    assert portal.stores.accounts.find("dupont") is None


def test_unknown_account_is_refused(guichet):
    assert guichet("familles", "effacer", "personne", "--oui").code == 1

"""The cash desk: *caisse voir*, *bordereau*, *etat* and *arreter*."""

import csv
import io
from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.errors import Unavailable
from chalicelib.services.payments.close_day import closing_key
from chalicelib.services.payments.undo_movement import movement_id
from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, plain, started
from tests.support.payments.paying import say

TODAY = ("--jour", "10/06/2026")
CLOSE = ("caisse", "arreter", *TODAY)


@pytest.fixture
def type_in(guichet, portal):
    def type_in(amount, means, reference="", *, number="169165", on="10/06/2026"):
        portal.clock.advance(seconds=1)
        options = ("--montant", amount, "--moyen", means, "--reference", reference, "--recu-le", on)
        return guichet("reglements", "saisir", number, *options)

    return type_in


@pytest.fixture
def day(type_in):
    """Cash of 10 €, cheques of 20 € and 7 €, a transfer of 5 €."""
    for settlement in (("10", "especes", "R1"), ("20", "cheque", "C1"), ("7", "cheque", "C2"), ("5", "virement", "V1")):
        assert type_in(*settlement).code == 0


def paid_by_card(portal):
    """Fifteen euros on the portal, of this day."""
    started(portal, cents=1500)
    assert say(signing_bank().notice(REFERENCE, cents=1500)).status == 200


def printed(content):
    pages = PdfReader(BytesIO(content)).pages
    return plain(" ".join(page.extract_text() for page in pages).replace("\u00a0", " "))


def test_cash_box_shows_cash_and_cheques_first_even_when_there_are_none(guichet, portal):
    ran = guichet("caisse", "voir")
    assert ran.code == 0
    assert "Journée du 10 juin 2026 espèces 0 0,00 € chèque 0 0,00 €" in plain(ran.out)


def test_cash_box_adds_up_each_method_and_shows_each_movement_of_the_counter(guichet, portal, day):
    paid_by_card(portal)
    ran = guichet("caisse", "voir")
    said = "espèces 1 10,00 € chèque 2 27,00 € carte bancaire 1 15,00 € virement 1 5,00 €"
    assert said in plain(ran.out)
    assert "Mme Éloïse Dupont" not in ran.out
    ran = guichet("caisse", "voir", "--detail")
    assert ran.out.count("Mme Éloïse Dupont") == 4, "the card payment is not the counter's"
    assert "n° 169165" in ran.out
    assert guichet("caisse", "voir", "--jour", "09/06/2026", "--detail").out.count("169165") == 0


def test_closed_days_leave_the_cash_box(guichet, portal, day):
    assert guichet(*CLOSE).code == 0
    ran = guichet("caisse", "voir")
    assert "Caisse non arrêtée, au 10 juin 2026 espèces 0 0,00 €" in plain(ran.out)
    assert "Journée du 10 juin 2026, arrêtée espèces 1 10,00 €" in plain(guichet("caisse", "voir", *TODAY).out)
    before = plain(guichet("caisse", "voir", "--jour", "09/06/2026").out)
    assert "Journée du 9 juin 2026, avant le premier arrêté" in before


def test_slip_is_written_for_the_cheques_of_the_day(guichet, portal, day, tmp_path):
    ran = guichet("caisse", "bordereau", tmp_path / "slip.pdf")
    assert (ran.code, "2 chèques, 27,00 € : " in ran.out) == (0, True)
    said = printed((tmp_path / "slip.pdf").read_bytes())
    assert "Mme Éloïse Dupont C1 169165 20,00 €" in said
    assert "Total : 2 chèques 27,00 €" in said
    assert guichet("caisse", "bordereau", tmp_path / "slip.pdf").code == 1, "a file is never replaced"


def test_statement_on_screen_as_csv_and_as_pdf(guichet, portal, day, tmp_path):
    june = ("caisse", "etat", "--du", "01/06/2026", "--au", "30/06/2026")
    ran = guichet(*june)
    assert "Par prestation Garderie du matin 6,63 € Restauration scolaire 27,41 € Étude surveillée 7,96 €" in plain(
        ran.out
    )
    assert "Total 42,00 €" in plain(ran.out)
    assert guichet(*june, tmp_path / "juin.csv").code == 0
    text = (tmp_path / "juin.csv").read_bytes().decode("utf-8-sig")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(text), delimiter=";")]
    assert ("prestation", "Restauration scolaire", "", "", "", "", "27,41") in rows
    assert ("moyen", "chèque", "2", "27,00", "0,00", "0,00", "27,00") in rows
    assert [row[-1] for row in rows if row[1] == "TOTAL"] == ["42,00", "42,00"]
    ran = guichet(*june, tmp_path / "juin.pdf")
    assert (ran.code, "Encaissé net : 42,00 €, dans" in ran.out) == (0, True)
    assert "Restauration scolaire 27,41 €" in printed((tmp_path / "juin.pdf").read_bytes())
    assert guichet(*june, tmp_path / "juin.ods").code == 2
    assert guichet("caisse", "etat", "--du", "02/06/2026", "--au", "01/06/2026").code == 2


def test_day_is_closed_once_with_its_document(guichet, portal, day, tmp_path):
    asked = (*CLOSE, "--especes-comptees", "9,90", "--observations", "Dix centimes manquent.")
    ran = guichet(*asked, "--pdf", tmp_path / "a.pdf")
    assert ran.code == 0, ran.err
    assert "Arrêté n° 1, journée du 10 juin 2026 espèces 1 10,00 € chèque 2 27,00 € virement 1 5,00 €" in plain(ran.out)
    assert "Espèces attendues : 10,00 €, comptées : 9,90 €, différence : −0,10 €." in ran.out
    assert "C’est le premier arrêté : il ouvre la caisse" in ran.err
    kept = portal.stores.documents.read(closing_key(portal.clock().date()))
    assert (tmp_path / "a.pdf").read_bytes() == kept
    assert "Observations Dix centimes manquent." in printed(kept)
    portal.clock.advance(days=2)
    ran = guichet(*asked[:4], "--especes-comptees", "10", "--pdf", tmp_path / "b.pdf")
    assert ran.code == 0
    assert "La journée du 10 juin 2026 a été arrêtée le 10 juin 2026 à 11 h 00 par " in ran.out
    assert "Arrêté n° 1, journée du 10 juin 2026" in ran.out
    assert "comptées : 9,90 €" in ran.out
    assert "Ce qui vient d’être tapé n’est pas gardé" in ran.err
    assert (tmp_path / "b.pdf").read_bytes() == kept, "the same bytes"
    assert guichet("comptabilite", "verifier").code == 0


def test_same_closing_typed_again_warns_of_nothing(guichet, portal, day):
    asked = (*CLOSE, "--especes-comptees", "10")
    guichet(*asked)
    ran = guichet(*asked)
    assert (ran.code, ran.err) == (0, "")


def test_dry_run_of_a_closing_writes_nothing(guichet, portal, day, tmp_path):
    ran = guichet(*CLOSE, "--especes-comptees", "10", "--essai", "--pdf", tmp_path / "a.pdf")
    assert (ran.code, "Essai : journée du 10 juin 2026, rien n’a été écrit" in ran.out) == (0, True)
    assert "différence : 0,00 €" in ran.out
    assert not portal.stores.closings.is_closed(portal.clock().date())
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--jour", "11/06/2026"), 1, "La journée du 11 juin 2026 n’est pas encore venue"),
        (("--jour", "hier"), 2, "--jour : "),
        ((*TODAY, "--especes-comptees", "-1"), 2, "de zéro ou plus"),
        ((*TODAY, "--observations", "x" * 501), 2, "de 1 à 500 caractères"),
    ],
)
def test_what_cannot_be_closed_is_refused(guichet, portal, options, code, said):
    ran = guichet("caisse", "arreter", *options)
    assert (ran.code, said in plain(ran.err)) == (code, True), ran.err
    assert portal.stores.closings.last() == 0


def test_day_before_the_first_closing_is_never_closed(guichet, portal, day):
    guichet(*CLOSE)
    ran = guichet("caisse", "arreter", "--jour", "09/06/2026")
    assert (ran.code, "La caisse est ouverte depuis le 10 juin 2026" in ran.err) == (1, True)


def test_earlier_days_left_open_are_named_and_do_not_stop(guichet, portal, day, type_in):
    guichet(*CLOSE)
    portal.clock.advance(days=3)
    assert type_in("1", "especes", "R9", on="11/06/2026").code == 0
    ran = guichet("caisse", "arreter", "--jour", "13/06/2026")
    assert ran.code == 0
    assert "des journées plus anciennes ne sont pas arrêtées : 11 juin 2026." in ran.err
    assert guichet("caisse", "arreter", "--jour", "11/06/2026").code == 0


def test_nothing_is_typed_on_a_closed_day(guichet, portal, day, type_in):
    guichet(*CLOSE)
    ran = type_in("1", "especes", "R9")
    assert (ran.code, "La journée du 10 juin 2026 est arrêtée." in ran.err) == (1, True)
    assert len(portal.stores.ledger.of("169165")) == 4
    again = type_in("10", "especes", "R1")
    assert (again.code, "déjà connu" in again.err) == (0, True), "what was booked before is known"


def test_what_comes_late_is_told_by_the_next_closing_and_leaves_the_first_as_it_was(guichet, portal, day):
    guichet(*CLOSE)
    cheque = next(entry for entry in portal.stores.ledger.of("169165") if entry.reference == "C1")
    undo = ("reglements", "annuler", "169165", "--mouvement", movement_id(cheque), "--motif", "impaye")
    assert guichet(*undo).code == 0
    paid_by_card(portal)
    assert "compté le 11/06/2026" in guichet("paiements", "voir", "169165").out
    listed = guichet("encaissements", "exporter", "--du", "11/06/2026", "--au", "11/06/2026", "--detail").out
    rows = list(csv.DictReader(io.StringIO(listed), delimiter=";"))
    assert [(row["jour"], row["recu_le"]) for row in rows] == [("11/06/2026", "10/06/2026")] * 2
    portal.clock.advance(days=1)
    ran = guichet("caisse", "arreter", "--jour", "11/06/2026")
    assert "Arrêté n° 2, journée du 11 juin 2026" in ran.out
    assert "Dont 2 mouvement(s) de journées arrêtées, −5,00 €." in ran.out
    assert guichet("comptabilite", "verifier").code == 0


def test_closing_is_finished_after_a_crash(guichet, portal, day, monkeypatch, tmp_path):
    def crash(*_, **__):
        raise Unavailable("crash")

    for store, name in ((portal.stores.closings, "keep_totals"), (portal.stores.documents, "keep")):
        with monkeypatch.context() as crashing:
            crashing.setattr(store, name, crash)
            assert guichet(*CLOSE, "--pdf", tmp_path / "a.pdf").code == 1
        assert not (tmp_path / "a.pdf").exists()
    assert guichet("comptabilite", "verifier").code == 0
    ran = guichet(*CLOSE, "--pdf", tmp_path / "a.pdf")
    assert (ran.code, "chèque 2 27,00 €" in plain(ran.out)) == (0, True)
    assert "chèque 2 27,00 €" in printed((tmp_path / "a.pdf").read_bytes())
    assert portal.stores.closings.last() == 1


def test_totals_that_differ_end_the_audit_badly(guichet, portal, day):
    guichet(*CLOSE)
    table = portal.settings.table("closings")
    key = {"day": {"S": "2026-06-10"}, "part": {"S": "closing"}}
    portal.clients.dynamodb.update_item(TableName=table, Key=key, UpdateExpression="REMOVE totals")
    ran = guichet("comptabilite", "verifier")
    assert (ran.code, "Arrêté du 10 juin 2026 : interrompu, relancez « caisse arreter »" in ran.err) == (1, True)

"""`guichet envois voir CAMPAGNE --papier FICHIER --complement`: late paper printed at once, and never twice."""

import csv
import io

import pytest
from pypdf import PdfReader

from chalicelib.domain.delivery import Feedback, mail_tag
from chalicelib.services.mailing import grouping
from chalicelib.services.mailing.close import read_report
from chalicelib.services.mailing.ses_events import MailEvent, apply_event
from tests.flows.mailing.test_mailing import BATCH, mailed, published, start_due
from tests.support.people import DUPONT, invoice
from tests.support.rights import acting


@pytest.fixture(autouse=True)
def mail_for_each(monkeypatch):
    """Each invoice leaves, and comes back, alone: here it is about the paper of one and not of the others."""
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 1)


@pytest.fixture
def bounced(portal, run):
    """Makes the mail of these invoices come back, after the run was closed."""

    def bounced(*numbers):
        for number in numbers:
            event = MailEvent(email=DUPONT.email, feedback=Feedback.BOUNCED, tag=mail_tag(run, number))
            with acting("mail_feedback"):
                assert apply_event(event, stores=portal.stores, clock=portal.clock)

    return bounced


@pytest.fixture
def printed(guichet, run, tmp_path):
    """Prints a complement into a new file. Returns what the command wrote, and the file."""

    def printed(name="complement.pdf", *options):
        path = tmp_path / name
        return guichet("envois", "voir", run, "--papier", path, "--complement", *options), path

    return printed


def numbers(path):
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";")
    return [row["numero"] for row in rows]


def test_late_paper_is_told_printed_at_once_and_left_out_of_the_next_batch(guichet, portal, run, bounced, printed):
    assert "complément" not in guichet("envois", "voir", run).out
    bounced("501", "505")
    command = f"guichet envois voir {run} --papier complement.pdf --complement"
    waits = f"2 factures attendent un complément, que « {command} » imprime, ou le prochain lot à imprimer\n"
    assert waits in guichet("envois", "voir", run).out
    ran, path = printed()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Complément n° 1 à imprimer : 2 factures, 2 pages, recto seul\nEnregistré : {path}\n"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes()), strict=True).pages)
    assert ("501" in text, "505" in text, "503" in text) == (True, True, False)
    told = guichet("envois", "voir", run).out
    assert "Complément n° 1 à imprimer, fait le 10 juin 2026 à 11 h 00 : 2 factures, 2 pages" in told
    assert "attend" not in told
    july = published(portal, invoice("601", "martin"))
    start_due(portal)
    mailed(portal, july)
    assert (read_report(july, context=portal.mailing).paper.printed.count, len(BATCH)) == (1, 7)


def test_asked_again_it_is_the_same_file_and_what_came_back_since_is_in_the_next(
    run, bounced, printed, portal, clock, tmp_path
):
    bounced("501")
    first = printed("un.pdf", "--liste", tmp_path / "un.csv")[1]
    clock.advance(days=2)
    ran, again = printed("encore.pdf", "--liste", tmp_path / "encore.csv")
    assert "Complément n° 1 à imprimer, fait le 10 juin 2026 à 11 h 00 : 1 facture, 1 page" in ran.out
    assert again.read_bytes() == first.read_bytes()
    assert numbers(tmp_path / "encore.csv") == numbers(tmp_path / "un.csv") == ["501"]
    bounced("503")
    ran, _ = printed("deux.pdf", "--liste", tmp_path / "deux.csv")
    assert ("Complément n° 2 à imprimer : 1 facture" in ran.out, numbers(tmp_path / "deux.csv")) == (True, ["503"])
    ran, earlier = printed("rang.pdf", "--rang", "1")
    assert (ran.code, earlier.read_bytes()) == (0, first.read_bytes())
    ran, path = printed("trois.pdf", "--rang", "3")
    assert (ran.code, ran.err, path.exists()) == (1, "Cette campagne n’a pas de complément n° 3.\n", False)


def test_nothing_that_waits_is_one_sentence_and_no_file(printed):
    ran, path = printed()
    assert (ran.code, ran.out, path.exists()) == (1, "", False)
    assert ran.err.startswith("Rien n’attend d’être imprimé en complément : ")


def test_a_file_that_cannot_be_written_makes_no_complement(guichet, run, bounced, printed, tmp_path):
    bounced("501")
    (tmp_path / "complement.pdf").write_bytes(b"kept")
    ran, path = printed()
    assert (ran.code, "existe déjà" in ran.err, path.read_bytes()) == (1, True, b"kept")
    ran, path = printed("autre.pdf", "--liste", path)
    assert (ran.code, path.exists()) == (1, False)
    assert "1 facture attend un complément" in guichet("envois", "voir", run).out


def test_a_run_that_is_not_closed_says_where_its_paper_is(guichet, portal, tmp_path):
    july = published(portal, invoice("601", "martin"))
    start_due(portal)
    ran = guichet("envois", "voir", july, "--papier", tmp_path / "complement.pdf", "--complement")
    assert (ran.code, list(tmp_path.iterdir())) == (1, [])
    assert ran.err.startswith("La campagne n’est pas close : son papier est dans le lot de son envoi. ")


def test_documents_none_of_which_joins_are_named_to_be_printed_on_their_own(portal, bounced, printed, monkeypatch):
    bounced("501")
    monkeypatch.setattr("chalicelib.pdf.format.merger.PDFMerger.add", lambda self, content: int("poison"))
    ran, path = printed()
    assert (ran.code, path.exists()) == (3, False)
    assert "facture n° 501, à imprimer à part" in ran.err
    assert "Aucun de ces PDF ne se joint" in ran.err


@pytest.mark.parametrize(
    "options", [["--complement"], ["--liste", "l.csv", "--complement"], ["--papier", "p.pdf", "--rang", "1"],
                ["--complement", "--facture", "501"], ["--papier", "p.pdf", "--complement", "--rang", "0"]],
)  # fmt: skip
def test_a_misuse_is_told(guichet, run, options):
    assert guichet("envois", "voir", run, *options).code == 2

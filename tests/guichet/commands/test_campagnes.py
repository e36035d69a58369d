"""`guichet campagnes`: a file is deposited, looked at, settled, published or given up; a refusal says what to do."""

from datetime import date
from types import SimpleNamespace

import pytest

from chalicelib.domain.billing_run import RunState
from tests.support.files import INVOICE_COLUMNS, content_of
from tests.support.people import invoice, line

CREDIT = invoice("6", "martin", billed_cents=-1240, lines=(line(quantity="-4", amount=-1240),))
GOOD = [invoice("5"), CREDIT]
STRANGER = invoice("8", "personne")


@pytest.fixture
def write(tmp_path):
    def write(*invoices, name="factures-2026-05.csv", end=""):
        path = tmp_path / name
        path.write_bytes(content_of(*invoices, end=end))
        return path

    return write


def only_run(portal):
    (run,) = portal.stores.runs.every()
    return run


def plain(text):
    return " ".join(text.split())


def test_a_deposit_is_told_in_figures_and_says_the_next_step(guichet, write, portal):
    ran = guichet("campagnes", "deposer", write(*GOOD))
    assert ran.code == 0
    assert "Factures 2 44,60 €" in plain(ran.out)
    assert "dont avoirs (négatives) 1" in plain(ran.out)
    assert f"python -m guichet campagnes publier {only_run(portal).run} --le JJ/MM/AAAA" in ran.out
    assert "factures-2026-05.csv, ligne 5 : facture n° 6, avoir de −12,40 €" in ran.err


def test_a_dry_run_tells_the_same_and_writes_nothing(guichet, write, portal):
    ran = guichet("campagnes", "deposer", write(*GOOD, STRANGER), "--essai")
    assert ran.code == 3
    assert "Factures 2 44,60 €" in plain(ran.out)
    assert "ligne 6, colonne identifiant : facture n° 8, cet identifiant" in ran.err
    assert (list(portal.stores.runs.every()), portal.stores.invoices.find("dupont", "5")) == ([], None)


def test_the_same_file_twice_says_what_became_of_it(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    run = only_run(portal)
    ran = guichet("campagnes", "deposer", write(*GOOD, name="copie.csv"))
    assert (ran.code, only_run(portal)) == (0, run)
    assert f"Ce fichier est déjà la campagne {run.run}, à contrôler : rien n’a changé." in ran.out


def test_a_wrong_header_deposits_nothing(guichet, tmp_path, portal):
    (tmp_path / "x.csv").write_text("numero;identifiant\n1;dupont\n")
    ran = guichet("campagnes", "deposer", tmp_path / "x.csv")
    assert ran.code == 1
    assert "x.csv, ligne 1 : l’en-tête est faux : il manque les colonnes libelle, periode," in ran.err
    assert list(portal.stores.runs.every()) == []


def test_a_file_without_an_invoice_deposits_nothing(guichet, write, portal):
    ran = guichet("campagnes", "deposer", write())
    assert (ran.code, "factures-2026-05.csv, ligne 1 : le fichier n’a aucune ligne" in ran.err) == (1, True)
    assert list(portal.stores.runs.every()) == []


def test_errors_are_listed_refused_at_publication_then_left_out(guichet, write, portal):
    ran = guichet("campagnes", "deposer", write(*GOOD, STRANGER, end="9;dupont;x\r\n"))
    assert ran.code == 3
    assert f"ligne 9 : 3 cases au lieu de {len(INVOICE_COLUMNS)}" in ran.err
    run = only_run(portal).run
    refused = guichet("campagnes", "publier", run, "--le", "01/07/2026")
    assert refused.code == 1
    assert f"« guichet campagnes ecarter {run} »" in refused.err
    assert "2 erreurs écartées. 2 factures, 44,60 € peuvent être publiées." in guichet("campagnes", "ecarter", run).out
    published = guichet("campagnes", "publier", run, "--le", "2026-07-01")
    assert published.code == 0
    assert f"Campagne {run}, publiée pour le 1er juillet 2026 : 2 factures, 44,60 €." in published.out


def test_a_past_day_and_a_day_that_is_none_are_refused(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    run = only_run(portal).run
    assert "Ce jour est passé" in guichet("campagnes", "publier", run, "--le", "09/06/2026").err
    assert "vérifiez l’année" in guichet("campagnes", "publier", run, "--le", "01/07/2062").err
    misused = guichet("campagnes", "publier", run, "--le", "demain")
    assert (misused.code, "--le : date attendue" in misused.err) == (2, True)
    assert only_run(portal).state is RunState.TO_CHECK


def test_a_run_is_seen_with_its_comparison_its_oddities_and_its_trace(guichet, write, portal, clock):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    assert guichet("campagnes", "publier", "2026-07", "--le", "01/07/2026").code == 0
    clock.advance(days=30)
    july = write(invoice("15", billed_cents=3720, lines=(line(),)), name="juin.csv")
    ran = guichet("campagnes", "deposer", july, "--agent", "Camille")
    run = portal.stores.runs.latest(1)[0].run
    ran = guichet("campagnes", "voir", run)
    seen = plain(ran.out)
    assert "Total 44,60 € 37,20 € −7,40 €" in seen
    assert "dupont 57,00 € 37,20 € −19,80 €" in seen
    assert "Comptes disparus martin −12,40 €" in seen
    assert "lue en entier par" in seen


def test_a_due_day_that_comes_before_families_see_the_run_is_told(guichet, write, portal):
    credit = CREDIT.model_copy(update={"due_on": date(2026, 6, 15)})
    assert (
        guichet("campagnes", "deposer", write(invoice("5", due_on=date(2026, 6, 20)), invoice("7"), credit)).code == 0
    )
    run = only_run(portal).run
    assert "Première échéance 20/06/2026" in plain(guichet("campagnes", "voir", run).out)
    late = guichet("campagnes", "publier", run, "--le", "21/06/2026")
    assert (late.code, "la première échéance, le 20 juin 2026, sera passée" in late.err) == (0, True)
    assert "échéance" not in guichet("campagnes", "publier", run, "--le", "20/06/2026").err


def test_the_first_and_the_last_due_day_of_what_is_to_be_paid_are_told_at_the_check_and_later(guichet, write, portal):
    days = [invoice(str(number), due_on=date(2026, 6, number)) for number in (24, 20, 30, 25)]
    credit = CREDIT.model_copy(update={"due_on": date(2026, 12, 31)})
    told = "Première échéance 20/06/2026 Dernière échéance 30/06/2026"
    assert told in plain(guichet("campagnes", "deposer", write(*days, credit), "--essai").out)
    assert told in plain(guichet("campagnes", "deposer", write(*days, credit)).out)
    assert told in plain(guichet("campagnes", "voir", only_run(portal).run).out)


def test_a_run_whose_last_due_day_was_not_noted_yet_is_told_by_its_first(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    older = only_run(portal).figures.model_copy(update={"last_due_on": None})
    portal.stores.runs.change(only_run(portal).run, lambda run: run.model_copy(update={"figures": older}))
    seen = plain(guichet("campagnes", "voir", only_run(portal).run).out)
    assert ("Première échéance 24/06/2026" in seen, "Dernière" in seen) == (True, False)


def test_runs_are_listed_the_latest_first(guichet, write, portal, clock):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    clock.advance(days=30)
    assert guichet("campagnes", "deposer", write(invoice("15"), name="juin.csv")).code == 0
    lines = guichet("campagnes", "lister").out.splitlines()
    assert [" ".join(one.split()[-1:]) for one in lines] == ["FICHIER", "juin.csv", "factures-2026-05.csv"]
    assert "à contrôler" in lines[1]


def test_a_cancelled_run_gives_its_invoices_back(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    run = only_run(portal).run
    ran = guichet("campagnes", "annuler", run)
    assert (ran.code, f"Campagne {run} annulée : 2 factures retirées" in ran.out) == (0, True)
    assert portal.stores.invoices.find("dupont", "5") is None
    refused = guichet("campagnes", "publier", run, "--le", "01/07/2026")
    assert (refused.code, "déposez son fichier à nouveau" in refused.err) == (1, True)


def test_cancelling_twice_by_the_beginning_of_a_name_spares_the_run_that_replaced_it(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    assert guichet("campagnes", "annuler", "2026").code == 0
    assert guichet("campagnes", "deposer", write(*GOOD, invoice("15"), name="corrige.csv")).code == 0
    again = guichet("campagnes", "annuler", "2026")
    assert (again.code, "Plusieurs campagnes" in again.err) == (1, True)
    assert guichet("campagnes", "publier", "2026", "--le", "01/07/2026").code == 0


def test_a_file_may_come_through_a_pipe(guichet, write, portal, pipe):
    assert guichet("campagnes", "deposer", pipe(write(*GOOD))).code == 0
    assert only_run(portal).figures.invoices == 2


def test_an_unknown_or_ambiguous_name_is_refused(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    assert guichet("campagnes", "deposer", write(invoice("15"), name="juin.csv")).code == 0
    assert "Aucune campagne" in guichet("campagnes", "voir", "2020").err
    ran = guichet("campagnes", "annuler", "2026")
    assert (ran.code, "Plusieurs campagnes" in ran.err) == (1, True)


def test_the_beginning_of_a_name_passes_over_the_runs_that_were_cancelled(guichet, write, portal):
    assert guichet("campagnes", "deposer", write(*GOOD)).code == 0
    wrong = only_run(portal).run
    assert guichet("campagnes", "annuler", "2026").code == 0
    assert f"Campagne {wrong}, annulée" in guichet("campagnes", "voir", "2026").out
    assert guichet("campagnes", "deposer", write(invoice("15"), name="corrigées.csv")).code == 0
    (right,) = (run.run for run in portal.stores.runs.every() if run.run != wrong)
    assert f"Campagne {right}, publiée" in guichet("campagnes", "publier", "2026", "--le", "01/07/2026").out
    assert f"Campagne {wrong}, annulée" in guichet("campagnes", "voir", wrong).out


def test_a_beginning_that_only_cancelled_runs_share_is_ambiguous(guichet, write, portal):
    for number in ("5", "15"):
        assert guichet("campagnes", "deposer", write(invoice(number))).code == 0
        for run in list(portal.stores.runs.every()):
            assert guichet("campagnes", "annuler", run.run).code == 0
    assert "Plusieurs campagnes" in guichet("campagnes", "voir", "2026").err


def test_what_a_publication_and_a_cancellation_would_do_is_said_and_not_done(guichet, write, portal):
    guichet("campagnes", "deposer", write(*GOOD))
    ran = guichet("campagnes", "publier", "2026-07", "--le", "01/07/2026", "--essai")
    assert (ran.code, "Le 1er juillet 2026, les familles verront" in plain(ran.out)) == (0, True)
    assert "rien n’a été écrit" in ran.out
    ran = guichet("campagnes", "annuler", "2026-07", "--essai")
    assert (ran.code, "seront retirées de la campagne" in plain(ran.out)) == (0, True)
    (run,) = portal.stores.runs.every()
    assert (run.state, portal.stores.invoices.count_in_run(run.run) > 0) == (RunState.TO_CHECK, True)
    assert guichet("campagnes", "publier", "2026-07", "--le", "01/06/2020", "--essai").code == 1


def test_a_terminal_is_asked_once_unless_the_agent_is_sure(guichet, write, portal, monkeypatch):
    guichet("campagnes", "deposer", write(*GOOD))
    monkeypatch.setattr("guichet.console.sys.stdin", SimpleNamespace(isatty=lambda: True))
    answers = iter(["non", "oui"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    asked = ("campagnes", "publier", "2026-07", "--le", "01/07/2026")
    ran = guichet(*asked)
    assert (ran.code, "Rien n’a été publié." in ran.err) == (1, True)
    assert guichet(*asked).code == 0
    assert guichet("campagnes", "annuler", "2026-07", "--oui").code == 0


def test_a_preview_of_a_file_names_nobody_who_deposited_it(guichet, write):
    ran = guichet("campagnes", "deposer", write(*GOOD), "--essai")
    assert "si ce fichier est déposé" in ran.out
    assert "déposé le" not in ran.out
    assert "en cours" not in ran.out

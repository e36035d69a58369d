"""`guichet envois`: the clock is pressed, a mailing is seen, a doubt is settled, what failed is tried again."""

import dataclasses

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.services.mailing import s3_names
from tests.flows.mailing.test_mailing import BATCH, deposited, mailed, published, start_due
from tests.flows.mailing.test_mailing_again import ODD
from tests.services.mailing.test_reminders import EVENT
from tests.support.letterbox import mails


def doubt(portal, run, number, outcome=Outcome.NEEDS_REVIEW, reason="ambiguous"):
    held = portal.stores.deliveries.find(run, number)
    portal.stores.deliveries.replace(held, held.with_outcome(outcome, portal.clock(), reason=reason))


def test_nothing_starts_until_it_is_asked(guichet, portal):
    run = published(portal, *BATCH)
    assert f"Campagne {run}, publiée pour le 10 juin 2026 : 7 factures" in guichet("envois", "lancer").out
    assert portal.stores.executions.status(run) is None
    assert "1 envoi lancé." in guichet("envois", "lancer", "--maintenant").out
    assert portal.stores.executions.status(run) == "RUNNING"


def test_what_the_desk_started_before_the_clock_is_not_started_again_by_it(guichet, portal):
    run = published(portal, *BATCH)
    assert "1 envoi lancé." in guichet("envois", "lancer", "--maintenant").out
    assert run not in portal.tasks.call("mailing_tick", EVENT)["started"]
    assert portal.stores.runs.find(run).state is RunState.MAILING


def test_a_mailing_is_shown_in_counts_and_euros_and_its_batch_is_saved(guichet, run, tmp_path):
    ran = guichet("envois", "voir", run, "--papier", tmp_path / "lot.pdf", "--liste", tmp_path / "lot.csv")
    assert "envoyées par courriel 3 171,00 €" in " ".join(ran.out.split())
    assert "Total 7 329,60 €" in " ".join(ran.out.split())
    assert (tmp_path / "lot.pdf").read_bytes().startswith(b"%PDF")
    assert len((tmp_path / "lot.csv").read_text("utf-8-sig").splitlines()) == 5


def test_the_characters_that_no_font_has_are_told_with_their_invoice(guichet, portal):
    run = published(portal, ODD, *BATCH[1:])
    start_due(portal)
    mailed(portal, run)
    assert "facture n° 501, caractères non tracés : 中" in guichet("envois", "voir", run).err


def test_the_characters_that_a_second_try_could_not_draw_are_told_too(guichet, portal):
    context = portal.mailing

    def draw(invoice, account):
        if invoice.number == ODD.number:
            raise ValueError("undrawable")
        return context.draw(invoice, account)

    portal.__dict__["mailing"] = dataclasses.replace(context, draw=draw)
    run = published(portal, ODD, *BATCH[1:])
    start_due(portal)
    mailed(portal, run)
    portal.__dict__["mailing"] = context
    ran = guichet("envois", "reprendre", run)
    assert ("1 facture essayée à nouveau." in ran.out, ran.err) == (
        True,
        "facture n° 501, caractères non tracés : 中\n",
    )


def test_neither_the_batch_nor_its_list_goes_over_another_file(guichet, run, tmp_path):
    batch, listed = tmp_path / "lot.pdf", tmp_path / "lot.csv"
    listed.write_bytes(b"kept")
    ran = guichet("envois", "voir", run, "--papier", batch, "--liste", listed)
    assert (ran.code, f"{listed} existe déjà : rien n’a été écrit." in ran.err) == (1, True)
    assert (batch.exists(), listed.read_bytes(), "Enregistré" in ran.out) == (False, b"kept", False)


def test_a_batch_that_cannot_be_written_is_refused_in_a_sentence(guichet, run, tmp_path):
    nowhere = tmp_path / "nulle-part"
    ran = guichet("envois", "voir", run, "--papier", nowhere / "lot.pdf")
    assert ran.code == 1
    assert ran.err == f"{nowhere / 'lot.pdf'} ne peut pas être écrit : le dossier {nowhere} n’existe pas.\n"
    ran = guichet("envois", "voir", run, "--liste", tmp_path)
    assert (ran.code, f"{tmp_path} est un dossier." in ran.err) == (1, True)


def test_a_batch_that_was_never_made_leaves_no_empty_file(guichet, portal, tmp_path):
    ran = guichet("envois", "voir", published(portal, *BATCH), "--papier", tmp_path / "lot.pdf")
    assert (ran.code, "n’a pas de lot à imprimer" in ran.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_doubt_is_settled_and_what_goes_on_paper_waits_for_the_next_batch(guichet, run, portal):
    doubt(portal, run, "501")
    assert "facture n° 501, à vérifier : le fournisseur n’a pas répondu" in guichet("envois", "voir", run).err
    assert "Facture n° 501 : papier." in guichet("envois", "resoudre", run, "501", "--papier").out
    assert [one.number for one in portal.stores.deliveries.take_paper("july")] == ["501"]
    assert guichet("envois", "resoudre", run, "503").code == 2
    assert guichet("envois", "resoudre", run, " ", "--papier").code == 2


def test_many_doubts_are_settled_in_one_call_each_told_and_a_wrong_number_stops_no_other(guichet, run, portal):
    doubt(portal, run, "501")
    doubt(portal, run, "505", Outcome.FAILED, "drawing")
    ran = guichet("envois", "resoudre", run, "501", "999", "503", "505", "501", "--papier")
    assert (ran.code, ran.out) == (3, "Facture n° 501 : papier.\nFacture n° 505 : papier.\n")
    assert ran.err == (
        f"Facture n° 999 : la campagne {run} n’en a pas d’issue.\n"
        "Facture n° 503 : elle a déjà son issue. Seules celles à vérifier ou en échec se tranchent.\n"
    )
    assert sorted(one.number for one in portal.stores.deliveries.take_paper("july")) == ["501", "505"]
    again = guichet("envois", "resoudre", run, "501", "505", "--papier")
    assert (again.code, again.err, again.out) == (0, "", ran.out)
    refused = guichet("envois", "resoudre", run, "503", "999", "--echec")
    assert (refused.code, refused.out, len(refused.err.splitlines())) == (1, "", 2)


def test_what_the_desk_settled_as_failed_is_never_sent_by_a_second_try(guichet, run, portal):
    doubt(portal, run, "501")
    assert guichet("envois", "resoudre", run, "501", "--echec").code == 0
    sent = len(mails())
    assert "0 facture essayée à nouveau." in guichet("envois", "reprendre", run).out
    assert portal.stores.deliveries.find(run, "501").outcome is Outcome.FAILED
    assert len(mails()) == sent


def test_what_the_desk_settled_as_failed_says_that_it_is_final_and_how_it_can_still_be_printed(guichet, run, portal):
    doubt(portal, run, "501", Outcome.FAILED, "drawing")
    assert "Facture n° 501 : en échec." in guichet("envois", "resoudre", run, "501", "--echec").out
    ran = guichet("envois", "resoudre", run, "501", "--papier")
    assert (ran.code, "c’est définitif. « guichet factures imprimer 501 --sortie facture.pdf »" in ran.err) == (1, True)
    told = guichet("envois", "voir", run, "--facture", "501").out
    assert "tranchée par le guichet, et c’est définitif, rien n’en part plus." in told
    assert "reprendre" not in told


def test_a_mail_whose_worker_died_in_a_retry_is_told_until_when_then_listed(guichet, run, portal, clock):
    doubt(portal, run, "501", Outcome.CLAIMED, "")
    waits = (
        "facture n° 501 : l’envoi de son courriel, commencé le 10 juin 2026 à 11 h 00, n’a pas d’issue. Si le "
        "fournisseur n’en dit rien d’ici le 10 juin 2026 à 11 h 06, elle sera à vérifier\n"
    )
    assert guichet("envois", "reprendre", run).err == guichet("envois", "suivre", run).err == waits
    clock.advance(minutes=6)
    late = guichet("envois", "suivre", run).err
    assert f"le fournisseur n’en a rien dit. « guichet envois reprendre {run} » la listera à vérifier" in late
    listed = "facture n° 501, à vérifier : l’envoi s’est interrompu à cet instant\n"
    assert guichet("envois", "reprendre", run).err == guichet("envois", "suivre", run).err == listed


def test_a_mailing_that_stopped_names_what_waits_for_the_providers_word(guichet, portal):
    run = published(portal, *BATCH)
    start_due(portal)
    portal.stores.deliveries.put_first(
        delivery_of(run, portal.stores.invoices.find("dupont", "501"), Outcome.CLAIMED, portal.clock(), owner="died")
    )
    machine = portal.clients.workflows.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    (started,) = portal.clients.workflows.list_executions(stateMachineArn=machine)["executions"]
    portal.clients.workflows.stop_execution(executionArn=started["executionArn"])
    waits = "facture n° 501 : l’envoi de son courriel, commencé le 10 juin 2026 à 11 h 00, n’a pas d’issue."
    ran = guichet("envois", "suivre", run)
    assert (ran.code, waits in ran.err) == (3, True)
    ran = guichet("envois", "reprendre", run)
    assert (ran.code, ran.out, waits in ran.err) == (0, f"Envoi repris : {run}-reprise-2.\n", True)
    ran = guichet("envois", "reprendre", run)
    assert (ran.out, ran.err) == ("L’envoi est en cours : rien à reprendre.\n", "")


def test_a_batch_that_its_task_gave_up_is_named_with_its_error_until_the_run_closes(guichet, portal):
    run = published(portal, *BATCH)
    start_due(portal)
    failed = {"step": "draw", "batch": "000001", "error": "ValidationError"}
    portal.stores.mailing_files.put_json(run, s3_names.failure("draw", "000001"), failed)
    told = guichet("envois", "voir", run).err
    assert "lot 000001, tracé des PDF : ValidationError" in told


def test_what_failed_is_tried_again_and_nothing_else(guichet, run, portal):
    doubt(portal, run, "501", Outcome.FAILED, "drawing")
    assert "1 facture essayée à nouveau." in guichet("envois", "reprendre", run).out
    assert portal.stores.deliveries.find(run, "501").outcome is Outcome.SENT
    assert "0 facture essayée à nouveau." in guichet("envois", "reprendre", run).out


@pytest.mark.parametrize("verb", ["suivre", "reprendre"])
def test_a_run_that_did_not_start_says_what_to_do(guichet, portal, verb):
    run = published(portal, *BATCH)
    ran = guichet("envois", verb, run)
    assert ran.code == 1
    assert "« guichet envois lancer --maintenant »" in ran.err


def test_a_run_without_a_day_is_to_be_published_first(guichet, portal):
    run = deposited(portal, *BATCH)
    ran = guichet("envois", "suivre", run)
    assert (ran.code, "envois lancer" in ran.err) == (1, False)
    assert f"« guichet campagnes publier {run} --le JJ/MM/AAAA »" in ran.err


def test_a_run_whose_day_is_to_come_says_its_day(guichet, portal):
    run = deposited(portal, *BATCH)
    assert guichet("campagnes", "publier", run, "--le", "01/07/2026").code == 0
    ran = guichet("envois", "suivre", run)
    assert (ran.code, "envois lancer" in ran.err) == (1, False)
    assert "elle est publiée pour le 1er juillet 2026" in ran.err


def test_a_cancelled_run_is_to_be_deposited_again(guichet, portal):
    run = published(portal, *BATCH)
    assert guichet("campagnes", "annuler", run).code == 0
    assert "déposez son fichier à nouveau" in guichet("envois", "suivre", run).err

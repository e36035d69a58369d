"""`guichet envois voir CAMPAGNE --facture NUMERO`: what became of one invoice, in words and on the town's clock."""

import dataclasses
from datetime import UTC, datetime

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import Delivery, Feedback, Outcome
from chalicelib.services.mailing import grouping, s3_names
from chalicelib.services.mailing.reminders import reminder_run
from chalicelib.services.mailing.send_once import LEASE
from tests.flows.mailing.test_mailing import BATCH, deposited, mailed, published, start_due
from tests.support.people import invoice

AT = datetime(2026, 6, 10, 22, 30, tzinfo=UTC)
IN_PARIS = "11 juin 2026 à 0 h 30"
TO_DUPONT = "Le courriel était pour dupont@example.org."


@pytest.fixture(autouse=True)
def mail_for_each(monkeypatch):
    """Each invoice leaves alone, where it is not about those that leave together."""
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 1)


@pytest.fixture
def seen(guichet, run):
    """What the desk reads below the invoice's first line."""

    def seen(number="501"):
        ran = guichet("envois", "voir", run, "--facture", number)
        assert (ran.code, ran.err) == (0, "")
        first, *told = ran.out.splitlines()
        assert first.startswith(f"Facture n° {number}, compte ")
        return told

    return seen


@pytest.fixture
def became(portal, run):
    """Makes something else of the mail of 501."""

    def became(outcome, reason="", **more):
        held = portal.stores.deliveries.find(run, "501")
        return portal.stores.deliveries.replace(held, held.with_outcome(outcome, AT, reason=reason, **more))

    return became


def test_a_mail_is_told_with_its_address_its_hour_and_what_the_provider_said(seen, became):
    became(Outcome.SENT)
    sent = f"Envoyée par courriel à dupont@example.org le {IN_PARIS}."
    assert seen() == [sent, "Le fournisseur n’en a rien dit depuis."]
    became(Outcome.SENT, feedback=Feedback.DELIVERED)
    assert seen() == [sent, "Depuis, le fournisseur a remis le courriel à cette adresse."]


def test_a_paper_is_told_with_its_batch(seen):
    told, batch = seen("502")
    assert told.startswith("Sur papier, depuis le 10 juin 2026 à ")
    assert batch == "Elle est dans le lot à imprimer de cette campagne, fait le 10 juin 2026 à 11 h 00."


def test_a_paper_is_told_with_its_part_of_a_batch_in_several(guichet, portal, monkeypatch):
    monkeypatch.setattr("chalicelib.services.mailing.paper.PART", 2)
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    assert "dans le lot à imprimer de cette campagne, partie 2 sur 2, fait le 10 juin" in guichet(
        "envois", "voir", run, "--facture", "507"
    ).out  # fmt: skip


def test_a_batch_made_before_its_hour_was_noted_is_told_without_it(seen, portal, run):
    facts = portal.stores.mailing_files.read_json(run, s3_names.paper_facts("001"))
    del facts["made_at"]
    portal.stores.mailing_files.put_json(run, s3_names.paper_facts("001"), facts)
    assert seen("502")[1] == "Elle est dans le lot à imprimer de cette campagne."


def test_a_mail_that_came_back_says_which_complement_printed_it(seen, became, guichet, run, tmp_path):
    became(Outcome.PAPER, "bounced", feedback=Feedback.BOUNCED)
    saved = guichet("envois", "voir", run, "--papier", tmp_path / "complement.pdf", "--complement")
    assert saved.code == 0
    assert seen()[-1] == "Elle est dans le complément n° 1 de cette campagne, fait le 10 juin 2026 à 11 h 00."


def test_a_mail_that_came_back_before_the_run_was_closed_waits_for_its_batch(seen, became, portal, run):
    portal.stores.deliveries.await_paper(became(Outcome.PAPER, "bounced", feedback=Feedback.BOUNCED))
    portal.stores.runs.change(run, lambda one: one.model_copy(update={"state": RunState.MAILING}))
    assert seen()[-1] == "Elle attend le prochain lot à imprimer."


def test_a_mail_that_came_back_waits_for_a_batch_then_says_which(seen, became, portal, run):
    came_back = became(Outcome.PAPER, "bounced", feedback=Feedback.BOUNCED)
    portal.stores.deliveries.await_paper(came_back)
    told = [f"Sur papier, depuis le {IN_PARIS} : le courriel est revenu.", TO_DUPONT]
    command = f"guichet envois voir {run} --papier complement.pdf --complement"
    waits = f"Elle attend un complément, que « {command} » imprime, ou le prochain lot à imprimer."
    assert seen() == [*told, waits]
    july = published(portal, invoice("601", "martin"))
    start_due(portal)
    mailed(portal, july)
    printed = f"Elle est dans le lot à imprimer de la campagne {july}, fait le 10 juin 2026 à 11 h 00."
    assert seen() == [*told, printed]


def test_a_document_that_could_not_be_bound_is_printed_on_its_own(guichet, portal):
    run = published(portal, *BATCH)
    start_due(portal)
    bind = portal.mailing.bind

    def poisoned(stream):
        binder = bind(stream)

        def add(content):
            raise ValueError("poison")

        binder.add = add
        return binder

    portal.__dict__["mailing"] = dataclasses.replace(portal.mailing, bind=poisoned)
    mailed(portal, run)
    assert "elle s’imprime à part." in guichet("envois", "voir", run, "--facture", "502").out


@pytest.mark.parametrize(
    ("outcome", "reason", "told"),
    [
        (Outcome.NONE, "debit", f"Sans envoi, depuis le {IN_PARIS} : prélevée."),
        (Outcome.NEEDS_REVIEW, "ambiguous", f"À vérifier, depuis le {IN_PARIS} : le fournisseur n’a pas répondu. "),
        (Outcome.FAILED, "writing", f"En échec, depuis le {IN_PARIS} : son courriel n’a pas pu être écrit. "),
        (Outcome.SENT, "desk", f"Tenue pour envoyée par le guichet, le {IN_PARIS}."),
    ],
)
def test_whatever_else_it_became_is_told_with_the_reason(seen, became, outcome, reason, told):
    became(outcome, reason)
    first, address = seen()
    assert first.startswith(told)
    assert address == TO_DUPONT


def test_what_can_be_done_is_said_with_its_command(seen, became, run):
    became(Outcome.NEEDS_REVIEW, "ambiguous")
    assert f"« guichet envois resoudre {run} 501 »" in seen()[0]
    became(Outcome.FAILED, "drawing")
    assert f"« guichet envois reprendre {run} »" in seen()[0]


def test_a_mail_under_way_is_told_from_one_whose_worker_died(seen, became, clock):
    clock.now = AT
    became(Outcome.CLAIMED)
    assert seen()[0] == f"Son courriel est en train de partir, depuis le {IN_PARIS}."
    clock.now = AT + LEASE
    assert seen()[0].startswith(f"Son envoi s’est interrompu le {IN_PARIS} : ")


def test_an_invoice_that_waits_for_its_turn_says_for_what(guichet, portal):
    run = deposited(portal, *BATCH)
    words = ("envois", "voir", run, "--facture", "501")
    assert "Elle attend son tour. Cette campagne n’est pas publiée" in guichet(*words).out
    assert guichet("campagnes", "publier", run, "--le", "01/07/2026").code == 0
    assert "elle est publiée pour le 1er juillet 2026" in guichet(*words).out
    assert guichet("campagnes", "publier", run, "--le", "10/06/2026").code == 0
    start_due(portal)
    assert "Elle attend son tour : l’envoi est en cours." in guichet(*words).out


def test_an_invoice_that_a_closed_run_left_without_outcome_can_be_tried_again(guichet, portal, run):
    portal.stores.deliveries.forget(portal.stores.deliveries.find(run, "501"))
    assert f"Sans issue : « guichet envois reprendre {run} »" in guichet("envois", "voir", run, "--facture", "501").out


def test_a_number_of_nobody_or_of_another_run_is_one_sentence(guichet, portal, run):
    july = published(portal, invoice("601"))
    ran = guichet("envois", "voir", run, "--facture", "999")
    assert (ran.code, ran.out, ran.err) == (1, "", "Aucune facture n’a le numéro 999.\n")
    ran = guichet("envois", "voir", run, "--facture", "601")
    assert ran.err == f"La facture n° 601 n’est pas de la campagne {run} : elle est de la campagne {july}.\n"


def test_its_reminders_are_told_too(seen, portal):
    portal.__dict__["mailing"] = dataclasses.replace(
        portal.mailing, policy=dataclasses.replace(portal.mailing.policy, reminders=(10, -5, 1))
    )
    reminder = Delivery(
        run=reminder_run(-5), number="501", username="dupont", cents=5700, outcome=Outcome.SENT, at=AT,
        email="dupont@example.org",
    )  # fmt: skip
    late = reminder.model_copy(update={"run": reminder_run(1), "outcome": Outcome.PAPER, "reason": "refused"})
    for one in (reminder, late):
        portal.stores.deliveries.put_first(one)
    assert seen()[-2:] == [
        f"Rappel 5 jours avant l’échéance : envoyé à dupont@example.org le {IN_PARIS}.",
        "Rappel 1 jour après l’échéance : non envoyé, courriel refusé par le fournisseur.",
    ]


def test_one_invoice_is_not_asked_for_with_the_whole_batch(guichet, run, tmp_path):
    assert guichet("envois", "voir", run, "--facture", "501", "--papier", tmp_path / "lot.pdf").code == 2


@pytest.mark.parametrize(
    ("numbers", "told"), [("601 603", "la facture n° 603."), ("601 603 605", "les factures n° 603 et 605.")]
)
def test_a_mail_of_several_names_the_others(guichet, portal, monkeypatch, numbers, told):
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 20)
    july = published(portal, *(invoice(number, "dupont") for number in numbers.split()))
    start_due(portal)
    mailed(portal, july)
    out = guichet("envois", "voir", july, "--facture", "601").out
    assert f"Dans le même courriel que {told}" in out

"""`guichet adresses`: the desk decides, the family is told, and the address counts from its own day."""

from datetime import date

import pytest

from chalicelib.domain.account import Address
from chalicelib.domain.request import RequestKind, RequestState
from chalicelib.errors import NotFound
from chalicelib.pdf.format.tagged_pdf import Drawing
from chalicelib.services.account.declare_address import Declaration, Upload, declare_address
from tests.support.letterbox import mails
from tests.support.people import HOME
from tests.support.proofs import PDF

NEW = Address(line_1="3 rue des Lilas", postcode="06990", town="Saint-Aubin-les-Pins")
AGAIN = Address(line_1="8 quai des Brumes", postcode="06990", town="Saint-Aubin-les-Pins")


@pytest.fixture
def declared(portal):
    """Mme Dupont's request to move on 1 July, with its proof."""
    return declare(portal, "dupont", on=date(2026, 7, 1), proof=Upload("quittance.pdf", PDF))


def declare(portal, username, *, on, address=NEW, proof=None):
    return declare_address(
        portal.stores.accounts.find(username),
        Declaration(address=address, effective_on=on, proof=proof),
        stores=portal.stores,
        clock=portal.clock,
    )


def account(portal, username="dupont"):
    return portal.stores.accounts.find(username)


def test_requests_that_wait_are_listed(guichet, declared):
    ran = guichet("adresses", "lister")
    assert ran.code == 0
    assert (
        f"{declared.id} dupont : 3 rue des Lilas, 06990 Saint-Aubin-les-Pins, à partir du 1er juillet 2026" in ran.out
    )
    assert "quittance.pdf (1 Ko)" in ran.out


def test_nothing_waiting_is_said(guichet):
    assert "Aucune demande en attente." in guichet("adresses", "lister").out


def test_request_is_shown_beside_the_address_in_use_and_its_proof_written(guichet, portal, declared, tmp_path):
    ran = guichet(
        "adresses", "voir", declared.id.lower(), "--justificatif", tmp_path / "proof.pdf", "--agent", "camille"
    )
    assert ran.code == 0
    assert "Compte dupont, Mme Éloïse Dupont : 12 allée des Mûriers" in ran.out
    assert (tmp_path / "proof.pdf").read_bytes() == PDF
    ran = guichet("adresses", "voir", declared.id, "--justificatif", tmp_path / "other.jpg")
    assert (ran.code, (tmp_path / "other.pdf").read_bytes() == PDF) == (0, True), "the extension is that of the content"
    again = guichet("adresses", "voir", declared.id, "--justificatif", tmp_path / "proof.pdf")
    assert (again.code, "existe déjà" in again.err) == (1, True)


def test_accepted_address_counts_from_its_day_and_the_family_is_told(guichet, portal, declared, clock):
    assert guichet("adresses", "accepter", declared.id).code == 0
    held = account(portal)
    assert (held.address, held.next_address, held.moves_on) == (HOME, NEW, date(2026, 7, 1))
    assert held.changed_by_parent == ("address",)
    assert held.as_of(date(2026, 6, 30)).address == HOME
    assert held.as_of(date(2026, 7, 1)).address == NEW
    assert portal.stores.requests.find("dupont", declared.id).state is RequestState.ACCEPTED
    portal.tasks.run()
    (mail,) = mails()
    assert mail.subject == "Votre nouvelle adresse est acceptée"
    assert mail.says("Les factures établies à partir du 1er juillet 2026 portent cette adresse")


def test_day_already_past_counts_at_once(guichet, portal):
    asked = declare(portal, "dupont", on=date(2026, 5, 1))
    assert guichet("adresses", "accepter", asked.id).code == 0
    assert (account(portal).address, account(portal).next_address) == (NEW, None)


def test_second_move_starts_from_the_first_once_its_day_has_come(guichet, portal, declared, clock):
    assert guichet("adresses", "accepter", declared.id).code == 0
    clock.advance(days=60)
    again = declare(portal, "dupont", on=date(2026, 9, 1), address=AGAIN)
    assert guichet("adresses", "accepter", again.id).code == 0
    held = account(portal)
    assert (held.address, held.next_address, held.moves_on) == (NEW, AGAIN, date(2026, 9, 1))


def test_proof_is_forgotten_once_decided(guichet, portal, declared):
    assert guichet("adresses", "refuser", declared.id, "--motif", "Justificatif illisible.").code == 0
    with pytest.raises(NotFound):
        portal.stores.uploads.read(declared.proof.key)
    assert "Aucun justificatif n’est gardé" in guichet("adresses", "voir", declared.id, "--justificatif", "x.pdf").err


def test_refused_address_changes_nothing_and_says_why(guichet, portal, declared):
    before = account(portal)
    assert guichet("adresses", "refuser", declared.id, "--motif", " Justificatif \n illisible. ").code == 0
    assert account(portal) == before
    assert portal.stores.requests.find("dupont", declared.id).answer == "Justificatif illisible."
    portal.tasks.run()
    assert mails()[0].says("Motif : Justificatif illisible.")


def test_decision_is_noted_with_who(guichet, portal, declared, monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")
    assert guichet("adresses", "accepter", declared.id).code == 0
    (entry,) = portal.stores.journal.latest("dupont", now=portal.clock())
    assert (entry.event, entry.by, entry.detail) == ("address_accepted", "camille", declared.id)
    assert portal.stores.requests.find("dupont", declared.id).decided_by == "camille"


@pytest.mark.parametrize("verb", [["accepter"], ["refuser", "--motif", "Trop tard"]])
def test_what_was_decided_is_not_decided_again(guichet, portal, declared, verb):
    assert guichet("adresses", "accepter", declared.id).code == 0
    moved = account(portal)
    ran = guichet("adresses", verb[0], declared.id, *verb[1:])
    assert (ran.code, "elle a déjà été traitée" in ran.err) == (1, True), ran.err
    assert account(portal) == moved


def test_unknown_reference_and_empty_reason_are_refused(guichet, declared):
    assert guichet("adresses", "accepter", "A-260610-ZZZZZZ").code == 1
    assert guichet("adresses", "accepter", declared.id.replace("A-", "S-")).code == 1
    assert guichet("adresses", "refuser", declared.id, "--motif", " ").code == 2
    assert guichet("adresses", "refuser", declared.id).code == 2


def test_family_without_e_mail_gets_no_mail(guichet, portal):
    asked = declare(portal, "martin", on=date(2026, 7, 1))
    assert guichet("adresses", "accepter", asked.id).code == 0
    assert not portal.tasks.started
    assert list(portal.stores.requests.pending(RequestKind.ADDRESS)) == []


def test_family_that_writes_at_the_same_moment_loses_nothing(guichet, portal, declared, monkeypatch):
    find, meanwhile = portal.stores.accounts.find, iter(["0612345678"])

    def find_then_change(username):
        held = find(username)
        for mobile in meanwhile:
            portal.stores.accounts.replace(held, held.model_copy(update={"mobile": mobile}))
        return held

    monkeypatch.setattr(portal.stores.accounts, "find", find_then_change)
    assert guichet("adresses", "accepter", declared.id).code == 0
    assert (find("dupont").mobile, find("dupont").next_address) == ("0612345678", NEW)


def test_invoices_drawn_before_and_after_the_day_carry_each_its_address(guichet, portal, declared, clock, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "chalicelib.pdf.invoice.draw_invoice",
        lambda invoice, account, **_: drawn.append(account.address) or Drawing(b"%PDF", ""),
    )
    assert guichet("adresses", "accepter", declared.id).code == 0
    invoice = portal.stores.invoices.find("dupont", "169165")
    portal.draw_invoice(invoice, account(portal))
    clock.advance(days=20, hours=12, minutes=59)
    portal.draw_invoice(invoice, account(portal))
    clock.advance(minutes=1)
    portal.draw_invoice(invoice, account(portal))
    assert drawn == [HOME, HOME, NEW]

"""The guide, « Je règle mes factures » (the list) and « Consulter ses factures »."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import Unavailable
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.faults import failing
from tests.support.people import add_invoices, invoice, line

PAGES = ("/", "/factures", "/factures/historique", "/factures/169165")


def test_home_says_what_to_do_now(dupont):
    page = dupont.get("/")
    assert page.says("Vous avez 1 facture à payer")
    assert page.says("57,00 €")
    assert page.says("24 juin")


def test_home_says_when_nothing_is_due(portal):
    portal.stores.summaries.put_rows("martin", [invoice("169166", "martin", billed_cents=0).summary])
    martin = Browser()
    assert martin.sign_in("martin").status == 303
    assert martin.get("/").says("rien à payer")


def test_due_invoice_is_listed_with_its_balance_and_a_way_to_pay(dupont):
    page = dupont.get("/factures")
    for sentence in ("Restauration Scolaire Mai Juillet 2026", "169165", "24/06/2026", "57,00 €"):
        assert page.says(sentence)
    assert "/factures/169165/paiement" in page.outline.links
    assert "Sélectionner la facture 169165" in page.text


def test_partly_paid_invoice_shows_its_balance(portal, dupont):
    portal.stores.summaries.put_rows("dupont", [invoice(paid_cents=1700).summary])
    page = dupont.get("/factures")
    assert page.says("40,00 €")
    assert page.says("sur 57,00 € facturés")


def test_paid_debited_and_credited_invoices_cannot_be_selected(portal, dupont):
    rows = [invoice(direct_debit=True), invoice("7", billed_cents=-1200), invoice("8", paid_cents=5700)]
    portal.stores.summaries.put_rows("dupont", [row.summary for row in rows])
    page = dupont.get("/factures")
    assert not any(link.endswith("/paiement") for link in page.outline.links)
    assert page.says("prélèvement")


def test_a_price_finer_than_the_cent_is_shown_and_exported_as_it_is(portal, dupont):
    fine = line(quantity="8", price=313, amount=2500).model_copy(update={"unit_price": Decimal("3.125")})
    add_invoices(portal, invoice("2026_12", lines=(fine,), billed_cents=2500))
    assert dupont.get("/factures/2026_12").says("3,125 €")
    dupont.get("/mes-donnees/fichier")
    exported = json.loads(dupont.post("/mes-donnees/fichier").body)
    (one,) = [found for found in exported["factures"] if found["numero"] == "2026_12"]
    assert one["prestations"][0]["prix_unitaire"] == "3,125"


def test_history_explains_its_columns_and_keeps_unpaid_invoices(dupont):
    page = dupont.get("/factures/historique")
    assert page.says("c'est-à-dire le montant dû au titre des prestations consommées")
    assert page.says("169165")
    assert page.says("150001")
    assert not any(link.endswith("/paiement") for link in page.outline.links)


@pytest.mark.parametrize(("issued_on", "shown"), [(date(2021, 6, 11), True), (date(2021, 6, 9), False)])
def test_history_reaches_five_years_from_the_issue_date(portal, dupont, issued_on, shown):
    old = invoice("OLD-1", issued_on=issued_on, paid_cents=5700)
    add_invoices(portal, old)
    assert dupont.get("/factures/historique").says("OLD-1") is shown
    assert (dupont.get("/factures/OLD-1").status == 200) is shown


def test_unpaid_invoice_never_leaves_the_due_list(portal, dupont):
    add_invoices(portal, invoice("OLD-1", issued_on=date(2015, 6, 1), due_on=date(2015, 7, 1)))
    assert dupont.get("/factures").says("OLD-1")
    assert dupont.get("/factures/OLD-1").status == 200


def test_one_invoice_shows_its_lines_per_child(dupont):
    page = dupont.get("/factures/169165")
    for sentence in ("Noé", "Zoé", "Restauration scolaire", "3,10 €", "37,20 €", "57,00 €"):
        assert page.says(sentence)


def test_pdf_is_the_object_drawn_first_byte_for_byte(portal, dupont):
    first = dupont.get("/factures/169165/pdf")
    assert first.body.startswith(b"%PDF-")
    assert first.header("content-disposition") == 'inline; filename="facture-169165.pdf"'
    kept = portal.stores.invoices.find("dupont", "169165").document
    assert kept.sha256 == hashlib.sha256(first.body).hexdigest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chalicelib.pdf.invoice.draw_invoice", None)
        assert dupont.get("/factures/169165/pdf").body == first.body


def test_pdf_stored_by_a_task_that_died_before_it_said_so_is_the_one_that_stays(portal, dupont, clock):
    with failing(portal.clients.dynamodb, {0: "before"}, {"UpdateItem"}), pytest.raises(Unavailable):
        portal.tasks.call("draw_documents", {"invoices": [["dupont", "169165"]]})
    stored = portal.stores.documents.read("factures/169165.pdf")
    assert portal.stores.invoices.find("dupont", "169165").document is None
    clock.advance(minutes=2)  # a PDF says when it was drawn: another one would have other bytes
    assert dupont.get("/factures/169165/pdf").body == stored
    assert portal.stores.invoices.find("dupont", "169165").document.sha256 == hashlib.sha256(stored).hexdigest()


def test_another_family_s_invoice_and_an_unknown_one_are_the_same_404(dupont):
    for suffix in ("", "/pdf", "/paiement"):
        foreign, unknown, odd = (dupont.get(f"/factures/{n}{suffix}") for n in ("169166", "999999", "a%20b"))
        assert (foreign.status, unknown.status, odd.status) == (404, 404, 404)
        assert foreign.body == unknown.body == odd.body
        assert foreign.headers == unknown.headers


def test_invoice_of_a_run_not_released_is_unknown_to_its_family(portal, dupont):
    assert portal.stores.invoices.add(invoice("555", state=InvoiceState.PREPARED))
    assert dupont.get("/factures/555").body == dupont.get("/factures/999999").body


@pytest.mark.parametrize("path", PAGES)
def test_signed_in_page_costs_at_most_two_round_trips(portal, dupont, path):
    with counted_calls(portal) as calls:
        assert dupont.get(path).status == 200
    assert calls.total() <= 2, calls


def test_idle_refresh_costs_one_more_call_every_five_minutes(portal, dupont, clock):
    clock.advance(minutes=6)
    for expected in (2, 1):
        with counted_calls(portal) as calls:
            assert dupont.get("/factures").status == 200
        assert calls.total() == expected, calls


def test_markup_in_imported_texts_is_shown_as_text(portal, dupont):
    nasty = invoice("666", label="<script>alert(1)</script>{{ 7*7 }}")
    add_invoices(portal, nasty)
    for path in ("/factures", "/factures/666", "/factures/historique"):
        page = dupont.get(path)
        assert "<script>alert" not in page.text
        assert "{{ 7*7 }}" in page.text


def test_invoice_may_be_numbered_like_an_attribute_of_ours(portal, dupont):
    add_invoices(portal, invoice("username"), invoice("n"))
    page = dupont.get("/factures")
    assert "/factures/username" in page.outline.links
    assert "/factures/n" in page.outline.links
    assert dupont.get("/factures/username").status == 200

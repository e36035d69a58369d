"""The papers of the counter, read back from the PDF: the day's closing, the cheque slip, the statement of a period."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.cash_desk.closing import Closing, DayTotals, MethodTotal
from chalicelib.domain.cash_desk.statement import Statement
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.pdf.closing import draw_closing
from chalicelib.pdf.deposit_slip import draw_deposit_slip
from chalicelib.pdf.statement import draw_statement
from tests.support.papers import DRAWN_AT, TOWN, outline, page_texts, text

DAY = date(2026, 6, 10)
CASH = MethodTotal(
    method="especes", count=2, received_cents=5000, refunded_cents=700, undone_cents=300, surplus_cents=10
)
CARDS = MethodTotal(
    method="carte bancaire", count=1, received_cents=123450, refunded_cents=0, undone_cents=0, surplus_cents=0
)


def closing(**changes):
    closed = Closing(
        day=DAY,
        number=12,
        closed_at=datetime(2026, 6, 10, 16, 5, tzinfo=UTC),
        agent="camille",
        counted_cash_cents=3990,
        observations="Dix centimes sous le meuble.",
        totals=DayTotals(methods=(CASH, CARDS), late_count=1, late_cents=123450),
    )
    return draw_closing(closed.model_copy(update=changes), town=TOWN)


def slip(count):
    cheques = [
        LedgerEntry(
            key=f"settled#{n}", kind="OTHER", invoice_number=f"1691{n:02}", username="dupont", applied_cents=1000 + n,
            surplus_cents=0, counted_on=DAY, booked_at=DRAWN_AT, means="cheque", reference=f"00123{n:02}",
            payer=f"M. Łukasz Roussel {n}" if n else "",
        )
        for n in range(count)
    ]  # fmt: skip
    return draw_deposit_slip(DAY, cheques, town=TOWN, drawn_at=DRAWN_AT)


def stated(**changes):
    found = Statement(
        first=date(2026, 6, 1), last=date(2026, 6, 30), services=(("Cantine", 4000), ("Étude", 123000)),
        undetailed_cents=440, surplus_cents=10, methods=(CASH, CARDS),
    )  # fmt: skip
    return draw_statement(found.model_copy(update=changes), town=TOWN, drawn_at=DRAWN_AT)


@pytest.mark.parametrize(
    "said",
    [
        "Arrêté de caisse n° 12",
        "Journée du 10 juin 2026",
        "Net du jour 1 274,50 €",
        "Moyen de paiement Nombre Encaissé Rendu Annulé Net",
        "espèces 2 50,00 € 7,00 € 3,00 € 40,00 €",
        "carte bancaire 1 1 234,50 € 0,00 € 0,00 € 1 234,50 €",
        "Total 3 1 284,50 € 7,00 € 3,00 € 1 274,50 €",
        "Espèces attendues 40,00 €",
        "Espèces comptées 39,90 €",
        "Différence −0,10 €",
        "Trop-perçus du jour 0,10 €",
        "dont comptés ce jour pour des journées arrêtées 1, 1 234,50 €",
        "Observations Dix centimes sous le meuble.",
        "Arrêté le 10 juin 2026 à 18 h 05",
        "Par camille",
    ],
)
def test_closing_says(said):
    assert said in text(closing())


def test_closing_without_counted_cash_says_so():
    said = text(closing(counted_cash_cents=None, observations=""))
    assert "Espèces comptées non comptées" in said
    assert "Différence" not in said
    assert "Observations" not in said


def test_closing_of_a_day_without_movement_is_drawn():
    assert "Total 0 0,00 €" in text(closing(totals=DayTotals()))


def test_closing_is_the_same_bytes_twice():
    assert closing().content == closing().content


def test_slip_lists_each_cheque_with_their_count_and_total():
    said = text(slip(3))
    assert "Rang Émetteur Numéro du chèque Facture Montant" in said
    assert "1 dupont 0012300 169100 10,00 €" in said, "who paid was not typed: the account"
    assert "3 M. Łukasz Roussel 2 0012302 169102 10,02 €" in said
    assert "Total : 3 chèques 30,03 €" in said
    assert "À remettre 30,03 €" in said


def test_long_slip_repeats_its_columns_on_each_page():
    pages = page_texts(slip(80))
    assert len(pages) == 2
    assert all("Numéro du chèque" in page for page in pages)
    assert outline(slip(80)).splitlines().count("    THead") == 1, "a screen reader hears them once"


def test_slip_without_cheque_says_so():
    assert "Aucun chèque n’a été compté ce jour." in text(slip(0))


def test_statement_says_what_it_counts_and_how():
    said = text(stated())
    assert "État des encaissements" in said
    assert "Du 1er juin 2026 au 30 juin 2026" in said
    assert "Encaissé net 1 274,50 €" in said
    assert "Cantine 40,00 € Étude 1 230,00 € Factures sans détail 4,40 €" in said
    assert "Trop-perçus, ni rendus ni imputés 0,10 € Total 1 274,50 €" in said
    assert "réparti entre les prestations de sa facture, en proportion de leurs montants, au centime" in said
    assert "espèces 2 50,00 € 7,00 € 3,00 € 40,00 €" in said


def test_statement_of_nothing_is_drawn():
    said = text(stated(services=(), undetailed_cents=0, surplus_cents=0, methods=()))
    assert "Total 0,00 €" in said
    assert "Trop-perçus" not in said

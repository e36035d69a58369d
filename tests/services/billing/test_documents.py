"""Drawing: a document is made once, and the list's row never stays older than its invoice."""

from chalicelib.services.billing.documents import draw_documents
from tests.support.fakes.shelves import shelves_of
from tests.support.payment_events import clock_at_noon
from tests.support.people import DUPONT, invoice


def drawn(shelves):
    pairs = [("dupont", "169165")]
    return draw_documents(pairs, draw=lambda *_: b"%PDF", shelves=shelves, clock=clock_at_noon())


def test_payment_made_while_a_row_is_written_is_not_hidden_by_it():
    shelves = shelves_of(DUPONT)
    shelves.invoices.add(invoice())
    write, payments = shelves.summaries.put_rows, [5700]

    def pay_then_write(username, rows):
        if payments:
            held = shelves.invoices.held["dupont", "169165"]
            shelves.invoices.held["dupont", "169165"] = held.model_copy(update={"paid_cents": payments.pop()})
        write(username, rows)

    shelves.summaries.put_rows = pay_then_write
    (made,) = drawn(shelves)
    assert made.document.octets == 4
    (row,) = shelves.summaries.find("dupont")
    assert (row.paid_cents, row.balance_cents, row.octets) == (5700, 0, 4)


def test_row_is_written_once_when_nothing_moves():
    shelves = shelves_of(DUPONT)
    shelves.invoices.add(invoice())
    drawn(shelves)
    with shelves.summaries.writes.none_expected():
        assert shelves.documents.held
    assert len(shelves.summaries.find("dupont")) == 1

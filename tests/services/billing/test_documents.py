"""Drawing: a document is made once, and the list's row never stays older than its invoice."""

from chalicelib.services.billing.documents import draw_documents
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import clock_at_noon
from tests.support.people import DUPONT, invoice


def drawn(stores):
    pairs = [("dupont", "169165")]
    return draw_documents(pairs, draw=lambda *_: b"%PDF", stores=stores, clock=clock_at_noon())


def test_payment_made_while_a_row_is_written_is_not_hidden_by_it():
    stores = memory_stores(accounts=[DUPONT])
    stores.invoices.add(invoice())
    write, payments = stores.summaries.put_rows, [5700]

    def pay_then_write(username, rows):
        if payments:
            held = stores.invoices.items["dupont", "169165"]
            stores.invoices.items["dupont", "169165"] = held.model_copy(update={"paid_cents": payments.pop()})
        write(username, rows)

    stores.summaries.put_rows = pay_then_write
    (made,) = drawn(stores)
    assert made.document.size_bytes == 4
    (row,) = stores.summaries.find("dupont")
    assert (row.paid_cents, row.balance_cents, row.size_bytes) == (5700, 0, 4)


def test_row_is_written_once_when_nothing_moves():
    stores = memory_stores(accounts=[DUPONT])
    stores.invoices.add(invoice())
    drawn(stores)
    with stores.writes.none_expected():
        assert stores.documents.items
    assert len(stores.summaries.find("dupont")) == 1

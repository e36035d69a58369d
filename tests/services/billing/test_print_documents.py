"""What is printed once more is what was stored; what cannot be printed says why."""

import pytest

from chalicelib.domain.invoice import Document, InvoiceState
from chalicelib.domain.payment import AttemptState
from chalicelib.services.billing.print_documents import PrintObstacle, invoice_to_print, receipt_to_print
from chalicelib.services.payments.receipts import receipt_key
from tests.support.fakes.stores import NOW, memory_stores
from tests.support.payments.payment_events import attempt
from tests.support.people import invoice

REFERENCE = "AAAAAA-BBBBBB"
DOCUMENT = Document(key="ailleurs/1.pdf", sha256="0" * 64, size_bytes=4, drawn_at=NOW)


def stored(*invoices):
    stores = memory_stores(invoices=invoices)
    stores.documents.items[DOCUMENT.key] = b"%PDF"
    return stores


@pytest.mark.parametrize("state", [InvoiceState.ISSUED, InvoiceState.CANCELLED])
def test_an_invoice_that_families_may_see_gives_the_document_that_it_names(state):
    stores = stored(invoice("1", run="r", document=DOCUMENT, state=state))
    found = invoice_to_print("1", stores=stores)
    assert (found.name, found.content, found.obstacle, found.run) == ("1", b"%PDF", None, "r")
    assert found.cancelled is (state is InvoiceState.CANCELLED)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"document": DOCUMENT, "state": InvoiceState.PREPARED}, PrintObstacle.UNPUBLISHED),
        ({"state": InvoiceState.PREPARED}, PrintObstacle.UNPUBLISHED),
        ({}, PrintObstacle.UNDRAWN),
        ({"document": DOCUMENT.model_copy(update={"key": "gone.pdf"})}, PrintObstacle.LOST),
    ],
)
def test_an_invoice_without_a_document_to_show_gives_the_obstacle(changes, obstacle):
    found = invoice_to_print("1", stores=stored(invoice("1", run="r", **changes)))
    assert (found.content, found.obstacle, found.run) == (b"", obstacle, "r")


def test_a_number_of_nobody_gives_the_obstacle():
    assert invoice_to_print("9", stores=stored()) == ("9", b"", PrintObstacle.UNKNOWN, "", False)


class Drawing:
    """The task that draws a receipt: counts how often it was asked."""

    def __init__(self, stores):
        self.stores, self.asked = stores, []

    def call(self, name, payload):
        self.asked.append((name, payload))
        self.stores.documents.keep(receipt_key(payload["reference"]), b"receipt")


def printed(*, state=AttemptState.PAID, invoices=(), reference=REFERENCE):
    stores = memory_stores(invoices=invoices, attempts=[attempt(REFERENCE, state=state)])
    tasks = Drawing(stores)
    return [receipt_to_print(reference, stores=stores, tasks=tasks) for _ in range(2)], tasks.asked


def test_a_receipt_is_drawn_by_its_task_once_and_read_from_then_on():
    found, asked = printed(invoices=[invoice()])
    assert [one.content for one in found] == [b"receipt", b"receipt"]
    assert asked == [("draw_receipt", {"reference": REFERENCE})]


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"state": AttemptState.REFUSED, "invoices": [invoice()]}, PrintObstacle.UNPAID),
        ({"reference": "AAAAAA-CCCCCC"}, PrintObstacle.UNKNOWN),
        ({"reference": "é" * 3000}, PrintObstacle.UNKNOWN),
        ({}, PrintObstacle.PURGED),
    ],
)
def test_a_payment_without_a_receipt_gives_the_obstacle_and_no_task_is_asked(facts, obstacle):
    found, asked = printed(**facts)
    assert ({one.obstacle for one in found}, asked) == ({obstacle}, [])

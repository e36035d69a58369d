"""Invoices shown to their families, in memory and over moto: each with its document and its row, all or none."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.invoice import Document, InvoiceState
from tests.support.people import invoice

RUN = "2026-06-x"
DOCUMENT = Document(key="factures/1.pdf", sha256="0" * 64, size_bytes=10, drawn_at=datetime(2026, 6, 1, tzinfo=UTC))


def prepared(number, username="dupont", **changes):
    return invoice(number, username, **({"run": RUN, "state": InvoiceState.PREPARED} | changes))


def issued(number, username="dupont", **changes):
    return prepared(number, username, **({"state": InvoiceState.ISSUED, "document": DOCUMENT} | changes))


def rows(stores, username):
    return {row.number: row.size_bytes for row in stores.summaries.find(username)}


def test_a_group_is_shown_together_and_again_without_harm(stores):
    for one in (prepared("1"), prepared("2"), prepared("3", "martin")):
        assert stores.invoices.add(one)
    group = [issued("1"), issued("2"), issued("3", "martin")]
    for _ in range(2):
        assert stores.invoice_release.release(group)
        assert (rows(stores, "dupont"), rows(stores, "martin")) == ({"1": 10, "2": 10}, {"3": 10})
        assert [stores.invoices.find(one.username, one.number) for one in group] == group


@pytest.mark.parametrize("odd", [{"run": "2026-05-x"}, {"state": InvoiceState.CANCELLED}])
def test_one_of_another_run_or_cancelled_stops_the_group(stores, odd):
    assert stores.invoices.add(prepared("1"))
    assert stores.invoices.add(prepared("2", **odd))
    assert not stores.invoice_release.release([issued("1"), issued("2")])
    assert (stores.invoices.find("dupont", "1"), rows(stores, "dupont")) == (prepared("1"), {})


def test_one_that_is_not_stored_stops_the_group(stores):
    assert stores.invoices.add(prepared("1"))
    assert not stores.invoice_release.release([issued("1"), issued("2")])
    assert stores.invoices.find("dupont", "2") is None


def test_a_document_and_a_row_that_are_there_stay(stores):
    first = DOCUMENT.model_copy(update={"size_bytes": 9})
    assert stores.invoices.add(prepared("1", document=first))
    stores.summaries.put_rows("dupont", [issued("1", paid_cents=5700, document=first).summary])
    assert stores.invoice_release.release([issued("1")])
    assert stores.invoices.find("dupont", "1").document == first
    assert [row.paid_cents for row in stores.summaries.find("dupont")] == [5700]

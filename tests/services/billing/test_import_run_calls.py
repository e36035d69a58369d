"""What a billing file of 10,000 lines asks of AWS: counted on the real stores, over a client that answers at once."""

import io
from collections import Counter
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from chalicelib.services.billing.import_run import identify_file, import_run
from chalicelib.store.accounts import AccountStore
from chalicelib.store.bucket import RUN_FOLDER, RunFiles
from chalicelib.store.documents import DocumentStore
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.runs import RunStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.table import item_of
from local.town import files
from local.town.billing import Town
from tests.support.fakes.clock import StoppedClock
from tests.support.people import DUPONT

LINES = 10_000
TODAY = date(2026, 6, 10)


class CountingAws:
    """Every account is dupont, nothing else exists, every write is accepted."""

    def __init__(self):
        self.calls = Counter()
        self.runs = {}

    def batch_get_item(self, *, RequestItems):  # noqa: N803
        self.calls["reads"] += 1
        found = {table: [self.account(key) for key in asked["Keys"]] for table, asked in RequestItems.items()}
        return {"Responses": {table: items if table == "accounts" else [] for table, items in found.items()}}

    def account(self, key):
        return item_of(DUPONT) | key

    def put_item(self, *, TableName, Item, **_):  # noqa: N803
        self.calls[TableName] += 1
        if TableName == "runs":
            self.runs[Item["run"]["S"]] = Item
        return {}

    def get_item(self, **_):
        self.calls["reads"] += 1
        return {}

    def update_item(self, *, TableName, Key, **_):  # noqa: N803
        self.calls[TableName] += 1
        return {"Attributes": self.runs[Key["run"]["S"]]}

    def put_object(self, *, Body, **_):  # noqa: N803
        self.calls["objects"] += 1

    def get_paginator(self, _):
        self.calls["reads"] += 1
        return SimpleNamespace(paginate=lambda **_: [{"Items": []}])


CLOCK = StoppedClock(datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def billing_file():
    """The first 10,000 lines, whole invoices only, of a month of the town."""
    town, rows = Town(families=4000, seed=2026, today=TODAY), []
    for invoice in town.invoices(date(2026, 5, 1)):
        rows += files.invoice_rows(invoice)
        if len(rows) >= LINES:
            break
    out = io.StringIO(newline="")
    files.write(out, files.INVOICES, rows)
    return identify_file(io.BytesIO(out.getvalue().encode()), "factures-2026-05.csv", today=TODAY)


def stores_over(aws):
    return SimpleNamespace(
        accounts=AccountStore(aws, "accounts"),
        invoices=InvoiceStore(aws, invoices="invoices", numbers="numbers"),
        summaries=SummaryStore(aws, "summaries"),
        documents=DocumentStore(SimpleNamespace(s3=aws), "documents"),
        runs=RunStore(aws, "runs"),
        run_files=RunFiles(SimpleNamespace(s3=aws), "mailings", folder=RUN_FOLDER),
    )


def test_ten_thousand_lines_take_two_writes_an_invoice_and_a_read_for_fifty(billing_file):
    aws = CountingAws()
    outcome = import_run(billing_file, by="Camille", stores=stores_over(aws), clock=CLOCK).outcome
    assert outcome.added > 2_000
    assert (aws.calls["numbers"], aws.calls["invoices"]) == (outcome.added, outcome.added)
    assert aws.calls["reads"] <= outcome.added / 50 + 3
    assert (aws.calls["runs"], aws.calls["objects"], aws.calls["summaries"]) == (2, 3, 0)

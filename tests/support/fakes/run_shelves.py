"""Shelves of billing runs in memory, made by hand, over those of the imports; and billing files to deposit."""

import io
import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

from chalicelib.domain.billing_run import RunKind, RunState
from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import NotFound
from chalicelib.services.billing.import_run import identify
from chalicelib.store.runs import RunStore
from local.town import files
from tests.support.fakes.clock_and_tasks import StoppedClock
from tests.support.fakes.shelves import Accounts, Documents, Invoices, Summaries, Writes
from tests.support.people import DUPONT, MARTIN

DAY = date(2026, 6, 10)


class Runs:
    get, change = RunStore.get, RunStore.change

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.held = {}

    def find(self, run):
        return self.held.get(run)

    def add(self, run):
        self.writes.one()
        return self.held.setdefault(run.run, run) is run

    def replace(self, before, after):
        self.writes.one()
        if self.held[before.run].version != before.version:
            return None
        self.held[before.run] = after.model_copy(update={"version": before.version + 1})
        return self.held[before.run]

    def every(self):
        return iter(self.held.values())

    def latest(self, most):
        return sorted(self.held.values(), key=lambda run: (run.deposited_at, run.run), reverse=True)[:most]

    def before(self, run):
        earlier = [one for one in self.latest(len(self.held)) if one.deposited_at < run.deposited_at]
        return next((one for one in earlier if self._comparable(one)), None)

    def _comparable(self, run):
        read = run.imported_at is not None and run.figures.invoices > 0
        return read and run.kind is RunKind.CAMPAIGN and run.state is not RunState.CANCELLED

    def due(self, today):
        return sorted((run for run in self.held.values() if run.due(today)), key=lambda run: (run.publish_on, run.run))


class RunFiles:
    def __init__(self, writes):
        self.writes = writes
        self.held = {}

    def put(self, run, name, content):
        self.writes.one()
        self.held[run, name] = content if isinstance(content, bytes) else content.read()
        return f"campagnes/{run}/{name}"

    def put_json(self, run, name, value):
        return self.put(run, name, json.dumps(value).encode())

    def read_json(self, run, name):
        if (run, name) not in self.held:
            raise NotFound
        return json.loads(self.held[run, name])

    def lines(self, run, name):
        return map(json.loads, self.held[run, name].splitlines())


class RunInvoices(Invoices):
    """The invoices of the imports, with what runs ask of them."""

    def in_run(self, run):
        return iter(sorted(pair for pair, invoice in self.held.items() if invoice.run == run))

    def count_in_run(self, run):
        return len(list(self.in_run(run)))

    def issue(self, username, number, *, run):
        self.writes.one()
        invoice = self.held.get((username, number))
        if invoice is None or invoice.run != run:
            return None
        if invoice.state is InvoiceState.PREPARED:
            self.held[username, number] = invoice.model_copy(update={"state": InvoiceState.ISSUED})
        return self.held[username, number]

    def withdraw(self, username, number, *, run):
        self.writes.one()
        self.numbers.pop(number, None)
        self.writes.one()
        invoice = self.held.get((username, number))
        if invoice is None or invoice.run != run or invoice.state is not InvoiceState.PREPARED:
            return False
        del self.held[username, number]
        return True


def run_stores(*accounts):
    """Empty stores, but for these accounts (dupont and martin unless told); they share one count of writes."""
    writes = Writes()
    return SimpleNamespace(
        accounts=Accounts(writes, *(accounts or (DUPONT, MARTIN))),
        invoices=RunInvoices(writes),
        summaries=Summaries(writes),
        documents=Documents(writes),
        runs=Runs(writes),
        run_files=RunFiles(writes),
        clock=StoppedClock(datetime(2026, 6, 10, 9, 0, tzinfo=UTC)),
    )


def content_of(*invoices, end=""):
    """A billing file as the town's software writes it; `end` is added as it is."""
    out = io.StringIO(newline="")
    files.write(out, files.INVOICES, (row for one in invoices for row in files.invoice_rows(one)))
    return (out.getvalue() + end).encode()


def billing_file(*invoices, name="factures-2026-05.csv", end=""):
    return identify(io.BytesIO(content_of(*invoices, end=end)), name, today=DAY)

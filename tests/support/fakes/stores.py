"""Builds `chalicelib.stores.Stores` in memory: the stores that have a fake, one counter of writes, one clock."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.family import Family
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Attempt
from chalicelib.store.bucket import MAILING_FOLDER, PDF_BUNDLES
from tests.support.fakes.accounts import FakeAccounts
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.closings import FakeClosings
from tests.support.fakes.deliveries import FakeDeliveries
from tests.support.fakes.documents import FakeDocuments
from tests.support.fakes.executions import FakeExecutions
from tests.support.fakes.families import FakeFamilies
from tests.support.fakes.invoice_release import FakeInvoiceRelease
from tests.support.fakes.invoices import FakeInvoices
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.money import FakeMoney
from tests.support.fakes.notices import FakeNotices
from tests.support.fakes.payments import FakePayments
from tests.support.fakes.quittances import FakeQuittances
from tests.support.fakes.reconciliations import FakeReconciliations
from tests.support.fakes.requests import FakeRequests
from tests.support.fakes.run_files import FakeRunFiles
from tests.support.fakes.runs import FakeRuns
from tests.support.fakes.search import FakeSearch
from tests.support.fakes.summaries import FakeSummaries
from tests.support.fakes.tickets import FakeTickets
from tests.support.fakes.uploads import FakeUploads
from tests.support.fakes.writes import Writes

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


def memory_stores(
    *,
    accounts: Iterable[Account] = (),
    families: Iterable[Family] = (),
    invoices: Collection[Invoice] = (),
    attempts: Iterable[Attempt] = (),
    writes: Writes | None = None,
    clock: Clock | None = None,
) -> SimpleNamespace:
    """Returns every store that has a fake, with these items; visible invoices also have their summary rows.

    `writes` counts the writes of all stores. `clock` stands at 9:00 UTC on 10 June 2026 unless another is given.
    """
    writes = writes or Writes()
    ledger, payments, stored = FakeLedger(), FakePayments(writes, attempts), FakeInvoices(writes, invoices)
    rows = FakeSummaries(writes, [invoice for invoice in invoices if invoice.visible])
    closings = FakeClosings(writes)
    return SimpleNamespace(
        accounts=FakeAccounts(writes, accounts),
        closings=closings,
        deliveries=FakeDeliveries(writes),
        documents=FakeDocuments(writes),
        executions=FakeExecutions(writes),
        families=FakeFamilies(writes, families),
        invoice_release=FakeInvoiceRelease(writes, invoices=stored, summaries=rows),
        invoices=stored,
        ledger=ledger,
        mailing_files=FakeRunFiles(writes, folder=MAILING_FOLDER),
        money=FakeMoney(writes, ledger=ledger, payments=payments, invoices=stored, summaries=rows, closings=closings),
        notices=FakeNotices(writes),
        payments=payments,
        pdf_bundles=FakeRunFiles(writes, folder=PDF_BUNDLES),
        quittances=FakeQuittances(writes, ledger=ledger),
        reconciliations=FakeReconciliations(writes),
        requests=FakeRequests(writes),
        run_files=FakeRunFiles(writes),
        runs=FakeRuns(writes),
        search=FakeSearch(writes),
        summaries=rows,
        tickets=FakeTickets(writes),
        uploads=FakeUploads(writes),
        writes=writes,
        clock=clock or StoppedClock(NOW),
    )

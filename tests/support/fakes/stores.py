"""Builds `chalicelib.stores.Stores` in memory: the stores that have a fake, one counter of writes, one clock."""

from datetime import UTC, datetime
from types import SimpleNamespace

from tests.support.fakes.accounts import FakeAccounts
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.deliveries import FakeDeliveries
from tests.support.fakes.documents import FakeDocuments
from tests.support.fakes.executions import FakeExecutions
from tests.support.fakes.families import FakeFamilies
from tests.support.fakes.invoices import FakeInvoices
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.money import FakeMoney
from tests.support.fakes.notices import FakeNotices
from tests.support.fakes.payments import FakePayments
from tests.support.fakes.requests import FakeRequests
from tests.support.fakes.run_files import FakeRunFiles
from tests.support.fakes.runs import FakeRuns
from tests.support.fakes.summaries import FakeSummaries
from tests.support.fakes.uploads import FakeUploads
from tests.support.fakes.writes import Writes

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


def memory_stores(*, accounts=(), families=(), invoices=(), attempts=(), writes=None, clock=None):
    """Returns every store that has a fake, with these items; visible invoices also have their summary rows.

    `writes` counts the writes of all stores. `clock` stands at 9:00 UTC on 10 June 2026 unless another is given.
    """
    writes = writes or Writes()
    of_money = {
        "ledger": FakeLedger(),
        "payments": FakePayments(writes, attempts),
        "invoices": FakeInvoices(writes, invoices),
        "summaries": FakeSummaries(writes, [invoice for invoice in invoices if invoice.visible]),
    }
    return SimpleNamespace(
        accounts=FakeAccounts(writes, accounts),
        deliveries=FakeDeliveries(writes),
        documents=FakeDocuments(writes),
        executions=FakeExecutions(writes),
        families=FakeFamilies(writes, families),
        money=FakeMoney(writes, **of_money),
        notices=FakeNotices(writes),
        requests=FakeRequests(writes),
        run_files=FakeRunFiles(writes),
        runs=FakeRuns(writes),
        uploads=FakeUploads(writes),
        **of_money,
        writes=writes,
        clock=clock or StoppedClock(NOW),
    )

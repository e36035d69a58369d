"""A closed run in memory, for what the office does once a mailing has ended."""

from types import SimpleNamespace

import pytest

from chalicelib.domain.billing_run import BillingRun, RunKind, RunState
from chalicelib.domain.invoice import InvoiceState
from chalicelib.services.mailing.context import MailingContext, Policy
from chalicelib.stage_settings import load_town
from tests.support.closed_run import RUN
from tests.support.fakes.provider import Chaos, Provider
from tests.support.fakes.stores import NOW, memory_stores
from tests.support.people import DUPONT, MARTIN, invoice


@pytest.fixture
def context(settings):
    """A closed run in memory: 1 and 3 go to dupont by e-mail, 2 and 4 to martin on paper; nothing is drawn yet."""
    batch = [
        invoice(str(n), "dupont" if n % 2 else "martin", run=RUN, state=InvoiceState.PREPARED) for n in (1, 2, 3, 4)
    ]
    stores = memory_stores(accounts=[DUPONT, MARTIN], invoices=batch)
    facts = {"filename": "f.csv", "sha256": "0" * 64, "deposited_at": NOW, "deposited_by": "camille"}
    stores.runs.add(BillingRun(run=RUN, kind=RunKind.CAMPAIGN, state=RunState.CLOSED, **facts))
    provider = Provider(Chaos())
    return MailingContext(
        stores=stores, clock=stores.clock, policy=Policy(rate=1000), town=load_town(settings.town_file),
        link=settings.link, draw=lambda invoice, account: SimpleNamespace(content=b"%PDF", missing_characters=""),
        bind=None, send=provider.send, paper_link=lambda account: "/retour-papier",
        payment_link=lambda invoice: f"/payer/{invoice.number}",
    )  # fmt: skip

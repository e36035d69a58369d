"""All DynamoDB tables and S3 buckets of a stage as one object, `Stores`, passed to services as one argument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.clients import Clients
from chalicelib.domain.sign_in import Count
from chalicelib.stage_settings import Settings
from chalicelib.store.account_cards import AccountCardStore
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore
from chalicelib.store.bucket import MAILING_FOLDER, PDF_BUNDLES, RUN_FOLDER, Bucket, RunFiles
from chalicelib.store.closings import ClosingStore
from chalicelib.store.counters import CounterStore
from chalicelib.store.deliveries import DeliveryStore
from chalicelib.store.documents import DocumentStore
from chalicelib.store.executions import ExecutionStore
from chalicelib.store.families import FamilyStore
from chalicelib.store.invoice_release import InvoiceRelease
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.journal import JournalStore
from chalicelib.store.money import LedgerStore, MoneyTransactions
from chalicelib.store.notices import NoticeStore
from chalicelib.store.payments import PaymentStore
from chalicelib.store.quittances import QuittanceStore, QuittanceTable
from chalicelib.store.reconciliations import ReconciliationStore
from chalicelib.store.requests import RequestStore
from chalicelib.store.runs import RunStore
from chalicelib.store.search import SearchStore
from chalicelib.store.sessions import SessionStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.tickets import TicketStore
from chalicelib.store.uploads import UploadStore


@dataclass(frozen=True)
class Stores:
    """The stores of a stage. `money` writes movements of money in transactions; their tables are read apart."""

    account_cards: AccountCardStore
    accounts: AccountStore
    attempts: AttemptStore
    closings: ClosingStore
    counters: CounterStore
    deliveries: DeliveryStore
    documents: DocumentStore
    executions: ExecutionStore
    families: FamilyStore
    inbox: Bucket
    invoice_release: InvoiceRelease
    invoices: InvoiceStore
    journal: JournalStore
    ledger: LedgerStore
    mailing_files: RunFiles
    money: MoneyTransactions
    notices: NoticeStore
    payments: PaymentStore
    pdf_bundles: RunFiles
    quittances: QuittanceStore
    reconciliations: ReconciliationStore
    requests: RequestStore
    run_files: RunFiles
    runs: RunStore
    search: SearchStore
    sessions: SessionStore
    summaries: SummaryStore
    tickets: TicketStore
    uploads: UploadStore


def build_stores(clients: Clients, settings: Settings, *, attempt_names: Callable[[Count], Sequence[str]]) -> Stores:
    """Returns the stores of a stage. `attempt_names`: the hashes that a count may be stored under. No call is made."""
    dynamodb = clients.dynamodb
    table, bucket = settings.table, settings.bucket
    invoices = InvoiceStore(dynamodb, invoices=table("invoices"), numbers=table("numbers"))
    of_accounts = _account_stores(dynamodb, table, attempt_names)
    summaries, counters = of_accounts["summaries"], CounterStore(dynamodb, table("counters"))
    ledger, payments = LedgerStore(dynamodb, table("ledger")), PaymentStore(dynamodb, table("payments"))
    closings = ClosingStore(dynamodb, table("closings"), counters)
    return Stores(
        **of_accounts,
        closings=closings,
        counters=counters,
        deliveries=DeliveryStore(dynamodb, table("deliveries")),
        documents=DocumentStore(clients, bucket("documents")),
        executions=ExecutionStore(clients, table("mailing")),
        inbox=Bucket(clients, bucket("inbox")),
        invoice_release=InvoiceRelease(dynamodb, invoices, summaries),
        invoices=invoices,
        journal=JournalStore(dynamodb, table("journal")),
        ledger=ledger,
        mailing_files=RunFiles(clients, bucket("mailings"), folder=MAILING_FOLDER),
        money=MoneyTransactions(ledger, payments, invoices, summaries, counters, closings),
        notices=NoticeStore(dynamodb, table("notices")),
        payments=payments,
        pdf_bundles=RunFiles(clients, bucket("mailings"), folder=PDF_BUNDLES),
        quittances=QuittanceStore(QuittanceTable(dynamodb, table("quittances")), ledger, counters),
        reconciliations=ReconciliationStore(dynamodb, table("counters")),
        requests=RequestStore(dynamodb, table("requests")),
        run_files=RunFiles(clients, bucket("mailings"), folder=RUN_FOLDER),
        runs=RunStore(dynamodb, table("runs")),
        sessions=SessionStore(dynamodb, table("sessions")),
        tickets=TicketStore(dynamodb, table("tickets")),
        uploads=UploadStore(clients, bucket("uploads")),
    )


def _account_stores(
    dynamodb: Any, table: Callable[[str], str], attempt_names: Callable[[Count], Sequence[str]]
) -> dict[str, Any]:
    """Returns the stores that an account's card is read from, and the search that leads to it."""
    accounts, families = AccountStore(dynamodb, table("accounts")), FamilyStore(dynamodb, table("families"))
    attempts = AttemptStore(dynamodb, table("attempts"), names=attempt_names)
    summaries = SummaryStore(dynamodb, table("summaries"))
    return {
        "account_cards": AccountCardStore(dynamodb, accounts, families, summaries, attempts),
        "accounts": accounts,
        "attempts": attempts,
        "families": families,
        "search": SearchStore(dynamodb, table("search")),
        "summaries": summaries,
    }

"""A billing file as it was given: its name, its content and the month it bills, which together name its run."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, BinaryIO

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, Comparison, RunEvent, RunKind, RunState, reopen, run_name
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.run_report import arrivals_and_departures, compare
from chalicelib.errors import RunRefused
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.records import Record
from chalicelib.services.billing.cancel_run import withdraw
from chalicelib.services.billing.check_run import Check
from chalicelib.services.billing.invoice_import import InvoicesOutcome, import_invoices
from chalicelib.services.billing.legacy_documents import Takeover
from chalicelib.store.run_files import AMOUNTS, COMPARISON, FILE, REPORT
from chalicelib.stores import Stores

PIECE = 1 << 20


@dataclass(frozen=True)
class BillingFile:
    """A seekable stream; `sha256` is of all its bytes, `month` that of its first invoice's issue.

    `faults` say why nothing in it can be read: its encoding or its header is wrong, or no line follows.
    """

    filename: str
    stream: BinaryIO
    sha256: str
    month: date
    faults: tuple[BadLine, ...] = ()

    def run_name(self, kind: RunKind = RunKind.CAMPAIGN) -> str:
        return run_name(self.month, self.sha256, kind)

    def rewound(self) -> BinaryIO:
        self.stream.seek(0)
        return self.stream


def identify(stream: BinaryIO, filename: str, *, today: date) -> BillingFile:
    """Read a file as far as it takes to name its run: `today` gives the month when no invoice can be read."""
    sha256 = sha256_of(stream)
    issued = (record.value.issued_on for record in read_invoices(stream) if record.value)
    try:
        return BillingFile(filename, stream, sha256, next(issued, today))
    except FileRefused as refusal:
        return BillingFile(filename, stream, sha256, today, refusal.bad_lines)


def sha256_of(stream: BinaryIO) -> str:
    """Of the whole of a seekable stream, read by pieces."""
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


IN_MEMORY = 1_000_000
"""Bytes of findings kept in memory before they go to a temporary file."""


@dataclass(frozen=True)
class Deposit:
    """The run as it stands, and what this reading did; no outcome when the file had nothing new to give."""

    run: BillingRun
    outcome: InvoicesOutcome | None = None


@dataclass(frozen=True)
class Directly:
    """How a direct import differs: records already sifted by its caller, and documents taken over."""

    records: Iterable[Record[Invoice]]
    takeover: Takeover | None = None


def import_run(
    file: BillingFile, *, by: str, stores: Stores, clock: Clock, direct: Directly | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Deposit:  # fmt: skip
    """Import the file as a run *à contrôler*, or, when it is `direct`, issue it at once and close it.

    A run that needs nothing more of its file is answered as it is. Raises RunRefused (a cancelled run of which invoices
    are left, or one cancelled meanwhile), Unavailable.
    """
    kind = RunKind.DIRECT if direct else RunKind.CAMPAIGN
    run = _opened(file, kind, stores, RunEvent(event="deposited", at=clock(), by=by, detail=file.filename))
    if not run.to_read:
        return Deposit(run)
    stores.run_files.put(run.run, FILE, file.rewound())
    records = direct.records if direct else read_invoices(file.stream)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as findings:
        check = Check(run, findings)
        outcome = import_invoices(
            check.sift(records),
            stores=stores,
            takeover=direct.takeover if direct else None,
            progress=progress,
            watch=check.see,
        )
        findings.seek(0)
        report_key = stores.run_files.put(run.run, REPORT, findings)
    return Deposit(_checked(run, check, report_key, stores, RunEvent(event="checked", at=clock(), by=by)), outcome)


def preview_run(
    file: BillingFile,
    findings: IO[bytes],
    *,
    stores: Stores,
    clock: Clock,
    progress: Callable[[int], None] = lambda _: None,
) -> BillingRun:
    """What `deposit` would make of the file, its findings written as JSON lines; nothing is changed anywhere.

    Raises Unavailable.
    """
    run = _new(file, RunKind.CAMPAIGN, RunEvent(event="examined", at=clock(), by=""))
    check = Check(run, findings)
    records = check.sift(read_invoices(file.stream))
    import_invoices(records, stores=stores, dry_run=True, progress=progress, watch=check.see)
    before = stores.runs.before(run)
    compared = compare(before, stores.run_files.read_json(before.run, AMOUNTS), check.amounts) if before else None
    return run.model_copy(
        update={
            "figures": check.figures,
            "bad_lines": check.errors,
            "unresolved": check.errors,
            "comparison": compared,
        }
    )


def _opened(file: BillingFile, kind: RunKind, stores: Stores, event: RunEvent) -> BillingRun:
    new = _new(file, kind, event)
    if stores.runs.add(new):
        return new
    return stores.runs.change(new.run, lambda run: reopen(run, event) if _cancelled(run) else run)


def _new(file: BillingFile, kind: RunKind, event: RunEvent) -> BillingRun:
    return BillingRun(
        run=file.run_name(kind),
        kind=kind,
        filename=file.filename,
        sha256=file.sha256,
        deposited_at=event.at,
        deposited_by=event.by,
        trace=(event,),
    )


def _cancelled(run: BillingRun) -> bool:
    return run.state is RunState.CANCELLED


def _checked(run: BillingRun, check: Check, report_key: str, stores: Stores, event: RunEvent) -> BillingRun:
    changes: dict[str, Any] = {
        "imported_at": event.at,
        "figures": check.figures,
        "bad_lines": check.errors,
        "report_key": report_key,
    }
    if run.kind is RunKind.DIRECT:
        changes |= {"state": RunState.CLOSED}
    else:
        changes |= {"unresolved": check.errors, "comparison": _compared(run, check.amounts, stores)}
    written = stores.runs.replace(run, run.noting(event, **changes))
    return written or _overtaken(run, stores)


def _compared(run: BillingRun, amounts: dict[str, int], stores: Stores) -> Comparison | None:
    stores.run_files.put_json(run.run, AMOUNTS, amounts)
    before = stores.runs.before(run)
    if before is None:
        return None
    held = stores.run_files.read_json(before.run, AMOUNTS)
    stores.run_files.put_json(run.run, COMPARISON, arrivals_and_departures(held, amounts))
    return compare(before, held, amounts)


def _overtaken(run: BillingRun, stores: Stores) -> BillingRun:
    """Somebody changed the run while its file was read: another deposit of it is welcome, a cancellation wins."""
    current = stores.runs.get(run.run)
    if _cancelled(current):
        withdraw(run.run, invoices=stores.invoices)
        raise RunRefused("is-cancelled")
    return current

"""Import a billing file as a billing run: identify the file, import and check its invoices, record the result."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, BinaryIO

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, Comparison, RunEvent, RunKind, RunState, reopen, run_name
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.run_report import appeared_and_vanished, compare
from chalicelib.errors import RunRefused
from chalicelib.formats import month_named
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.services.billing.cancel_run import withdraw_invoices
from chalicelib.services.billing.check_run import FileCheck
from chalicelib.services.billing.invoice_import import InvoicesOutcome, import_invoices
from chalicelib.services.billing.legacy_documents import Takeover
from chalicelib.store.bucket import AMOUNTS, COMPARISON, FILE, REPORT
from chalicelib.stores import Stores

CHUNK_BYTES = 1 << 20
IN_MEMORY = 1_000_000
"""Bytes of findings kept in memory before they are written to a temporary file."""


@dataclass(frozen=True)
class BillingFile:
    """A seekable stream; `sha256` (hex) of all its bytes, `month`: that its first invoice bills, as its period says.

    Its month and content name its run. `issue_month`: that of the first invoice's issue date, which named the run in
    earlier versions, and still does when the period names no month. `faults`: why nothing in it can be read (encoding,
    header, no line).
    """

    filename: str
    stream: BinaryIO
    sha256: str
    month: date
    issue_month: date
    faults: tuple[BadLine, ...] = ()

    def run_name(self, kind: RunKind = RunKind.CAMPAIGN) -> str:
        return run_name(self.month, self.sha256, kind)

    def earlier_name(self, kind: RunKind) -> str:
        """Returns the name that earlier versions gave to the run of this file."""
        return run_name(self.issue_month, self.sha256, kind)

    def rewound(self) -> BinaryIO:
        self.stream.seek(0)
        return self.stream


@dataclass(frozen=True)
class Deposit:
    """The run as stored, and what this import did; no outcome when the run needed nothing more of its file."""

    run: BillingRun
    outcome: InvoicesOutcome | None = None


@dataclass(frozen=True)
class DirectImport:
    """Input of a direct import: records already checked by the caller, and PDFs migrated from other software."""

    records: Iterable[Record[Invoice]]
    takeover: Takeover | None = None


def identify_file(stream: BinaryIO, filename: str, *, today: date) -> BillingFile:
    """Read a file as far as its run's name requires; `today` gives the month when no invoice can be read."""
    sha256 = sha256_of(stream)
    readable = (record.value for record in read_invoices(stream) if record.value)
    try:
        first = next(readable, None)
    except FileRefused as refusal:
        return BillingFile(filename, stream, sha256, today, today, refusal.bad_lines)
    issued_on = first.issued_on if first else today
    return BillingFile(filename, stream, sha256, (first and month_named(first.period)) or issued_on, issued_on)


def sha256_of(stream: BinaryIO) -> str:
    """Returns the SHA-256 (hex) of a whole seekable stream, read in chunks."""
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def import_run(
    file: BillingFile, *, by: str, stores: Stores, clock: Clock, direct: DirectImport | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Deposit:  # fmt: skip
    """Import the file as a run *à contrôler*, or, when it is `direct`, issue it at once and close it.

    A run that needs nothing more of its file is returned as stored. Raises RunRefused (a cancelled run that still has
    invoices, or one cancelled meanwhile), Unavailable.
    """
    kind = RunKind.DIRECT if direct else RunKind.CAMPAIGN
    run = _opened(file, kind, stores, RunEvent(event="deposited", at=clock(), by=by, detail=file.filename))
    if not run.to_read:
        return Deposit(run)
    stores.run_files.put(run.run, FILE, file.rewound())
    records = direct.records if direct else read_invoices(file.stream)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as findings:
        check = FileCheck(run, findings)
        outcome = import_invoices(
            check.readable_invoices(records),
            stores=stores,
            takeover=direct.takeover if direct else None,
            progress=progress,
            on_batch=check.count_batch,
        )
        findings.seek(0)
        report_key = stores.run_files.put(run.run, REPORT, findings)
    return Deposit(_checked(run, check, report_key, stores, RunEvent(event="checked", at=clock(), by=by)), outcome)


def _opened(file: BillingFile, kind: RunKind, stores: Stores, event: RunEvent) -> BillingRun:
    new = _new(file, kind, event)
    earlier = file.earlier_name(kind)
    name = earlier if earlier != new.run and stores.runs.find(earlier) else new.run
    if name == new.run and stores.runs.add(new):
        return new
    return stores.runs.change(name, lambda run: reopen(run, event) if run.state is RunState.CANCELLED else run)


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


def _checked(run: BillingRun, check: FileCheck, report_key: str, stores: Stores, event: RunEvent) -> BillingRun:
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
    written = stores.runs.replace(run, run.with_event(event, **changes))
    return written or _overtaken(run, stores)


def _compared(run: BillingRun, amounts: dict[str, int], stores: Stores) -> Comparison | None:
    stores.run_files.put_json(run.run, AMOUNTS, amounts)
    before = stores.runs.before(run)
    if before is None:
        return None
    amounts_before = stores.run_files.read_json(before.run, AMOUNTS)
    stores.run_files.put_json(run.run, COMPARISON, appeared_and_vanished(amounts_before, amounts))
    return compare(before, amounts_before, amounts)


def _overtaken(run: BillingRun, stores: Stores) -> BillingRun:
    """Returns the run as changed by another import of its file. Raises RunRefused if it was cancelled meanwhile."""
    current = stores.runs.get(run.run)
    if current.state is RunState.CANCELLED:
        withdraw_invoices(run.run, invoices=stores.invoices)
        raise RunRefused("is-cancelled")
    return current


def preview_run(
    file: BillingFile,
    findings: IO[bytes],
    *,
    stores: Stores,
    clock: Clock,
    progress: Callable[[int], None] = lambda _: None,
) -> BillingRun:
    """Returns the run that `import_run` would create, its findings written as JSON lines; nothing is stored.

    Raises Unavailable.
    """
    run = _new(file, RunKind.CAMPAIGN, RunEvent(event="examined", at=clock(), by=""))
    check = FileCheck(run, findings)
    records = check.readable_invoices(read_invoices(file.stream))
    import_invoices(records, stores=stores, dry_run=True, progress=progress, on_batch=check.count_batch)
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

"""A billing file as it was given: its name, its content and the month it bills, which together name its run."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from chalicelib.domain.billing_run import RunKind, run_name
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.problems import BadLine, FileRefused

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

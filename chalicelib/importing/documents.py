"""Import of PDFs made by other software: one `<numero>.pdf` per invoice in a folder, kept unchanged."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.proof import is_whole_pdf
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, CellRefused
from chalicelib.wording import importing as wording

MAX_BYTES = 4_400_000
"""A Lambda response is at most 6 MB, base64 included: a larger document could not be served."""


def check_documents(records: Iterable[Record[Invoice]], folder: Path) -> Iterator[Record[Invoice]]:
    """Yields the same records; those whose document is missing or not a whole PDF are refused."""
    for record in records:
        try:
            if record.key:
                read_document(folder, record.key)
        except CellRefused as refusal:
            problem = BadLine(record.line, "document", refusal.reason)
            yield replace(record, value=None, problems=(*record.problems, problem))
        else:
            yield record


def read_document(folder: Path, number: str) -> bytes:
    """Returns the bytes of an invoice's PDF. Raises CellRefused when it is missing, truncated, too large or no PDF."""
    try:
        content = (folder / f"{number}.pdf").read_bytes()
    except OSError:
        raise CellRefused(wording.NO_DOCUMENT) from None
    if not is_whole_pdf(content):
        raise CellRefused(wording.NOT_A_PDF)
    if len(content) > MAX_BYTES:
        raise CellRefused(wording.LARGE_DOCUMENT)
    return content

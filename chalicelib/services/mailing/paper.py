"""Paper batch of a run: one PDF to print, sorted by postcode, and its CSV list; split into parts when it is long."""

import codecs
import functools
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, NamedTuple

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Tally
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.models import Model
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris, plain_euros
from chalicelib.importing.csv_writer import csv_text, escape_formulas
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext, Merger
from chalicelib.store.deliveries import NEXT_PAPER

IN_MEMORY = 40
"""PDFs in memory at once."""

PART = 5_000
"""Documents per PDF: a town's month fits in one; more parts are made in parallel, each within a task's timeout."""

SEPARATOR = "\t"
"""Joins the fields of a line to sort: a string takes a third of the memory of a tuple, with millions of lines."""

HEADER = ("page", "pages", "numero", "identifiant", "nom", "code_postal", "commune", "montant", "campagne")
Place = tuple[str, str, str]
"""Postcode, number, username: in printing order."""


class PaperBatch(Model):
    """What is to be printed, in one part or several. `moved`: invoices of earlier runs whose mail was not delivered;
    `apart`: numbers of those whose PDF cannot be merged, to be printed separately; `made_at`: when the last part was
    made (UTC), None for one that was made before it was noted.
    """

    printed: Tally = Tally()
    pages: int = 0
    moved: int = 0
    apart: tuple[str, ...] = ()
    made_at: datetime | None = None

    def plus(self, other: "PaperBatch") -> "PaperBatch":
        return PaperBatch(
            printed=Tally(
                count=self.printed.count + other.printed.count, cents=self.printed.cents + other.printed.cents
            ),
            pages=self.pages + other.pages,
            moved=self.moved + other.moved,
            apart=self.apart + other.apart,
            made_at=other.made_at or self.made_at,
        )


class PaperPlace(NamedTuple):
    """Where an invoice is printed: the run of the batch, and which part of how many; or which complement of the run.

    `apart`: it is to be printed separately. `made_at` (UTC): None while that part is not made.
    """

    run: str
    part: int
    parts: int
    apart: bool
    made_at: datetime | None
    complement: int | None = None


def plan_paper(run: str, *, context: MailingContext) -> int:
    """Sort the invoices to print, of the run and moved to it, and split them into parts. Safe to repeat.

    Returns how many parts. Raises Unavailable.
    """
    lines = [SEPARATOR.join((one.postcode, one.number, one.username)) for one in _to_print(run, context)]
    lines.sort()
    rank = 0
    for rank, some in enumerate(in_batches(lines, PART), 1):
        context.stores.mailing_files.put_json(
            run, s3_names.places(s3_names.part_name(rank)), [line.split(SEPARATOR) for line in some]
        )
    parts = [s3_names.part_name(one) for one in range(1, rank + 1)]
    context.stores.mailing_files.put_json(run, s3_names.PRINT, [{"run": run, "batches": [part]} for part in parts])
    context.stores.mailing_files.put_json(run, s3_names.PAPER_FACTS, {"parts": parts})
    return rank


def _to_print(run: str, context: MailingContext) -> Iterator[Delivery]:
    """Yields the run's own paper invoices, and those whose mail bounced since the last batch."""
    yield from (one for one in context.stores.deliveries.on_paper(run) if not one.queued)
    yield from context.stores.deliveries.take_paper(run)


def print_part(run: str, part: str, *, context: MailingContext) -> PaperBatch:
    """Merge the PDFs of a part into one, with its CSV list. Safe to repeat.

    Returns its totals. Raises NotFound, Unavailable.
    """
    places: list[Place] = [tuple(place) for place in context.stores.mailing_files.read_json(run, s3_names.places(part))]
    with tempfile.TemporaryFile() as merged, tempfile.TemporaryFile() as csv_list:
        printer = _PartPrinter(context, context.bind(merged), csv_list, run)
        for some in in_batches(places, IN_MEMORY):
            printer.print(some)
        if printer.pages:
            printer.close()
            _store(run, s3_names.paper_file(part), merged, context)
            _store(run, s3_names.paper_list(part), csv_list, context)
    batch = PaperBatch(
        printed=printer.printed,
        pages=printer.pages,
        moved=printer.moved,
        apart=tuple(printer.apart),
        made_at=context.clock(),
    )
    context.stores.mailing_files.put_json(run, s3_names.paper_facts(part), batch.model_dump(mode="json"))
    return batch


class _PartPrinter:
    """Merges the PDFs of a part in order, and writes a CSV line for each."""

    def __init__(self, context: MailingContext, merger: Merger, csv_list: IO[bytes], run: str) -> None:
        self._context, self._merger, self._csv_list, self._run = context, merger, csv_list, run
        self.printed, self.pages, self.moved = Tally(), 0, 0
        self.apart: list[str] = []
        csv_list.write(codecs.BOM_UTF8)
        self._row(HEADER)

    def print(self, places: Sequence[Place]) -> None:
        found = self._context.stores.invoices.find_many([(username, number) for _, number, username in places])
        accounts = self._context.stores.accounts.find_many(sorted({username for _, _, username in places}))
        invoices = [invoice for _, number, _ in places if (invoice := found.get(number))]
        contents = in_threads(self._read, invoices)
        for invoice, content in zip(invoices, contents, strict=True):
            self._print_one(invoice, accounts.get(invoice.username), content)

    def close(self) -> None:
        self._merger.close()

    def _read(self, invoice: Invoice) -> bytes:
        """Returns the PDF, empty when it is missing: it stops no other, and is listed apart."""
        try:
            return self._context.stores.documents.read(invoice.document.key) if invoice.document else b""
        except NotFound:
            return b""

    def _print_one(self, invoice: Invoice, account: Account | None, content: bytes) -> None:
        try:
            pages = self._merger.add(content)
        except ValueError:
            self.apart.append(invoice.number)
            return
        self._row(_row(self.pages + 1, pages, invoice, account and account.as_of(day_in_paris(self._context.clock()))))
        self.pages += pages
        self.printed = self.printed.plus(invoice.billed_cents)
        self.moved += invoice.run != self._run

    def _row(self, cells: Sequence[str]) -> None:
        self._csv_list.write(csv_text([cells]).encode())


def _row(page: int, pages: int, invoice: Invoice, account: Account | None) -> tuple[str, ...]:
    addressee = (account.holder.full_name, account.address.postcode, account.address.town) if account else ("", "", "")
    cells = (str(page), str(pages), invoice.number, invoice.username, *escape_formulas(*addressee))
    return (*cells, plain_euros(invoice.billed_cents), invoice.run)


def _store(run: str, name: str, content: IO[bytes], context: MailingContext) -> None:
    content.seek(0)
    context.stores.mailing_files.put(run, name, content)


def paper_parts(run: str, *, context: MailingContext) -> list[str]:
    """Returns the parts that the run's paper batch was split into. Raises NotFound."""
    return [str(part) for part in context.stores.mailing_files.read_json(run, s3_names.PAPER_FACTS)["parts"]]


def paper_batch(run: str, *, context: MailingContext) -> PaperBatch:
    """Returns the totals of a run's paper batch, all parts together. Raises NotFound while one is not made."""
    parts = (paper_part(run, part, context=context) for part in paper_parts(run, context=context))
    return functools.reduce(PaperBatch.plus, parts, PaperBatch())


def paper_part(run: str, part: str, *, context: MailingContext) -> PaperBatch:
    """Returns the totals of one part. Raises NotFound while it is not made."""
    return PaperBatch.model_validate(context.stores.mailing_files.read_json(run, s3_names.paper_facts(part)))


def find_paper_place(delivery: Delivery, *, context: MailingContext) -> PaperPlace | None:
    """Returns where a paper invoice is printed; None while it waits for a batch. Raises Unavailable.

    One that was moved is in the batch, or in the complement, of the run that took it.
    """
    moved = context.stores.deliveries.find(NEXT_PAPER, delivery.number)
    run = moved.owner if moved else delivery.run
    if moved and moved.complement:
        return _place(delivery.number, run, [s3_names.complement_part(moved.complement)], 1, context)._replace(
            complement=moved.complement
        )
    try:
        parts = paper_parts(run, context=context) if run else []
    except NotFound:
        return None
    for rank, part in enumerate(parts, 1):
        places = context.stores.mailing_files.read_json(run, s3_names.places(part))
        if any(number == delivery.number for _, number, _ in places):
            return _place(delivery.number, run, parts, rank, context)
    return None


def _place(number: str, run: str, parts: Sequence[str], rank: int, context: MailingContext) -> PaperPlace:
    try:
        made = paper_part(run, parts[rank - 1], context=context)
    except NotFound:
        made = PaperBatch()
    return PaperPlace(run, rank, len(parts), apart=number in made.apart, made_at=made.made_at)

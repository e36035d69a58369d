"""The paper batch of a run: one PDF for the print room, sorted by postcode, and its list; in parts when it is long."""

import csv
import functools
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Tally
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.models import Model
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris, plain_euros
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import Binder, MailingContext
from chalicelib.store.deliveries import NEXT_PAPER

IN_MEMORY = 40
"""Documents in memory at once."""

PART = 5_000
"""Documents in one PDF: a town's month is one; a country's are made side by side, each well inside a task's time."""

JOINT = "\t"
"""Holds a line to sort together: a string weighs a third of a tuple of three, and a country prints millions."""

HEADER = ("page", "pages", "numero", "identifiant", "nom", "code_postal", "commune", "montant", "campagne")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Place = tuple[str, str, str]
"""Postcode, number, username: sorts as the print room wants it."""


class PaperBatch(Model):
    """What the print room gets, in one part or in several. `moved`: invoices of earlier runs whose mail did not arrive;
    `apart`: numbers of those whose PDF cannot be bound, to be printed on their own.
    """

    printed: Tally = Tally()
    pages: int = 0
    moved: int = 0
    apart: tuple[str, ...] = ()

    def plus(self, other: "PaperBatch") -> "PaperBatch":
        return PaperBatch(
            printed=Tally(
                count=self.printed.count + other.printed.count, cents=self.printed.cents + other.printed.cents
            ),
            pages=self.pages + other.pages,
            moved=self.moved + other.moved,
            apart=self.apart + other.apart,
        )


class PaperPlace(NamedTuple):
    """Where an invoice is printed: the run whose batch holds it, which part of how many. `apart`: it is to be printed
    on its own.
    """

    run: str
    part: int
    parts: int
    apart: bool


def plan_paper(run: str, *, context: MailingContext) -> int:
    """Sort what the run and what was moved to it have to print, cut it into parts; answers how many. Safe to repeat.

    Raises Unavailable.
    """
    lines = [JOINT.join((one.postcode, one.number, one.username)) for one in _to_print(run, context)]
    lines.sort()
    rank = 0
    for rank, some in enumerate(in_batches(lines, PART), 1):
        context.stores.mailing_files.put_json(
            run, s3_names.places(s3_names.part_name(rank)), [line.split(JOINT) for line in some]
        )
    parts = [s3_names.part_name(one) for one in range(1, rank + 1)]
    context.stores.mailing_files.put_json(run, s3_names.PRINT, [{"run": run, "batches": [part]} for part in parts])
    context.stores.mailing_files.put_json(run, s3_names.PAPER_FACTS, {"parts": parts})
    return rank


def _to_print(run: str, context: MailingContext) -> Iterator[Delivery]:
    """The run's own papers, and what came back from the mail since the last batch."""
    yield from (one for one in context.stores.deliveries.on_paper(run) if not one.queued)
    yield from context.stores.deliveries.take_paper(run)


def print_part(run: str, part: str, *, context: MailingContext) -> PaperBatch:
    """Bind the papers of a part as one PDF, with its list. Safe to repeat. Raises NotFound, Unavailable."""
    places: list[Place] = [tuple(place) for place in context.stores.mailing_files.read_json(run, s3_names.places(part))]
    with tempfile.TemporaryFile() as bound, tempfile.TemporaryFile() as listed:
        room = _PrintRoom(context, context.bind(bound), listed, run)
        for some in in_batches(places, IN_MEMORY):
            room.print(some)
        if room.pages:
            room.close()
            _stored(run, s3_names.paper_file(part), bound, context)
            _stored(run, s3_names.paper_list(part), listed, context)
    made = PaperBatch(printed=room.printed, pages=room.pages, moved=room.moved, apart=tuple(room.apart))
    context.stores.mailing_files.put_json(run, s3_names.paper_facts(part), made.model_dump(mode="json"))
    return made


class _PrintRoom:
    def __init__(self, context: MailingContext, binder: Binder, listed: IO[bytes], run: str) -> None:
        self._context, self._binder, self._listed, self._run = context, binder, listed, run
        self.printed, self.pages, self.moved = Tally(), 0, 0
        self.apart: list[str] = []
        listed.write(b"\xef\xbb\xbf")
        self._row(HEADER)

    def print(self, places: Sequence[Place]) -> None:
        found = self._context.stores.invoices.find_many([(username, number) for _, number, username in places])
        accounts = self._context.stores.accounts.find_many(sorted({username for _, _, username in places}))
        mine = [invoice for _, number, _ in places if (invoice := found.get(number))]
        contents = side_by_side(self._read, mine)
        for invoice, content in zip(mine, contents, strict=True):
            self._one(invoice, accounts.get(invoice.username), content)

    def close(self) -> None:
        self._binder.close()

    def _read(self, invoice: Invoice) -> bytes:
        """Nothing for a document that is not there: it stops no other, and is listed apart."""
        try:
            return self._context.stores.documents.read(invoice.document.key) if invoice.document else b""
        except NotFound:
            return b""

    def _one(self, invoice: Invoice, account: Account | None, content: bytes) -> None:
        try:
            pages = self._binder.add(content)
        except ValueError:
            self.apart.append(invoice.number)
            return
        self._row(_row(self.pages + 1, pages, invoice, account and account.as_of(day_in_paris(self._context.clock()))))
        self.pages += pages
        self.printed = self.printed.plus(invoice.billed_cents)
        self.moved += invoice.run != self._run

    def _row(self, cells: Sequence[str]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=";").writerow(cells)
        self._listed.write(line.getvalue().encode())


def _row(page: int, pages: int, invoice: Invoice, account: Account | None) -> tuple[str, ...]:
    held = (account.holder.full_name, account.address.postcode, account.address.town) if account else ("", "", "")
    cells = (str(page), str(pages), invoice.number, invoice.username, *map(_harmless, held))
    return (*cells, plain_euros(invoice.billed_cents), invoice.run)


def _harmless(cell: str) -> str:
    """A spreadsheet takes none of these for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _stored(run: str, name: str, content: IO[bytes], context: MailingContext) -> None:
    content.seek(0)
    context.stores.mailing_files.put(run, name, content)


def paper_parts(run: str, *, context: MailingContext) -> list[str]:
    """The parts that the run's paper batch was cut into. Raises NotFound."""
    return [str(part) for part in context.stores.mailing_files.read_json(run, s3_names.PAPER_FACTS)["parts"]]


def paper_batch(run: str, *, context: MailingContext) -> PaperBatch:
    """What the paper batch of a run holds, all parts together. Raises NotFound while one is not made."""
    parts = (paper_part(run, part, context=context) for part in paper_parts(run, context=context))
    return functools.reduce(PaperBatch.plus, parts, PaperBatch())


def paper_part(run: str, part: str, *, context: MailingContext) -> PaperBatch:
    """What one part of it holds. Raises NotFound while it is not made."""
    return PaperBatch.model_validate(context.stores.mailing_files.read_json(run, s3_names.paper_facts(part)))


def place_of(delivery: Delivery, *, context: MailingContext) -> PaperPlace | None:
    """Where an invoice that goes on paper is printed; None while it waits for a batch to be made. Raises Unavailable.

    What was moved to another batch is in that of the run that took it.
    """
    moved = context.stores.deliveries.find(NEXT_PAPER, delivery.number)
    run = moved.owner if moved else delivery.run
    try:
        parts = paper_parts(run, context=context) if run else []
    except NotFound:
        return None
    for rank, part in enumerate(parts, 1):
        if any(
            number == delivery.number
            for _, number, _ in context.stores.mailing_files.read_json(run, s3_names.places(part))
        ):
            return PaperPlace(run, rank, len(parts), apart=delivery.number in _apart(run, part, context))
    return None


def _apart(run: str, part: str, context: MailingContext) -> tuple[str, ...]:
    try:
        return paper_part(run, part, context=context).apart
    except NotFound:
        return ()

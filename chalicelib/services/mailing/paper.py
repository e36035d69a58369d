"""The paper batch of a run: one PDF for the print room, sorted by postcode, and its list; memory stays flat."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from chalicelib.clock import day_in_paris
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Tally
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.models import Model
from chalicelib.errors import NotFound
from chalicelib.formats import plain_euros
from chalicelib.services.batches import in_batches
from chalicelib.services.mailing import names
from chalicelib.services.mailing.desk import Binder, Mailing
from chalicelib.services.parallel import side_by_side

HELD = 40
"""Documents in memory at once."""

HEADER = ("page", "pages", "numero", "identifiant", "nom", "code_postal", "commune", "montant", "campagne")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Place = tuple[str, str, str]
"""Postcode, number, username: sorts as the print room wants it."""


class PaperBatch(Model):
    """What the print room gets. `moved`: invoices of earlier runs whose mail did not arrive; `apart`: numbers of those
    whose PDF is not of our making, to be printed on their own.
    """

    printed: Tally = Tally()
    pages: int = 0
    moved: int = 0
    apart: tuple[str, ...] = ()


def make_paper_batch(run: str, *, desk: Mailing) -> PaperBatch:
    """Bind the papers of the run and of what was moved to it; safe to repeat: the last one made replaces the others.

    Raises Unavailable.
    """
    places = sorted({*_listed(run, desk), *_moved(run, desk)})
    with tempfile.TemporaryFile() as bound, tempfile.TemporaryFile() as listed:
        room = _PrintRoom(desk, desk.bind(bound), listed, run)
        for some in in_batches(places, HELD):
            room.print(some)
        if room.pages:
            room.close()
            _stored(run, names.PAPER_FILE, bound, desk)
            _stored(run, names.PAPER_LIST, listed, desk)
    made = PaperBatch(printed=room.printed, pages=room.pages, moved=room.moved, apart=tuple(room.apart))
    desk.files.put_json(run, names.PAPER_FACTS, made.model_dump(mode="json"))
    return made


def _listed(run: str, desk: Mailing) -> Iterator[Place]:
    """What the delivered batches left to print."""
    for name in desk.files.names(run, "papier"):
        yield from map(tuple, desk.files.read_json(run, name))


def _moved(run: str, desk: Mailing) -> Iterator[Place]:
    """What came back from the mail since the last batch."""
    today = day_in_paris(desk.clock())
    for some in in_batches(desk.deliveries.take_paper(run)):
        accounts = desk.shelves.accounts.find_many(sorted({one.username for one in some}))
        for one in some:
            account = accounts.get(one.username)
            yield account.as_of(today).address.postcode if account else "", one.number, one.username


class _PrintRoom:
    def __init__(self, desk: Mailing, binder: Binder, listed: IO[bytes], run: str) -> None:
        self._desk, self._binder, self._listed, self._run = desk, binder, listed, run
        self.printed, self.pages, self.moved = Tally(), 0, 0
        self.apart: list[str] = []
        listed.write(b"\xef\xbb\xbf")
        self._row(HEADER)

    def print(self, places: Sequence[Place]) -> None:
        found = self._desk.shelves.invoices.find_many([(username, number) for _, number, username in places])
        accounts = self._desk.shelves.accounts.find_many(sorted({username for _, _, username in places}))
        mine = [invoice for _, number, _ in places if (invoice := found.get(number))]
        contents = side_by_side(self._read, mine)
        for invoice, content in zip(mine, contents, strict=True):
            self._one(invoice, accounts.get(invoice.username), content)

    def close(self) -> None:
        self._binder.close()

    def _read(self, invoice: Invoice) -> bytes:
        if invoice.document is None:
            raise NotFound
        return self._desk.shelves.documents.read(invoice.document.key)

    def _one(self, invoice: Invoice, account: Account | None, content: bytes) -> None:
        try:
            pages = self._binder.add(content)
        except ValueError:
            self.apart.append(invoice.number)
            return
        self._row(_row(self.pages + 1, pages, invoice, account and account.as_of(day_in_paris(self._desk.clock()))))
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


def _stored(run: str, name: str, content: IO[bytes], desk: Mailing) -> None:
    content.seek(0)
    desk.files.put(run, name, content)


def paper_batch(run: str, *, desk: Mailing) -> PaperBatch:
    """What the last batch made of a run holds. Raises NotFound."""
    return PaperBatch.model_validate(desk.files.read_json(run, names.PAPER_FACTS))

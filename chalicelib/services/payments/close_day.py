"""Close a day (*arrêter*): nothing more is counted on it, its totals per payment method are kept, its document drawn.

Three writes, each once: the closing with its marks, its totals, its PDF. Repeated, the command finishes what a crash
left, and changes nothing else (decision 37).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.clock import Clock
from chalicelib.domain.cash_desk.closing import Closing, DayTotals
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.takings import moves_money, totals_by_method
from chalicelib.store.documents import DocumentStore
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

Draw = Callable[[Closing], bytes]
"""Returns the PDF (bytes) of a closing."""


@dataclass(frozen=True)
class DayToClose:
    """A day to close; `counted_cash_cents`: the cash that the agent counted, None when it was not."""

    day: date
    agent: str
    counted_cash_cents: int | None = None
    observations: str = ""


@dataclass(frozen=True)
class ClosedDay:
    """`closing` with its totals. `new`: it was closed now; `first`: it is the first day ever closed."""

    closing: Closing
    new: bool = False
    first: bool = False


def closing_key(day: date) -> str:
    """Returns the S3 key of a closing's PDF."""
    return f"arretes/{day.isoformat()}.pdf"


def close_day(asked: DayToClose, *, stores: Stores, clock: Clock, dry_run: bool = False) -> ClosedDay:
    """Close a day and keep its totals. Returns it, as it was closed the first time. With `dry_run`, only add up.

    Raises MoneyRefused (a day in the future, or before the first one that was closed), Unavailable. Safe to repeat.
    """
    now = clock()
    if asked.day > day_in_paris(now):
        raise MoneyRefused("close_in_future", day=asked.day)

    def once() -> ClosedDay | None:
        found = stores.closings.find(asked.day)
        if found:
            return ClosedDay(found)
        opening = stores.closings.opening()
        if opening and asked.day < opening:
            raise MoneyRefused("close_before_opening", day=opening)
        closing = Closing(
            day=asked.day,
            number=stores.closings.last() + 1,
            closed_at=now,
            agent=asked.agent,
            counted_cash_cents=asked.counted_cash_cents,
            observations=asked.observations,
        )
        written = dry_run or stores.closings.close(closing, first=opening is None)
        return ClosedDay(closing, new=True, first=opening is None) if written else None

    closed = once() or retry(once, what="closings: conflicting closings", wait=stores.money.wait)
    return _with_totals(closed, stores, dry_run=dry_run)


def _with_totals(closed: ClosedDay, stores: Stores, *, dry_run: bool) -> ClosedDay:
    closing = closed.closing
    if closing.totals is None:
        totals = day_totals(stores.ledger.on(closing.day))
        kept = closing.model_copy(update={"totals": totals})
        closing = kept if dry_run else stores.closings.keep_totals(closing.day, totals)
    return ClosedDay(closing, new=closed.new, first=closed.first)


def day_totals(entries: Iterable[LedgerEntry]) -> DayTotals:
    """Returns the totals of all the entries that one day counts."""
    money = [entry for entry in entries if moves_money(entry)]
    late = [entry for entry in money if entry.received_on and entry.received_on != entry.counted_on]
    return DayTotals(
        methods=totals_by_method(money), late_count=len(late), late_cents=sum(entry.amount_cents for entry in late)
    )


def keep_closing_document(closing: Closing, *, draw: Draw, documents: DocumentStore) -> bytes:
    """Returns the PDF of a closing, drawn and stored if it was not; from then on the same bytes."""
    key = closing_key(closing.day)
    try:
        return documents.read(key)
    except NotFound:
        drawn = draw(closing)
    return drawn if documents.keep(key, drawn).first else documents.read(key)


def open_days(stores: Stores, last: date) -> Iterator[date]:
    """Yields the days that are not closed, from the first one that was to `last`; none before any was closed."""
    opening = stores.closings.opening()
    if opening is None:
        return
    closed = {closing.day for closing in stores.closings.every()}
    days = (opening + timedelta(days=n) for n in range((last - opening).days + 1))
    yield from (day for day in days if day not in closed)


def days_never_closed(stores: Stores, opening: date) -> list[date]:
    """Returns the days of the month before the first closing that hold money typed at the counter.

    They will never be closed: it is in the accounts, on no closing. The index may lag.
    """
    days = [opening - timedelta(days=n) for n in range(31, 0, -1)]
    return [day for day in days if any(entry.origin == COUNTER for entry in stores.ledger.between(day, day))]


def open_days_with_money(stores: Stores, before: date) -> list[date]:
    """Returns the earlier days that are still open although money was counted on them. The index may lag."""
    days = open_days(stores, before - timedelta(days=1))
    return [day for day in days if any(map(moves_money, stores.ledger.between(day, day)))]

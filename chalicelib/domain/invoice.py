"""An invoice, its lines and its document; what its family sees of it, and when it may be paid by card."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby

from chalicelib.domain.models import Model
from chalicelib.errors import NotFound


def line_amount_cents(quantity: Decimal, unit_price_cents: int) -> int:
    """Quantity × unit price (cents), half-up: 2.5 × 33 → 83; −2.5 × 33 → −83."""
    return int((quantity * unit_price_cents).quantize(Decimal(1), rounding=ROUND_HALF_UP))


NUMBER = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
"""*Numéro*: unique in the town, leading zeros kept."""

HISTORY_YEARS = 5
"""« Dans cette liste apparaît l'historique de toutes vos factures depuis 5 années. »"""


class InvoiceState(StrEnum):
    """PREPARED: in a run the parents do not see yet; ISSUED: theirs; CANCELLED: *annulée*, shown, never payable."""

    PREPARED = "PREPARED"
    ISSUED = "ISSUED"
    CANCELLED = "CANCELLED"


class InvoiceLine(Model):
    """*Prestation*: what one child consumed. Quantity is exact; the price and the amount are cents."""

    child: str
    service: str
    quantity: Decimal
    unit_price_cents: int
    amount_cents: int


class Document(Model):
    """The PDF as it was first sent: written once in S3, served byte for byte."""

    key: str
    sha256: str
    octets: int
    drawn_at: datetime


class Invoice(Model):
    """What an account owes for a period. Amounts are cents; a negative one is a credit note.

    `opening_cents` is what other software had already counted when the invoice was taken in; it never changes.
    `surplus_cents` is what was received above what is billed, and not given back yet.
    """

    number: str
    username: str
    label: str
    period: str = ""
    issued_on: date
    due_on: date
    billed_cents: int
    paid_cents: int = 0
    opening_cents: int = 0
    surplus_cents: int = 0
    lines: tuple[InvoiceLine, ...] = ()
    direct_debit: bool = False
    state: InvoiceState = InvoiceState.ISSUED
    run: str = ""
    document: Document | None = None
    cancelled_for: str = ""
    replaced_by: str = ""

    @property
    def payable_cents(self) -> int:
        """What may be settled in all: what is billed; nothing of a credit note or of a cancelled invoice."""
        return 0 if self.state is InvoiceState.CANCELLED else max(0, self.billed_cents)

    @property
    def balance_cents(self) -> int:
        """*Reste à payer*: what the town still waits for; never negative."""
        return max(0, self.billed_cents - self.paid_cents) if self.state is InvoiceState.ISSUED else 0

    @property
    def credit_note(self) -> bool:
        return self.billed_cents < 0

    @property
    def visible(self) -> bool:
        """Its family may know of it: the run it came with was released."""
        return self.state is not InvoiceState.PREPARED

    @property
    def summary(self) -> "InvoiceSummary":
        """The row that the account's lists show of this invoice."""
        return InvoiceSummary(
            number=self.number,
            label=self.label,
            issued_on=self.issued_on,
            due_on=self.due_on,
            billed_cents=self.billed_cents,
            paid_cents=self.paid_cents,
            direct_debit=self.direct_debit,
            cancelled=self.state is InvoiceState.CANCELLED,
            octets=self.document.octets if self.document else 0,
        )


class InvoiceSummary(Model):
    """*Synthèse* of an invoice: its references, due date, *montant facturé* and *montant réglé* (cents)."""

    number: str
    label: str
    issued_on: date
    due_on: date
    billed_cents: int
    paid_cents: int
    direct_debit: bool = False
    cancelled: bool = False
    octets: int = 0

    @property
    def balance_cents(self) -> int:
        return 0 if self.cancelled else max(0, self.billed_cents - self.paid_cents)

    @property
    def due(self) -> bool:
        """Belongs to *Factures à payer*: « si une facture reste à payer, elle apparaît ici »."""
        return self.balance_cents > 0

    def in_history(self, today: date) -> bool:
        """Issued less than five years ago on this day of the town."""
        return self.issued_on > years_before(today, HISTORY_YEARS)

    @property
    def payable_online(self) -> bool:
        """May be settled by card: a balance is left and no debit will take it."""
        return self.due and not self.direct_debit


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class PaymentObstacle(StrEnum):
    """What stands in the way of a payment by card."""

    NOTHING_DUE = "NOTHING_DUE"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    SWITCHED_OFF = "SWITCHED_OFF"
    TOO_LATE = "TOO_LATE"


class PaymentTerms(Model):
    """What the town allows: payment online or not, and until how many days after the due date (the last included)."""

    online: bool
    days_after_due: int

    def bar(self, row: InvoiceSummary, today: date) -> PaymentObstacle | None:
        """Why this invoice may not be paid by card on that day of the town; None when it may."""
        if not row.due:
            return PaymentObstacle.NOTHING_DUE
        if row.direct_debit:
            return PaymentObstacle.DIRECT_DEBIT
        if not self.online:
            return PaymentObstacle.SWITCHED_OFF
        late = today > row.due_on + timedelta(days=self.days_after_due)
        return PaymentObstacle.TOO_LATE if late else None


def list_due(rows: Iterable[InvoiceSummary]) -> list[InvoiceSummary]:
    """*Factures à payer*, the earliest due first: an unpaid invoice never leaves them, however old."""
    return sorted((row for row in rows if row.due), key=lambda row: (row.due_on, row.number))


def list_history(rows: Iterable[InvoiceSummary], today: date) -> list[tuple[int, list[InvoiceSummary]]]:
    """« L'historique de toutes vos factures depuis 5 années », by year of issue, latest first."""
    kept = sorted((row for row in rows if row.in_history(today)), key=_latest_first, reverse=True)
    return [(year, list(some)) for year, some in groupby(kept, key=lambda row: row.issued_on.year)]


def readable(invoice: Invoice | None, today: date) -> Invoice:
    """The invoice if its family may see it today: issued, and due or less than five years old. Raises NotFound."""
    if invoice is None or not invoice.visible:
        raise NotFound
    if not (invoice.summary.due or invoice.summary.in_history(today)):
        raise NotFound
    return invoice


def lines_by_child(lines: Sequence[InvoiceLine]) -> list[tuple[str, list[InvoiceLine], int]]:
    """Each child, in the order the invoice names them, with its lines and their sum in cents."""
    children = dict.fromkeys(line.child for line in lines)
    return [(child, mine := [line for line in lines if line.child == child], _sum(mine)) for child in children]


def _sum(lines: Iterable[InvoiceLine]) -> int:
    return sum(line.amount_cents for line in lines)


def _latest_first(row: InvoiceSummary) -> tuple[date, str]:
    return row.issued_on, row.number

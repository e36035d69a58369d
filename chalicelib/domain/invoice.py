"""Invoices: lines, document, balance, the lists *à payer* and *historique*, and when card payment is allowed."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby

from pydantic import Field

from chalicelib.domain.models import Model
from chalicelib.errors import NotFound

NUMBER = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
"""*Numéro*: unique in the town, leading zeros kept."""

HISTORY_YEARS = 5
"""« Dans cette liste apparaît l'historique de toutes vos factures depuis 5 années. »"""


class InvoiceState(StrEnum):
    """PREPARED: in a run not released to parents; ISSUED: visible; CANCELLED: *annulée*, visible, never payable."""

    PREPARED = "PREPARED"
    ISSUED = "ISSUED"
    CANCELLED = "CANCELLED"


class InvoiceLine(Model):
    """*Prestation*: a service that one child used. Quantity is exact, the amount is cents.

    `unit_price` is the price in euros when whole cents do not hold it (3.125): `unit_price_cents` is then rounded
    half-up, and stored beside it as on every line.
    """

    child: str
    service: str
    quantity: Decimal
    unit_price_cents: int
    amount_cents: int
    unit_price: Decimal | None = Field(default=None, exclude_if=lambda price: price is None)

    @property
    def price(self) -> Decimal:
        """The exact unit price in euros, at most four decimals."""
        return Decimal(self.unit_price_cents) / 100 if self.unit_price is None else self.unit_price


class Document(Model):
    """The PDF as it was first sent: written once in S3, served byte for byte."""

    key: str
    sha256: str
    size_bytes: int = Field(alias="octets")
    drawn_at: datetime


class Invoice(Model):
    """What an account owes for a period. Amounts are cents; a negative one is a credit note.

    `opening_cents` is what other software had already counted when the invoice was imported; it never changes.
    `surplus_cents` is what was received above what is billed, and not refunded yet. `direct_debit`: it will be
    collected so; `debit_stopped`: it will not, whatever the account says (refused by the bank, stopped by the office).
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
    debit_stopped: bool | None = None
    state: InvoiceState = InvoiceState.ISSUED
    run: str = ""
    document: Document | None = None
    cancelled_for: str = ""
    replaced_by: str = ""

    @property
    def payable_cents(self) -> int:
        """The amount that payments can settle: what is billed; 0 for a credit note or a cancelled invoice."""
        return 0 if self.state is InvoiceState.CANCELLED else max(0, self.billed_cents)

    @property
    def balance_cents(self) -> int:
        """*Reste à payer*, in cents; never negative, 0 unless ISSUED."""
        return max(0, self.billed_cents - self.paid_cents) if self.state is InvoiceState.ISSUED else 0

    @property
    def credit_note(self) -> bool:
        return self.billed_cents < 0

    @property
    def credit_note_cents(self) -> int:
        """What a credit note gives; 0 for an invoice, or once it is cancelled."""
        return 0 if self.state is InvoiceState.CANCELLED else max(0, -self.billed_cents)

    @property
    def credit_cents(self) -> int:
        """What other invoices of the account may still be paid with: the surplus, and what is left of a credit note."""
        return self.surplus_cents + self.credit_note_cents + min(0, self.paid_cents)

    @property
    def visible(self) -> bool:
        """Whether its family may see it: the run it came with was released."""
        return self.state is not InvoiceState.PREPARED

    @property
    def summary(self) -> "InvoiceSummary":
        """The row of this invoice in the account's lists."""
        return InvoiceSummary(
            number=self.number,
            label=self.label,
            issued_on=self.issued_on,
            due_on=self.due_on,
            billed_cents=self.billed_cents,
            paid_cents=self.paid_cents,
            direct_debit=self.direct_debit,
            cancelled=self.state is InvoiceState.CANCELLED,
            size_bytes=self.document.size_bytes if self.document else 0,
            surplus_cents=self.surplus_cents,
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
    size_bytes: int = 0
    surplus_cents: int = 0

    @property
    def balance_cents(self) -> int:
        return 0 if self.cancelled else max(0, self.billed_cents - self.paid_cents)

    @property
    def credit_cents(self) -> int:
        """What other invoices may still be paid with, as `Invoice.credit_cents`."""
        left_of_note = 0 if self.cancelled else max(0, -self.billed_cents) + min(0, self.paid_cents)
        return self.surplus_cents + left_of_note

    @property
    def due(self) -> bool:
        """Whether it belongs to *Factures à payer*: « si une facture reste à payer, elle apparaît ici »."""
        return self.balance_cents > 0

    def in_history(self, today: date) -> bool:
        """Whether it was issued less than five years before this day of the town."""
        return self.issued_on > years_before(today, HISTORY_YEARS)

    @property
    def payable_online(self) -> bool:
        """Whether a card may settle it: a balance is left and no direct debit will collect it."""
        return self.due and not self.direct_debit


class PaymentObstacle(StrEnum):
    """Why an invoice cannot be paid by card."""

    NOTHING_DUE = "NOTHING_DUE"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    SWITCHED_OFF = "SWITCHED_OFF"
    TOO_LATE = "TOO_LATE"


class PaymentTerms(Model):
    """What the town allows: payment online or not, and until how many days after the due date (the last included)."""

    online: bool
    days_after_due: int

    def obstacle(self, row: InvoiceSummary, today: date) -> PaymentObstacle | None:
        """Returns why this invoice may not be paid by card on that day of the town; None when it may."""
        if not row.due:
            return PaymentObstacle.NOTHING_DUE
        if row.direct_debit:
            return PaymentObstacle.DIRECT_DEBIT
        if not self.online:
            return PaymentObstacle.SWITCHED_OFF
        late = today > row.due_on + timedelta(days=self.days_after_due)
        return PaymentObstacle.TOO_LATE if late else None


def list_due(rows: Iterable[InvoiceSummary]) -> list[InvoiceSummary]:
    """Returns *Factures à payer*, the earliest due first: an unpaid invoice stays listed, however old."""
    return sorted((row for row in rows if row.due), key=lambda row: (row.due_on, row.number))


def list_history(rows: Iterable[InvoiceSummary], today: date) -> list[tuple[int, list[InvoiceSummary]]]:
    """Returns « l'historique de toutes vos factures depuis 5 années », by year of issue, latest first."""
    history = (row for row in rows if row.in_history(today))
    recent = sorted(history, key=lambda row: (row.issued_on, row.number), reverse=True)
    return [(year, list(some)) for year, some in groupby(recent, key=lambda row: row.issued_on.year)]


def readable(invoice: Invoice | None, today: date) -> Invoice:
    """Returns the invoice if its family may see it today: visible, and due or in the history. Raises NotFound."""
    if invoice is None or not invoice.visible:
        raise NotFound
    if not (invoice.summary.due or invoice.summary.in_history(today)):
        raise NotFound
    return invoice


def lines_by_child(lines: Iterable[InvoiceLine]) -> list[tuple[str, list[InvoiceLine], int]]:
    """Returns each child, in the invoice's order, with its lines and their sum in cents."""
    children: dict[str, list[InvoiceLine]] = {}
    for line in lines:
        children.setdefault(line.child, []).append(line)
    return [(child, mine, sum(line.amount_cents for line in mine)) for child, mine in children.items()]


def line_amount_cents(quantity: Decimal, unit_price_cents: Decimal | int) -> int:
    """Returns quantity × unit price in cents, rounded half-up: 2.5 × 33 → 83; −2.5 × 33 → −83; 8 × 312.5 → 2500."""
    return int((quantity * unit_price_cents).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def prices_of(price: Decimal) -> dict[str, Decimal | int]:
    """Returns the fields of a line for its unit price in euros: cents, and the price when they do not hold it."""
    cents = line_amount_cents(price, 100)
    return {"unit_price_cents": cents} | ({"unit_price": price.normalize()} if cents != price * 100 else {})


def years_before(day: date, years: int) -> date:
    """Returns the same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)

"""Generates the invoices of a month for a fictional town, reproducible from the seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceLine, line_amount_cents
from local.town.households import GENERATED, Household, Numbers, household, seeded_random
from local.town.pupils import Pupil
from local.town.school import month_after, month_name, months_before

MOST_LINES = 25
ISSUE_DAY, DUE_DAY = 2, 24
"""A month is billed on the 2nd of the next one, to be paid by the 24th."""


@dataclass(frozen=True)
class Town:
    """A fictional town: a number of households, a seed, a day; invoice numbers derive from usernames."""

    families: int
    seed: int
    today: date
    numbers: Numbers = GENERATED

    def households(self) -> Iterator[Household]:
        for rank in range(self.families):
            yield household(rank, seed=self.seed, today=self.today, numbers=self.numbers)

    def invoices(self, month: date) -> Iterator[Invoice]:
        """Yields every invoice of that month by account, with one household in memory at a time."""
        for home in self.households():
            for parent, account in enumerate(home.accounts):
                share = Share(parent, len(home.accounts))
                yield from invoices_of(account, home.pupils, month, share=share, seed=self.seed, today=self.today)


@dataclass(frozen=True)
class Share:
    """The share of one of `parents`: separated parents are billed for their own days."""

    parent: int = 0
    parents: int = 1

    def of(self, times: int) -> int:
        return (times + self.parent) // self.parents


def invoices_of(
    account: Account, pupils: Sequence[Pupil], month: date, *, share: Share, seed: int, today: date
) -> Iterator[Invoice]:
    """Yields the account's invoice of that month, if it has one."""
    random = seeded_random(seed, account.username, month)
    lines = _with_corrections(random, list(_lines(account, pupils, month, share, random)))[:MOST_LINES]
    if lines:
        yield _paid(_invoice(account, month, tuple(lines)), account, random, today)


def billed_months(today: date, count: int) -> Iterator[date]:
    """Yields the months whose invoices are issued by this day."""
    return months_before(today if today.day >= ISSUE_DAY else next(months_before(today, 1)), count)


def line(child: str, service: str, *, quantity: int, unit_price_cents: int) -> InvoiceLine:
    return InvoiceLine(
        child=child,
        service=service,
        quantity=Decimal(quantity),
        unit_price_cents=unit_price_cents,
        amount_cents=line_amount_cents(Decimal(quantity), unit_price_cents),
    )


def _lines(
    account: Account, pupils: Sequence[Pupil], month: date, share: Share, random: Random
) -> Iterator[InvoiceLine]:
    for pupil in pupils:
        for service, times in pupil.consumed(month, random):
            quantity = share.of(times)
            price = service.price_cents(account.quotient_cents)
            if quantity:
                yield line(pupil.child.first_name, service.name, quantity=quantity, unit_price_cents=price)


def _with_corrections(random: Random, lines: list[InvoiceLine]) -> list[InvoiceLine]:
    """Returns the lines, in 5 % of cases with a correction, an invoice of zero, or a credit note."""
    draw = random.randrange(1000)
    if not lines or draw >= 50:
        return lines
    back = [_reversed_line(one, one.quantity) for one in lines]
    if draw < 4:
        return back[:1]
    if draw < 8:
        return lines + back
    return [*lines, _reversed_line(lines[0], Decimal(1))]


def _reversed_line(one: InvoiceLine, quantity: Decimal) -> InvoiceLine:
    service = f"Régularisation – {one.service}"
    return line(one.child, service, quantity=-int(quantity), unit_price_cents=one.unit_price_cents)


def _invoice(account: Account, month: date, lines: tuple[InvoiceLine, ...]) -> Invoice:
    billed = month_after(month)
    return Invoice(
        number=f"{month:%y%m}{account.username}",
        username=account.username,
        label=f"Activités péri et extrascolaires {month_name(month).capitalize()}",
        period=month_name(month),
        issued_on=billed.replace(day=ISSUE_DAY),
        due_on=billed.replace(day=DUE_DAY),
        billed_cents=sum(one.amount_cents for one in lines),
        lines=lines,
    )


def _paid(invoice: Invoice, account: Account, random: Random, today: date) -> Invoice:
    """Returns the invoice with its paid amount: old ones nearly all paid, recent ones less, debits on the due day."""
    draw, due = random.randrange(1000), max(0, invoice.billed_cents)
    if account.direct_debit:
        return already_paid(invoice, due if invoice.due_on <= today else 0)
    settled = 350 if invoice.due_on > today else 900 if invoice.due_on > today - timedelta(days=62) else 985
    return already_paid(invoice, due if draw < settled else due // 2 if draw >= 990 else 0)


def already_paid(invoice: Invoice, cents: int) -> Invoice:
    """Returns the invoice with the cents that the town's software had received when it wrote its file."""
    return invoice.model_copy(update={"paid_cents": cents, "opening_cents": cents})

"""Invoices of the demo families: the two that 100001 owes, and the history of each account."""

from collections.abc import Iterator
from datetime import date, timedelta

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.formats import MONTHS
from local.town.billing import Share, already_paid, billed_months, invoices_of, line
from local.town.pupils import Pupil
from local.town.school import month_after, month_name, months_before

SEED = 2026
HISTORY_MONTHS = {"100001": 60, "100002": 24, "100003": 12, "100004": 3, "100005": 12}
APART = {"100001": Share(0, 2), "100005": Share(1, 2)}


def history(account: Account, pupils: tuple[Pupil, ...], today: date) -> Iterator[Invoice]:
    """Yields past invoices, all paid but those not due yet of 100003 to 100005."""
    share = APART.get(account.username, Share())
    months = list(billed_months(today, HISTORY_MONTHS[account.username]))
    for month in months[:-2] if account.username == "100001" else months:
        for invoice in invoices_of(account, pupils, month, share=share, seed=SEED, today=today):
            settled = account.username in {"100001", "100002"} or invoice.due_on < today
            yield already_paid(invoice, max(0, invoice.billed_cents) if settled else 0)


def guide_invoice(today: date) -> Invoice:
    """Returns the guide's « Restauration Scolaire Mai Juillet 2011 », n° 169165, 57,00 €, due in two weeks."""
    due_on = today + timedelta(days=14)
    first = month_after(due_on.replace(day=1), -1)
    months = [month_after(first, count) for count in range(3)]
    lines = tuple(
        line("Zoé", f"Restauration scolaire – {month_name(month)}", quantity=meals, unit_price_cents=285)
        for month, meals in zip(months, (8, 8, 4), strict=True)
    )
    span = [MONTHS[month.month - 1].capitalize() for month in (months[0], months[-1])]
    return Invoice(
        number="169165",
        username="100001",
        label=f"Restauration Scolaire {span[0]} {span[1]} {months[-1].year}",
        period=f"de {month_name(months[0])} à {month_name(months[-1])}",
        issued_on=today - timedelta(days=9),
        due_on=due_on,
        billed_cents=sum(one.amount_cents for one in lines),
        lines=lines,
    )


def second_invoice(today: date) -> Invoice:
    """Returns a partly paid invoice: 44,00 € left of 64,00 €, due before the guide's."""
    month = next(months_before(today, 1))
    lines = (
        line("Zoé", "Accueil de loisirs du mercredi", quantity=4, unit_price_cents=1090),
        line("Émile", "Étude surveillée", quantity=12, unit_price_cents=170),
    )
    return Invoice(
        number="168904",
        username="100001",
        label=f"Accueil de loisirs et étude {month_name(month).capitalize()}",
        period=month_name(month),
        issued_on=today - timedelta(days=23),
        due_on=today + timedelta(days=6),
        billed_cents=sum(one.amount_cents for one in lines),
        paid_cents=2000,
        opening_cents=2000,
        lines=lines,
    )

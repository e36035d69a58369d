"""CSV export of families' own changes for the billing software (*comptes*), protected from formula injection."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.country import country_name
from chalicelib.formats import day_in_paris, plain_euros, short_day
from chalicelib.importing.accounts import PARSERS
from chalicelib.importing.csv_writer import escape_formulas

HEADER = (*PARSERS, "champs_modifies", "modifie_le")
COLUMNS = {
    "address": "adresse",
    "delivery_mode": "mode_de_reception",
    "email": "courriel",
    "landline": "telephone_fixe",
    "mobile": "telephone_mobile",
}
"""Fields that a family may change, as the file names them."""

MODES = {DeliveryMode.EMAIL: "courriel", DeliveryMode.PAPER: "courrier"}


def row(account: Account, today: date) -> list[str]:
    """Returns one line of the file: the account as it is today, formulas escaped."""
    current = account.as_of(today)
    day = changed_on(account, today)
    fields = ", ".join(sorted(COLUMNS[name] for name in current.changed_by_parent))
    return escape_formulas(*_cells(current), fields, short_day(day) if day else "")


def changed_on(account: Account, today: date) -> date | None:
    """Returns the last day on which a change of the family came into force; None when it changed nothing.

    An accepted address comes into force on its own day, maybe long after it was accepted.
    """
    days = [day_in_paris(account.changed_at)] if account.changed_at else []
    if account.moves_on and account.moves_on <= today:
        days.append(account.moves_on)
    return max(days, default=None)


def _cells(account: Account) -> Iterator[str]:
    holder, address = account.holder, account.address
    yield from (account.username, account.family, holder.civility, holder.last_name, holder.first_name)
    yield from (address.line_1, address.line_2, address.postcode, address.town, account.email or "")
    yield from (_international(account.mobile), _international(account.landline), MODES[account.delivery_mode])
    yield "" if account.quotient_cents is None else plain_euros(account.quotient_cents)
    yield "oui" if account.direct_debit else "non"
    yield country_name(address.country)


def _international(number: str | None) -> str:
    """Returns « 00687751234 » for « +687751234 », which a spreadsheet would take for a formula."""
    return (number or "").replace("+", "00", 1)

"""Writes the import files (CSV) of the town's software: UTF-8, semicolons, French days and amounts."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TextIO

from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.family import Child
from chalicelib.domain.invoice import Invoice
from chalicelib.formats import plain_price, short_day

Cells = Sequence[str]

ACCOUNTS = (
    "identifiant", "famille", "civilite", "nom", "prenom", "ligne_1", "ligne_2", "code_postal", "commune", "courriel",
    "telephone_mobile", "telephone_fixe", "mode_de_reception", "quotient_familial", "prelevement", "pays",
)  # fmt: skip
CHILDREN = ("famille", "nom", "prenom", "date_naissance", "ecole", "classe", "activites")
INVOICES = (
    "numero", "identifiant", "libelle", "periode", "date_emission", "date_echeance", "montant_total", "montant_regle",
    "enfant", "prestation", "quantite", "prix_unitaire", "montant",
)  # fmt: skip


def write(out: TextIO, header: Cells, rows: Iterable[Cells]) -> None:
    """Write one file, row by row. `out` must be opened with newline=""."""
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)


def amount(cents: int) -> str:
    """Returns cents as « -1234,50 »."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"


def quantity(value: Decimal) -> str:
    """Returns « 12 », « 2,5 », « -1 »: with an ASCII hyphen, which every encoding has."""
    return f"{value.normalize():f}".replace(".", ",")


def account_row(account: Account) -> Cells:
    holder, address = account.holder, account.address
    return (
        account.username, account.family, holder.civility, holder.last_name, holder.first_name,
        address.line_1, address.line_2, address.postcode, address.town,
        account.email or "", account.mobile or "", account.landline or "",
        "courriel" if account.delivery_mode is DeliveryMode.EMAIL else "courrier",
        "" if account.quotient_cents is None else amount(account.quotient_cents),
        "oui" if account.direct_debit else "non",
        address.country,
    )  # fmt: skip


def child_row(family: str, child: Child) -> Cells:
    born_on = short_day(child.born_on) if child.born_on else ""
    return (
        family, child.last_name, child.first_name, born_on, child.school, child.class_name, ", ".join(child.activities),
    )  # fmt: skip


def invoice_rows(invoice: Invoice, *, day: Callable[[date], str] = short_day) -> Iterator[Cells]:
    """Yields one row per line of the invoice, each with the invoice's own cells."""
    head = (
        invoice.number, invoice.username, invoice.label, invoice.period, day(invoice.issued_on), day(invoice.due_on),
        amount(invoice.billed_cents), amount(invoice.paid_cents) if invoice.paid_cents else "",
    )  # fmt: skip
    for line in invoice.lines:
        yield (
            *head,
            line.child,
            line.service,
            quantity(line.quantity),
            plain_price(line.price),
            amount(line.amount_cents),
        )

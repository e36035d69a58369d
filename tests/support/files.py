"""Small files as the town's software writes them."""

import io
from collections.abc import Iterable
from datetime import date

from chalicelib.domain.invoice import Invoice
from chalicelib.services.billing.import_run import BillingFile, identify_file
from local.town import files

INVOICE_COLUMNS = files.INVOICES
ACCOUNT_COLUMNS = tuple(name for name in files.ACCOUNTS if name != "pays")
"""Those that no header may lack."""

INVOICE = {
    "numero": "169165", "identifiant": "100001", "libelle": "Restauration Scolaire Mai Juillet 2011",
    "periode": "mai à juillet 2011", "date_emission": "01/06/2011", "date_echeance": "24/06/2011",
    "montant_total": "57,00", "montant_regle": "", "enfant": "Zoé", "prestation": "Restauration scolaire",
    "quantite": "20", "prix_unitaire": "2,85", "montant": "57,00",
}  # fmt: skip
ACCOUNT = {
    "identifiant": "100001", "famille": "7001", "civilite": "Mme", "nom": "Dupont", "prenom": "Camille",
    "ligne_1": "12 rue des Genêts", "ligne_2": "", "code_postal": "06990", "commune": "Saint-Aubin-les-Pins",
    "courriel": "camille.dupont@example.org", "telephone_mobile": "06 00 00 00 01", "telephone_fixe": "",
    "mode_de_reception": "courriel", "quotient_familial": "1 234,50", "prelevement": "non",
}  # fmt: skip


def text_of(columns: Iterable[str], *rows: dict[str, str], delimiter: str = ";", end: str = "\r\n") -> str:
    """A file's text: the header, then each row's cells in the columns' order."""
    columns = list(columns)
    lines = [columns, *([row[column] for column in columns] for row in rows)]
    return "".join(delimiter.join(line) + end for line in lines)


def stream_of(columns: Iterable[str], *rows: dict[str, str], encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text_of(columns, *rows).encode(encoding))


def invoice_rows(*changes: dict[str, str]) -> io.BytesIO:
    """A file of invoices: the guide's invoice, one row for each change made to it."""
    return stream_of(INVOICE_COLUMNS, *(INVOICE | change for change in changes))


def invoice_line(**changes: str) -> str:
    """One more line for a file that `content_of` writes: the guide's invoice with these cells, by column."""
    return ";".join((INVOICE | changes)[column] for column in INVOICE_COLUMNS) + "\r\n"


def account_rows(*changes: dict[str, str]) -> io.BytesIO:
    return stream_of(ACCOUNT_COLUMNS, *(ACCOUNT | change for change in changes))


def day(text: str) -> date:
    return date.fromisoformat(text)


DAY = date(2026, 6, 10)
"""On which billing files are deposited."""


def content_of(*invoices: Invoice, end: str = "") -> bytes:
    """A billing file as the town's software writes it; `end` is added as it is."""
    out = io.StringIO(newline="")
    files.write(out, files.INVOICES, (row for one in invoices for row in files.invoice_rows(one)))
    return (out.getvalue() + end).encode()


def billing_file(*invoices: Invoice, name: str = "factures-2026-05.csv", end: str = "") -> BillingFile:
    return identify_file(io.BytesIO(content_of(*invoices, end=end)), name, today=DAY)

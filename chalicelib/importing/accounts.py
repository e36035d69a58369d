"""CSV file *comptes*: one family account per line."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.contact.postal_address import read_place
from chalicelib.domain.account import Account, Address, Holder
from chalicelib.errors import ValueRefused
from chalicelib.importing import cells
from chalicelib.importing.cells import optional, required, text
from chalicelib.importing.records import Record, RowRefused, read_rows
from chalicelib.importing.rows import CellRefused
from chalicelib.wording import importing as wording


def quotient(cell: str) -> int:
    """Returns the *quotient familial* in cents. Raises CellRefused when negative."""
    amount = cells.cents(cell)
    if amount < 0:
        raise CellRefused(wording.NOT_AN_AMOUNT)
    return amount


PARSERS = {
    "identifiant": required(cells.identifier),
    "famille": required(cells.identifier),
    "civilite": text,
    "nom": required(text),
    "prenom": text,
    "ligne_1": required(text),
    "ligne_2": text,
    "code_postal": text,
    "commune": required(text),
    "courriel": optional(cells.email),
    "telephone_mobile": optional(cells.phone),
    "telephone_fixe": optional(cells.phone),
    "mode_de_reception": cells.delivery_mode,
    "quotient_familial": optional(quotient),
    "prelevement": cells.yes_or_no,
    "pays": cells.may_be_absent(optional(cells.country)),
}


def read_accounts(stream: BinaryIO) -> Iterator[Record[Account]]:
    """Yields the accounts of a seekable file. Raises FileRefused."""
    return read_rows(stream, PARSERS, _account, key=["identifiant"], kind=wording.ACCOUNTS)


def _account(values: dict[str, Any]) -> Account:
    return Account(
        username=values["identifiant"],
        family=values["famille"],
        holder=Holder(civility=values["civilite"], last_name=values["nom"], first_name=values["prenom"]),
        address=_address(values),
        email=values["courriel"],
        mobile=values["telephone_mobile"],
        landline=values["telephone_fixe"],
        delivery_mode=values["mode_de_reception"],
        quotient_cents=values["quotient_familial"],
        direct_debit=values["prelevement"],
    )


def _address(values: dict[str, Any]) -> Address:
    """Raises RowRefused when the postcode is none of its country."""
    postcode, town, country = values["code_postal"], values["commune"], values["pays"]
    if not postcode and country is None:
        raise RowRefused("code_postal", wording.EMPTY)
    try:
        place = read_place(postcode, town, country)
    except ValueRefused as refusal:
        raise RowRefused("code_postal", wording.REFUSED[refusal.reason]) from None
    return Address(
        line_1=values["ligne_1"], line_2=values["ligne_2"], postcode=place.postcode, town=town, country=place.country
    )

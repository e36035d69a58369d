"""French labels of fields, values and import refusals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.account import Address, DeliveryMode, Holder
from chalicelib.domain.invoice import InvoiceLine
from chalicelib.formats import euros, price, quantity, short_day, thousands
from chalicelib.services.account.family_import import Difference
from chalicelib.services.billing.invoice_import import Reason
from chalicelib.wording.guide import typeset
from chalicelib.wording.importing import enumeration

FIELDS: Mapping[str, str] = {
    "family": "famille",
    "holder": "titulaire",
    "address": "adresse",
    "email": "courriel",
    "mobile": "téléphone mobile",
    "landline": "téléphone fixe",
    "delivery_mode": "mode de réception",
    "quotient_cents": "quotient familial",
    "direct_debit": "prélèvement",
    "username": "identifiant",
    "label": "libellé",
    "period": "période",
    "issued_on": "date d’émission",
    "due_on": "date d’échéance",
    "billed_cents": "montant total",
    "paid_cents": "montant réglé",
    "lines": "prestations",
    "document": "document",
    "run": "campagne",
}
CHILD_FIELDS: Mapping[str, str] = {
    "born_on": "date de naissance",
    "school": "école",
    "class_name": "classe",
    "activities": "activités",
}
MODES = {DeliveryMode.EMAIL: "courriel", DeliveryMode.PAPER: "courrier"}
REASONS = {
    Reason.UNKNOWN_ACCOUNT: "cet identifiant n’est celui d’aucun compte",
    Reason.NUMBER_TAKEN: "ce numéro est déjà celui d’une facture d’un autre compte",
    Reason.ALREADY_ISSUED: "déjà émise, elle ne change plus",
    Reason.AWAITS_ITS_RUN: "elle attend déjà d’être publiée avec une autre campagne",
}
COLUMNS = dict.fromkeys(Reason, "numero") | {Reason.UNKNOWN_ACCOUNT: "identifiant"}
TWO_ACCOUNTS = "pour le portail, ce sont deux comptes ; si c’en est un, corrigez-le dans le logiciel de la ville"
NO_ACCOUNT = "aucun compte de cette famille, ni dans le fichier des comptes ni sur le portail"


def alike_in_file(username: str, others: Sequence[tuple[int, str]]) -> str:
    """« « dupont12 » ne diffère de « DUPONT12 » (ligne 2) que par les majuscules… ». `others`: lines, identifiers."""
    return _alike(username, [f"« {other} » (ligne {line})" for line, other in others])


def alike_on_portal(username: str, others: Sequence[str]) -> str:
    """The same of accounts that the portal has already."""
    return _alike(username, [f"« {other} », déjà sur le portail," for other in others])


def _alike(username: str, others: Sequence[str]) -> str:
    return typeset(f"« {username} » ne diffère de {enumeration(others)} que par les majuscules : {TWO_ACCOUNTS}")


def pluralized(count: int, one: str, many: str) -> str:
    """« 1 facture importée », « 2 632 factures importées »."""
    return f"{thousands(count)} {one if count < 2 else many}"


def value_of(field: str, value: Any) -> str:
    """Returns a field's value as a French text."""
    if value is None or value == "":
        return "rien"
    if field.endswith("_cents"):
        return euros(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, DeliveryMode):
        return MODES[value]
    if isinstance(value, Holder):
        return value.full_name
    if isinstance(value, tuple):
        return ", ".join(value) or "rien"
    return ", ".join(value.lines) if isinstance(value, Address) else str(value)


def difference_of(difference: Difference) -> str:
    """« libellé : « Autre » dans le fichier, « Cantine » sur le portail »."""
    name = FIELDS.get(difference.field, difference.field)
    if difference.field == "document":
        return "document\u00a0: le PDF n’est pas celui que la famille a déjà"
    stored, imported = _values(difference)
    return f"{name}\u00a0: «\u00a0{imported}\u00a0» dans le fichier, «\u00a0{stored}\u00a0» sur le portail"


def _values(difference: Difference) -> tuple[str, str]:
    if difference.field != "lines":
        return value_of(difference.field, difference.existing), value_of(difference.field, difference.imported)
    if len(difference.existing) != len(difference.imported):
        return _count(len(difference.existing)), _count(len(difference.imported))
    pairs = zip(difference.existing, difference.imported, strict=True)
    stored, imported = next(pair for pair in pairs if pair[0] != pair[1])
    return _line(stored), _line(imported)


def _count(lines: int) -> str:
    return f"{lines} {'ligne' if lines < 2 else 'lignes'}"


def _line(line: InvoiceLine) -> str:
    unit, amount = price(line.price), euros(line.amount_cents)
    return f"{line.child} {line.service}, {quantity(line.quantity)} × {unit} = {amount}".strip()

"""Payment methods (*moyens de paiement*): a closed list, with the spellings of other software; *avoir* is no method."""

from enum import StrEnum

from chalicelib.domain.settlement import fold_to_letters


class PaymentMethod(StrEnum):
    """How money came in or went out, other than by card on the portal."""

    CHEQUE = "cheque"
    CASH = "especes"
    TRANSFER = "virement"
    DIRECT_DEBIT = "prelevement"
    CESU = "cesu"
    ANCV = "ancv"
    CARD = "carte"
    OTHER = "autre"


SPELLINGS: dict[PaymentMethod, tuple[str, ...]] = {
    PaymentMethod.CHEQUE: ("chèques", "chq", "chèque bancaire", "chèque postal", "ch", "chèque bancaire ou postal"),
    PaymentMethod.CASH: ("espèce", "esp", "numéraire", "liquide", "cash", "num"),
    PaymentMethod.TRANSFER: ("vir", "virement bancaire", "virements", "virt", "virement sepa", "vrt"),
    PaymentMethod.DIRECT_DEBIT: (
        "prélèvements", "prélèvement automatique", "prlv", "prel", "prélèvement sepa", "prélèvement bancaire", "sepa",
        "prelev",
    ),
    PaymentMethod.CESU: ("chèque emploi service", "chèque emploi service universel", "e-cesu", "ticket cesu"),
    PaymentMethod.ANCV: ("chèque vacances", "chèques vacances", "chèque vacances ancv", "cv"),
    PaymentMethod.CARD: ("cb", "carte bancaire", "carte bleue", "tpe", "tpe cb", "cb internet", "payfip", "tipi"),
    PaymentMethod.OTHER: ("autres", "divers", "autre moyen"),
}  # fmt: skip
"""Common spellings, compared by their letters and digits alone."""

OFFSETS = ("avoir", "report", "imput")
"""The beginnings of what a file calls an offset, folded: no money moves."""

RETURNS = ("rejet", "impaye", "retour", "annulation", "annule")
"""Words of a line that takes a settlement back, folded: « rejet de prélèvement », « chèque impayé »."""

_BY_SPELLING = {
    fold_to_letters(spelling): method
    for method, spellings in SPELLINGS.items()
    for spelling in (method.value, *spellings)
}


def method_of(typed: str) -> PaymentMethod | None:
    """Returns the method that a text names, None when it is none that we know."""
    return _BY_SPELLING.get(fold_to_letters(typed))


def method_read(stored: str) -> PaymentMethod:
    """Returns the method of an entry: those booked before the list was closed hold free text, which is kept."""
    return method_of(stored) or PaymentMethod.OTHER


def is_offset(typed: str) -> bool:
    """Whether a line's method says that credit is used: « avoir », « report »."""
    return fold_to_letters(typed).startswith(OFFSETS)


def is_return(typed: str) -> bool:
    """Whether a line's method says that a settlement is taken back: « rejet de prélèvement »."""
    folded = fold_to_letters(typed)
    return any(word in folded for word in RETURNS)

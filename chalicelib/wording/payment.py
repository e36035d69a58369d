"""French texts about card payment: error messages, why an invoice cannot be paid online, how to pay instead."""

from chalicelib.domain.payment_method import PaymentMethod
from chalicelib.domain.town_settings import PaymentMethodNames
from chalicelib.formats import NBSP
from chalicelib.wording.guide import DIRECT_DEBIT, ErrorMessage, typeset

METHODS: dict[str, str] = {
    PaymentMethod.CHEQUE: "chèque",
    PaymentMethod.CASH: "espèces",
    PaymentMethod.TRANSFER: "virement",
    PaymentMethod.DIRECT_DEBIT: "prélèvement",
    PaymentMethod.CESU: "CESU",
    PaymentMethod.ANCV: "chèques-vacances",
    PaymentMethod.CARD: "carte au guichet",
    PaymentMethod.OTHER: "autre",
}
"""The names of the payment methods, unless the town has its own."""

EMAIL_MISSING = typeset("Indiquez l'adresse mail à laquelle envoyer le reçu, comme camille@example.org.")
EMAIL_WRONG = typeset("Cette adresse mail n'est pas complète. Écrivez-la comme camille@example.org.")
EMAIL_TOO_LONG = typeset(
    "Le service de paiement n'accepte pas d'adresse de plus de 120 caractères : indiquez-en une autre."
)
MOBILE_WRONG = typeset(
    "Indiquez un seul numéro de mobile, comme 06 12 34 56 78, ou avec l'indicatif du pays : votre banque le demande."
)

SHORT_OBSTACLES = {
    "DIRECT_DEBIT": DIRECT_DEBIT,
    "SWITCHED_OFF": typeset("Paiement en ligne suspendu : payez au guichet ou par chèque"),
    "TOO_LATE": typeset("Trop tard pour payer en ligne : payez au guichet ou par chèque"),
}
"""In a row of the list of invoices, by domain.invoice.PaymentObstacle."""

LEFT_OUT = {
    "NOTHING_DUE": "La facture n° {number} n'est plus à payer : elle vient d'être réglée ou annulée.",
    "DIRECT_DEBIT": "La facture n° {number} est maintenant payée par prélèvement automatique.",
    "SWITCHED_OFF": "Le paiement en ligne est suspendu : la facture n° {number} ne peut pas être payée ici.",
    "TOO_LATE": "Il est trop tard pour payer en ligne la facture n° {number}.",
}
"""What became of an invoice since the page of a payment of several was shown, by domain.invoice.PaymentObstacle."""

LIST_CHANGED = typeset("La liste de vos factures à payer a changé depuis que cette page a été affichée.")
BALANCE_CHANGED = typeset("Ce qui reste à payer a changé depuis que cette page a été affichée.")

OBSTACLES = {
    "DIRECT_DEBIT": "Cette facture est payée par prélèvement automatique : vous n'avez rien à faire.",
    "SWITCHED_OFF": "Le paiement en ligne est suspendu pour le moment.",
    "TOO_LATE": "Le paiement en ligne n'est plus ouvert pour cette facture : sa date d'échéance est trop ancienne.",
}


def left_out(number: str, obstacle: str) -> str:
    """Returns why an invoice is not part of a payment any more."""
    return typeset(LEFT_OUT[obstacle].format(number=number)).replace("n° ", f"n°{NBSP}")


def why_not(obstacle: str, *, to_the_office: str, cheque_to: str) -> str:
    """Returns why this invoice cannot be paid by card here, and how to pay it instead."""
    if obstacle == "DIRECT_DEBIT":
        return typeset(OBSTACLES[obstacle])
    return typeset(
        f"{OBSTACLES[obstacle]} Vous pouvez la payer {to_the_office}, ou par chèque à l'ordre de « {cheque_to} »."
    )


def not_payable(obstacle: str, *, to_the_office: str, cheque_to: str) -> ErrorMessage:
    """Returns the text of the error page that says so."""
    return ErrorMessage(
        typeset("Paiement en ligne impossible"), why_not(obstacle, to_the_office=to_the_office, cheque_to=cheque_to)
    )


def method_name(method: str, of_town: PaymentMethodNames) -> str:
    """Returns the name of a payment method; of one that is none (« carte bancaire » on the portal), itself."""
    return getattr(of_town, method, "") or METHODS.get(method, method)

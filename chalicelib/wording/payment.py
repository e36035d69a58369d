"""What is said of paying by card: why a form is refused, why an invoice cannot be paid online, and how to pay then."""

from chalicelib.wording.guide import DIRECT_DEBIT, Failure, typeset

EMAIL_MISSING = typeset("Indiquez l'adresse mail à laquelle envoyer le reçu, comme camille@example.org.")
EMAIL_WRONG = typeset("Cette adresse mail n'est pas complète. Écrivez-la comme camille@example.org.")
EMAIL_TOO_LONG = typeset(
    "Le service de paiement n'accepte pas d'adresse de plus de 120 caractères : indiquez-en une autre."
)
MOBILE_WRONG = typeset("Indiquez un numéro de mobile français, comme 06 12 34 56 78 : votre banque le demande.")

SHORT_BARS = {
    "DIRECT_DEBIT": DIRECT_DEBIT,
    "SWITCHED_OFF": typeset("Paiement en ligne suspendu : payez au guichet ou par chèque"),
    "TOO_LATE": typeset("Trop tard pour payer en ligne : payez au guichet ou par chèque"),
}
"""In a row of the list, by domain.online_payment.Bar."""

BARS = {
    "DIRECT_DEBIT": "Cette facture est payée par prélèvement automatique : vous n'avez rien à faire.",
    "SWITCHED_OFF": "Le paiement en ligne est suspendu pour le moment.",
    "TOO_LATE": "Le paiement en ligne n'est plus ouvert pour cette facture : sa date d'échéance est trop ancienne.",
}


def why_not(bar: str, *, to_the_desk: str, cheque_to: str) -> str:
    """Why this invoice cannot be paid by card here, and how to pay it instead."""
    if bar == "DIRECT_DEBIT":
        return typeset(BARS[bar])
    return typeset(f"{BARS[bar]} Vous pouvez la payer {to_the_desk}, ou par chèque à l'ordre de « {cheque_to} ».")


def not_payable(bar: str, *, to_the_desk: str, cheque_to: str) -> Failure:
    """The page that says so."""
    return Failure(typeset("Paiement en ligne impossible"), why_not(bar, to_the_desk=to_the_desk, cheque_to=cheque_to))

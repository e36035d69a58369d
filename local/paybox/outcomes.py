"""The outcomes of the payment page: the bank's decisions in order, and how each notice is sent."""

from dataclasses import dataclass

ACCEPTED = "00000"
REFUSED = "00105"


@dataclass(frozen=True)
class Step:
    """One decision of the bank: its code, how many notices are sent, and whether they are late."""

    code: str
    copies: int = 1
    late: bool = False


@dataclass(frozen=True)
class Outcome:
    """A button of the page: the bank's decisions, and the return address of the browser."""

    label: str
    hint: str
    steps: tuple[Step, ...]
    returns_to: str = "PBX_EFFECTUE"

    @property
    def accepts(self) -> bool:
        return any(step.code == ACCEPTED for step in self.steps)


OUTCOMES = {
    "accepte": Outcome("Paiement accepté", "l’avis part avant le retour du navigateur", (Step(ACCEPTED),)),
    "refuse": Outcome("Paiement refusé", "refus de la banque (00105)", (Step(REFUSED),), "PBX_REFUSE"),
    "refuse-puis-accepte": Outcome(
        "Refusé, puis accepté", "deux essais sur la même page, deux avis", (Step(REFUSED), Step(ACCEPTED))
    ),
    "annule": Outcome("Annulé par le payeur", "code 00117", (Step("00117"),), "PBX_ANNULE"),
    "expire": Outcome("Temps dépassé", "quinze minutes sans réponse (00030)", (Step("00030"),), "PBX_REFUSE"),
    "attente": Outcome("En attente de la banque", "code 99999", (Step("99999"),), "PBX_ATTENTE"),
    "attente-puis-accepte": Outcome(
        "En attente, puis accepté",
        "l’acceptation arrive après le délai ci-dessus",
        (Step("99999"), Step(ACCEPTED, late=True)),
        "PBX_ATTENTE",
    ),
    "avis-en-retard": Outcome(
        "Accepté, avis en retard", "le navigateur revient avant l’avis", (Step(ACCEPTED, late=True),)
    ),
    "avis-perdu": Outcome("Accepté, avis perdu", "seul le fichier de la banque le dira", (Step(ACCEPTED, copies=0),)),
    "avis-double": Outcome("Accepté, avis en double", "le même avis, deux fois", (Step(ACCEPTED, copies=2),)),
}
"""By the value of the button."""

"""French labels of delivery outcomes and their reasons, for the régie."""

from collections.abc import Mapping

from chalicelib.domain.delivery import Outcome

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SENT: "envoyées par courriel",
    Outcome.PAPER: "papier",
    Outcome.NONE: "sans envoi",
    Outcome.NEEDS_REVIEW: "à vérifier",
    Outcome.FAILED: "en échec",
}
SINGLE_OUTCOMES: Mapping[Outcome, str] = {**OUTCOMES, Outcome.CLAIMED: "en cours", Outcome.SENT: "envoyée"}
REASONS: Mapping[str, str] = {
    "": "",
    "cancelled": "annulée avant l’envoi",
    "zero": "à zéro",
    "credit": "avoir",
    "debit": "prélevée",
    "bouncing": "l’adresse électronique de la famille ne reçoit plus",
    "no-email": "la famille n’a pas donné d’adresse électronique",
    "no-account": "aucun compte ne porte son identifiant",
    "drawing": "son PDF n’a pas pu être tracé",
    "writing": "son courriel n’a pas pu être écrit",
    "refused": "courriel refusé par le fournisseur",
    "ambiguous": "le fournisseur n’a pas répondu",
    "lost": "l’envoi s’est interrompu à cet instant",
    "undelivered": "son lot n’a pas abouti",
    "bounced": "le courriel est revenu",
    "complained": "la famille a signalé le courriel comme indésirable",
    "desk": "tranchée par le guichet",
}

"""French texts fixed by the parents' guide, and those used in several places: errors, confirmations, outcomes.

They are typed with plain apostrophes and spaces; `typeset` applies French typography: ’, and no-break spaces before
« : ; ! ? » and inside quotation marks. A text with {desk.the}, {desk.to_the} or {desk.of_the}, the town's office, is
completed by the caller: `sentence.format(desk=town.desk)`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.formats import NBSP, hour


def typeset(typed: str) -> str:
    """Returns a sentence typed with plain apostrophes and spaces in French typography."""
    return re.sub(r" (?=[:;!?»])|(?<=«) ", NBSP, typed.replace("'", "’"))


def typeset_all(typed: Mapping[str, str]) -> dict[str, str]:
    """Returns the same keys with their sentences in French typography."""
    return {key: typeset(sentence) for key, sentence in typed.items()}


ACTIVITIES = typeset("ACTIVITES PERI ET EXTRASCOLAIRES")
REQUIRED_FIELDS = typeset("* champs obligatoires")

WRONG_CREDENTIALS = typeset("Identifiant ou mot de passe incorrect.")
TYPE_THE_CAPTCHA = typeset("Dans la zone de saisie, veuillez inscrire le texte de contrôle.")
WRONG_CAPTCHA = typeset("Erreur de saisie, veuillez retaper le texte de contrôle s'il vous plaît.")
LOCKED = typeset(
    "Vous avez fait sept tentatives de connexion, votre compte a été bloqué, "
    "veuillez réessayer après un délai de 15mn"
)  # fmt: skip

PASSWORD_ADVICE = typeset("Au moins 12 caractères. Une phrase de quatre mots dont vous vous souviendrez convient bien.")
PASSWORD_AGAIN = typeset("Redemandé par sécurité : il n'a pas été saisi depuis dix minutes.")
PASSWORD_SAVED = typeset("Votre nouveau mot de passe est enregistré.")
NOTHING_DUE = typeset("Vous n'avez rien à payer pour le moment.")
DUE_REMINDER = typeset("Rappel : si une facture reste à payer, elle apparaît ici.")
EMAIL_NEEDED = typeset(
    "Pour recevoir ma facture par courriel, mon adresse mail doit être préalablement renseignée "
    "(voir rubrique « Modifier mes coordonnées ... »)."
)
DIRECT_DEBIT = typeset("Payée par prélèvement automatique")
SECURE_PAYMENT = typeset("Paiement sécurisé, via le service PAYBOX")

CODE_EXPIRED = typeset(
    "Ce code d'activation est trop ancien. Demandez-en un nouveau avec « Identifiant ou mot de passe oublié ? », "
    "ou auprès {desk.of_the}."
)  # fmt: skip
USERNAME_MISSING = typeset("Saisissez votre identifiant : il figure sur votre dernière facture.")
PASSWORD_MISSING = typeset("Saisissez votre mot de passe, ou votre code d'activation à la première connexion.")
SIGNED_OUT = typeset("Vous êtes déconnecté.")
SESSION_ENDED = typeset("Votre session est terminée. Reconnectez-vous, puis recommencez.")
SESSION_ENDED_ON_A_PAGE = typeset(
    "Votre session est terminée. Reconnectez-vous pour continuer : vous reviendrez à cette page."
)  # fmt: skip


def locked(until: datetime) -> str:
    """Returns the guide's sentence on the lock, and when it ends. `until`: a UTC instant, shown in Paris time."""
    return f"{LOCKED}. Vous pourrez vous reconnecter à partir de {hour(until)}."


def paused(until: datetime) -> str:
    """Returns the message when a source address failed too often. `until`: a UTC instant, shown in Paris time."""
    return typeset(f"Trop d'essais ont échoué depuis votre connexion à Internet. Réessayez à partir de {hour(until)}.")


class ErrorMessage(NamedTuple):
    """Title of an error page, and what the visitor can do."""

    title: str
    sentence: str


def _error_message(title: str, sentence: str) -> ErrorMessage:
    return ErrorMessage(typeset(title), typeset(sentence))


ERROR_MESSAGES = {
    400: _error_message("Demande incomprise", "Votre navigateur a envoyé une demande que le portail ne sait pas lire."),
    403: _error_message(
        "Demande refusée",
        "Par sécurité, un formulaire doit être envoyé depuis le portail : ouvrez à nouveau la page, puis recommencez. "
        "Rien n'a été modifié.",
    ),
    404: _error_message("Page introuvable", "Cette page n'existe pas, ou elle n'est pas accessible avec votre compte."),
    405: _error_message("Action impossible", "Cette adresse ne permet pas cette action. Rien n'a été modifié."),
    409: _error_message(
        "Facture déjà réglée", "Il ne reste rien à payer sur cette facture. Aucun paiement n'a été demandé."
    ),
    413: _error_message(
        "Envoi trop volumineux",
        "Ce que vous avez envoyé dépasse la taille acceptée. Choisissez un fichier de 4\u00a0Mo au plus, "
        "puis recommencez.",
    ),
    415: _error_message(
        "Format non accepté", "Le portail ne sait pas lire ce format. Utilisez le formulaire de la page."
    ),
    429: _error_message(
        "Trop de demandes",
        "Vous avez fait beaucoup de demandes en peu de temps. Attendez quelques minutes, puis recommencez.",
    ),
    500: _error_message(
        "Erreur du portail", "Le portail a rencontré une erreur, qui a été notée. Réessayez dans quelques minutes."
    ),
    503: _error_message(
        "Service indisponible", "Le portail est momentanément indisponible. Réessayez dans quelques minutes."
    ),
}
"""Error messages by HTTP status."""

COOKIES_NEEDED = _error_message(
    "Cookie refusé",
    "Votre navigateur n'a pas gardé le cookie de connexion : autorisez les cookies de ce site, ou essayez avec un "
    "autre navigateur. Rien n'a été modifié.",
)

THROTTLED = _error_message(
    "Beaucoup de monde",
    "Beaucoup de familles consultent le portail en ce moment. Attendez une minute, puis recommencez. "
    "Rien n'a été modifié.",
)
"""API Gateway throttled the request, which did not reach the portal."""


def error_message(status: int) -> ErrorMessage:
    """Returns the message of an HTTP status; by default, that of 400 or 500."""
    return ERROR_MESSAGES.get(status) or ERROR_MESSAGES[500 if status >= 500 else 400]


CONFIRMATIONS = {
    "deconnexion": SIGNED_OUT,
    "mot-de-passe": PASSWORD_SAVED,
    "signalement": typeset("Votre message est transmis {desk.to_the}, qui vous répondra."),
    "coordonnees": typeset("Vos coordonnées sont enregistrées."),
    "courriel-a-confirmer": typeset(
        "Vos coordonnées sont enregistrées. Un courriel est parti à la nouvelle adresse : suivez son lien pour "
        "la confirmer."
    ),
    "courriel-trop-demande": typeset("Vous avez demandé plusieurs confirmations aujourd'hui. Réessayez demain."),
    "courriel-confirme": typeset("Votre adresse mail est confirmée."),
    "pas-moi": typeset(
        "C'est fait : l'adresse mail du compte est la vôtre, et toutes ses sessions sont fermées. Un lien pour choisir "
        "un nouveau mot de passe vient d'y partir : suivez-le dans les 30 minutes."
    ),
    "courriel-retire": typeset("Votre adresse mail est retirée."),
    "courriel-retire-papier": typeset(
        "Votre adresse mail est retirée : à partir de la prochaine, vos factures arrivent par courrier."
    ),
    "adresse": typeset("Votre demande est enregistrée. La mairie la vérifie."),
    "adresse-retiree": typeset("Votre demande est retirée."),
    "adresse-deja-traitee": typeset("La mairie a déjà répondu à cette demande."),
    "mode-courriel": typeset("C'est noté : à partir de la prochaine, vos factures arrivent par courriel."),
    "mode-courrier": typeset("C'est noté : à partir de la prochaine, vos factures arrivent par courrier."),
    "sessions": typeset("Vos autres sessions sont fermées."),
    "session": typeset("Cette session est fermée."),
}
"""Confirmations shown after a form, by the redirect's « fait »."""


class PaymentOutcome(NamedTuple):
    """Outcome of a payment. `wait`: it may still change, « Actualiser » is offered."""

    title: str
    sentence: str
    wait: bool = False


def _outcome(title: str, sentence: str, *, wait: bool = False) -> PaymentOutcome:
    return PaymentOutcome(typeset(title), typeset(sentence), wait)


_WAITING = _outcome(
    "Paiement en cours de confirmation",
    "Nous attendons la confirmation de la banque. Ne payez pas une seconde fois : cette page dira si le paiement a "
    "abouti. Si vous avez quitté la page de la banque sans payer, rien n'a été débité.",
    wait=True,
)

_UNDER_REVIEW = _outcome(
    "Paiement en cours de vérification",
    "La banque nous a répondu, et la régie vérifie ce paiement avec elle. Ne payez pas une seconde fois : une somme a "
    "peut-être été débitée. Cette page dira ce qu'il en est.",
    wait=True,
)

PAYMENT_OUTCOMES = {
    "PAID": _outcome("Paiement accepté", "Votre paiement est enregistré. Le reçu est envoyé par courriel."),
    "REFUSED": _outcome(
        "Paiement refusé",
        "La banque a refusé ce paiement : rien n'a été débité. Vérifiez le numéro et la date de la carte, essayez-en "
        "une autre, ou voyez avec votre banque.",
    ),
    "CANCELLED": _outcome("Paiement annulé", "Vous avez annulé ce paiement : rien n'a été débité."),
    "FAILED": _outcome(
        "Paiement impossible",
        "Le service de paiement n'a pas pu traiter ce paiement : rien n'a été débité. Réessayez un peu plus tard.",
    ),
    "EXPIRED": _outcome(
        "Paiement expiré",
        "Le temps prévu pour payer est écoulé et la banque n'a confirmé aucun paiement : à notre connaissance, "
        "rien n'a été débité. Si votre compte bancaire montre pourtant un débit, ne payez pas une seconde fois : "
        "prévenez {desk.the}. Sinon, vous pouvez recommencer.",
    ),
    "STARTED": _WAITING,
    "PENDING": _WAITING,
    "HELD": _UNDER_REVIEW,
}
"""Texts of a payment's page, by domain.payment.AttemptState."""


def credit_available(amount: str) -> str:
    """Returns the sentence about credit notes and surpluses that may pay other invoices; `amount` in euros, as text."""
    return f"Vous avez {amount} en votre faveur : la régie les déduira d'une facture, ou vous les rendra."

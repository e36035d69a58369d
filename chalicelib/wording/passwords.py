"""French texts about passwords: why one is refused, and advice."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.formats import hour
from chalicelib.wording.guide import typeset, typeset_all

CHOOSE_ONE = typeset("Choisissez un nouveau mot de passe.")
TYPE_IT_AGAIN = typeset("Saisissez encore une fois votre nouveau mot de passe.")
NOT_THE_SAME = typeset("Cette confirmation est différente du nouveau mot de passe : saisissez-le de nouveau.")
OLD_MISSING = typeset("Saisissez votre ancien mot de passe.")
OLD_WRONG = typeset("Cet ancien mot de passe est incorrect.")

ADVICE = typeset_all({
    "too_short": "Choisissez au moins 12 caractères.",
    "too_long": "Choisissez au plus 128 caractères.",
    "frequent": "Il est parmi les 100 000 mots de passe longs les plus utilisés, donc les premiers essayés.",
    "own_words": "Évitez ce qui vous désigne : noms, adresse, dates, identifiant ou ville.",
    "common_password": "Il contient un mot de passe très répandu : choisissez-en un tout autre.",
    "common_words": "Il est fait de mots courants : remplacez-les par des mots plus rares.",
    "names": "Les prénoms et les noms se devinent : remplacez-les par d'autres mots.",
    "dates": "Les dates et les années se devinent : retirez-les.",
    "keyboard": "Les touches voisines du clavier, comme « azerty », se devinent : retirez-les.",
    "repeated": "Répéter un caractère ou un mot ne le renforce pas : écrivez autre chose à la place.",
    "sequence": "Les suites, comme « abcd » ou « 4321 », se devinent : retirez-les.",
    "substitutions": "Remplacer une lettre par un signe, comme « @ » pour « a », n'y change presque rien.",
    "reversed": "Écrire un mot à l'envers n'y change presque rien.",
    "guessable": "Il se devine trop facilement.",
})  # fmt: skip

WHAT_TO_DO = typeset("Une bonne façon de faire : quatre mots sans lien entre eux ni avec vous.")
MAX_REASONS = 3


def advice(reasons: Sequence[str]) -> str:
    """Returns the main reasons in French, at most three, and advice; "" when there is no reason to refuse."""
    if not reasons:
        return ""
    sentences = [ADVICE[reason] for reason in reasons[:MAX_REASONS]]
    return " ".join(sentences if reasons[0] == "too_long" else [*sentences, WHAT_TO_DO])


def old_password_locked(until: datetime) -> str:
    """Returns the message after seven wrong old passwords. `until`: a UTC instant, shown in Paris time."""
    return typeset(
        "Vous avez saisi sept fois un ancien mot de passe incorrect : ce formulaire est bloqué. Réessayez à partir de "
        f"{hour(until)}, ou déconnectez-vous puis demandez un lien par « Identifiant ou mot de passe oublié ? »."
    )

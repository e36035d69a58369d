"""What the two pages that choose a password share: what is typed twice, why it is refused, how it is kept."""

from chalicelib.domain.account import Account
from chalicelib.handlers.http.forms import exact
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.password_rules import own_words, review
from chalicelib.wording import passwords as words

CHOSEN = "nouveau_mot_de_passe"
CONFIRMED = "confirmation"


def chosen(visit: Visit) -> str:
    """The new password, to the last space, as it was typed."""
    return exact(visit.form, CHOSEN)


def chosen_errors(visit: Visit, account: Account) -> dict[str, str]:
    """Why the new password of this account is refused: field → sentence; empty when it is good."""
    password, again = chosen(visit), exact(visit.form, CONFIRMED)
    if not password:
        return {CHOSEN: words.CHOOSE_ONE}
    portal = visit.portal
    family = portal.stores.families.find(account.family)
    errors = {CHOSEN: words.advice(review(password, own_words=own_words(account, family, portal.town)))}
    if again != password:
        errors[CONFIRMED] = words.NOT_THE_SAME if again else words.TYPE_IT_AGAIN
    return {field: sentence for field, sentence in errors.items() if sentence}

"""Shared by the two pages that set a password: reading the two fields, and checking them."""

from chalicelib.domain.account import Account
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.password_rules import own_words, review
from chalicelib.wording import passwords as words

NEW = "nouveau_mot_de_passe"
CONFIRMATION = "confirmation"


def typed_password(visit: Visit) -> str:
    """Returns the new password exactly as typed, spaces included."""
    return raw_field(visit.form, NEW)


def password_errors(visit: Visit, account: Account) -> dict[str, str]:
    """Returns field → error message for the new password of this account; empty when it is accepted."""
    password, again = typed_password(visit), raw_field(visit.form, CONFIRMATION)
    if not password:
        return {NEW: words.CHOOSE_ONE}
    portal = visit.portal
    family = portal.stores.families.find(account.family)
    errors = {NEW: words.advice(review(password, own_words=own_words(account, family, portal.town)))}
    if again != password:
        errors[CONFIRMATION] = words.NOT_THE_SAME if again else words.TYPE_IT_AGAIN
    return {field: sentence for field, sentence in errors.items() if sentence}

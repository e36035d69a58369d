"""Password policy: why a new password is refused, as keys whose French advice is in wording_passwords.

As NIST SP 800-63B recommends: length, and a check against what is guessed first; neither character classes nor expiry,
which only teach people to write « Camille2026! ».
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.family import Child, Family
from chalicelib.domain.town_settings import Town
from chalicelib.services.authentication.frequent_passwords import is_frequent
from chalicelib.services.authentication.password_strength import OWN_WORDS, measure, without_accents

SHORTEST = 12
LONGEST = 128
GOOD_ENOUGH = 3
"""zxcvbn's score, of 4: a hundred million guesses, too many for whoever stole the hashes."""

GOOD_ENOUGH_APART = 2
"""Score of what is left without personal words: zxcvbn accepts any three pieces, even two children and a year."""

TELLING_LENGTH = 3
"""Characters: shorter matches are not reported, they would not help to choose another password."""

REASONS = {
    OWN_WORDS: "own_words",
    "passwords": "common_password",
    "words": "common_words",
    "names": "names",
    "years": "dates",
    "date": "dates",
    "regex": "dates",
    "spatial": "keyboard",
    "repeat": "repeated",
    "sequence": "sequence",
}
"""zxcvbn's dictionary or pattern → reason key."""


def review(password: str, *, own_words: Sequence[str]) -> list[str]:
    """Returns why the password is refused, main reason first (keys of `wording_passwords.ADVICE`); empty if accepted.

    `own_words`: names, addresses, dates, identifiers of the family and of the town, as they are written elsewhere.
    12 characters at least and 128 at most, an accent counted with its letter however it was typed. The form that is
    hashed (NFKC) may be longer: « ㎏ » is one character to whoever types it.
    """
    length = min(len(password), len(unicodedata.normalize("NFC", password)))
    if length > LONGEST:
        return ["too_long"]
    reasons = weaknesses(password, own_forms(own_words))
    if length < SHORTEST:
        return ["too_short", *(reason for reason in reasons if reason != "guessable")]
    if is_frequent(password):
        return ["frequent", *(reason for reason in reasons if reason not in ("common_password", "guessable"))]
    return reasons


def weaknesses(password: str, own: set[str]) -> list[str]:
    """Returns why the password is guessable, whole or without personal words; empty when it is not."""
    strength = measure(password, own)
    if strength.score < GOOD_ENOUGH:
        return guess_reasons(strength.matches) or ["guessable"]
    rest = without_own_words(own, password)
    if rest == without_accents(password):
        return []
    apart = measure(rest, ())
    return [] if apart.score >= GOOD_ENOUGH_APART else ["own_words", *guess_reasons(apart.matches)]


def without_own_words(own: set[str], password: str) -> str:
    """Returns the password without personal words, forwards or backwards, the longest removed first."""
    longest_first = sorted(own | {word[::-1] for word in own}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), "", without_accents(password), flags=re.IGNORECASE)


def guess_reasons(matches: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns the reasons that zxcvbn's matches give, once each, the longest match first."""
    longest_first = sorted(matches, key=lambda match: -len(match["token"]))
    return list(dict.fromkeys(reason for match in longest_first for reason in match_reasons(match)))


def match_reasons(match: Mapping[str, Any]) -> Iterator[str]:
    reason = REASONS.get(match.get("dictionary_name", match["pattern"]))
    if reason and len(match["token"]) >= TELLING_LENGTH:
        yield reason
        if match.get("l33t"):
            yield "substitutions"
        if match.get("reversed"):
            yield "reversed"


def own_forms(phrases: Sequence[str]) -> set[str]:
    """Returns each phrase whole (joined, with hyphens, with spaces) and each of its words."""
    forms: set[str] = set()
    for phrase in phrases:
        words = re.findall(r"\w+", without_accents(phrase).lower())
        forms |= {*words, "".join(words), "-".join(words), " ".join(words)}
    return {form for form in forms if len(form) >= TELLING_LENGTH}


def own_words(account: Account, family: Family | None, town: Town) -> list[str]:
    """Returns the personal words that a password may not rely on; empty ones are left out."""
    return [word for word in (*account_words(account), *children_words(family), *town_words(town)) if word]


def account_words(account: Account) -> Iterator[str]:
    yield account.username
    yield from (account.holder.last_name, account.holder.first_name)
    yield from account.address.lines
    yield from (account.email or "", account.mobile or "", account.landline or "")


def children_words(family: Family | None) -> Iterator[str]:
    for child in family.children if family else ():
        yield from (child.first_name, child.last_name, child.school)
        yield from birthday_forms(child)


def birthday_forms(child: Child) -> Iterator[str]:
    """Yields a child's birthday as people write it: 01032018, 010318, 01/03/2018."""
    if child.born_on:
        yield from (f"{child.born_on:{form}}" for form in ("%d%m%Y", "%d%m%y", "%d/%m/%Y", "%Y"))


def town_words(town: Town) -> Iterator[str]:
    yield from (town.name, town.portal_name, town.desk.name, *town.common_words)

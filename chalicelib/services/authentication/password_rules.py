"""Whether a new password is good enough, and if not, why: keys whose French advice is in wording_passwords.

As NIST SP 800-63B has it: length, and a check against what is guessed first; neither classes of characters nor expiry,
which only teach people to write « Camille2026! ».
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.family import Child, Family
from chalicelib.domain.town_settings import Town
from chalicelib.services.authentication.password_strength import OWN_WORDS, measure, plain

SHORTEST = 12
LONGEST = 128
GOOD_ENOUGH = 3
"""Of 4: a hundred million guesses, out of reach of whoever stole the hashes."""

GOOD_ENOUGH_APART = 2
"""Of 4, for what is left without own words: zxcvbn finds any three pieces good, be they two children and a year."""

TELLING_LENGTH = 3
"""Characters: what was recognised in fewer is no help to whoever chooses."""

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
"""Dictionary or pattern of zxcvbn → why it is guessed."""


def review(password: str, *, own_words: Sequence[str]) -> list[str]:
    """Why the password is refused, the main reason first: keys of `wording_passwords.ADVICE`; none when it is accepted.

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
    return reasons


def weaknesses(password: str, own: set[str]) -> list[str]:
    """Why the password is guessed, as it stands or once one's own words are taken away; nothing when it is not."""
    strength = measure(password, own)
    if strength.score < GOOD_ENOUGH:
        return guessed_by(strength.matches) or ["guessable"]
    rest = without(own, password)
    if rest == plain(password):
        return []
    apart = measure(rest, ())
    return [] if apart.score >= GOOD_ENOUGH_APART else ["own_words", *guessed_by(apart.matches)]


def without(own: set[str], password: str) -> str:
    """What is left when one's own words, forwards or backwards, are taken away, the longest first."""
    longest_first = sorted(own | {word[::-1] for word in own}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), "", plain(password), flags=re.IGNORECASE)


def guessed_by(matches: Sequence[Mapping[str, Any]]) -> list[str]:
    """What makes a password easy, once each, the longest piece first."""
    longest_first = sorted(matches, key=lambda match: -len(match["token"]))
    return list(dict.fromkeys(reason for match in longest_first for reason in reasons_of(match)))


def reasons_of(match: Mapping[str, Any]) -> Iterator[str]:
    reason = REASONS.get(match.get("dictionary_name", match["pattern"]))
    if reason and len(match["token"]) >= TELLING_LENGTH:
        yield reason
        if match.get("l33t"):
            yield "substitutions"
        if match.get("reversed"):
            yield "reversed"


def own_forms(phrases: Sequence[str]) -> set[str]:
    """Each phrase whole, written together, with hyphens or with spaces; and each of its words."""
    forms: set[str] = set()
    for phrase in phrases:
        words = re.findall(r"\w+", plain(phrase).lower())
        forms |= {*words, "".join(words), "-".join(words), " ".join(words)}
    return {form for form in forms if len(form) >= TELLING_LENGTH}


def own_words(account: Account, family: Family | None, town: Town) -> list[str]:
    """The words a password may not lean on; empty ones are left out."""
    return [word for word in (*of_account(account), *of_children(family), *of_town(town)) if word]


def of_account(account: Account) -> Iterator[str]:
    yield account.username
    yield from (account.holder.last_name, account.holder.first_name)
    yield from account.address.lines
    yield from (account.email or "", account.mobile or "", account.landline or "")


def of_children(family: Family | None) -> Iterator[str]:
    for child in family.children if family else ():
        yield from (child.first_name, child.last_name, child.school)
        yield from dates(child)


def dates(child: Child) -> Iterator[str]:
    """A child's birthday as people write it: 01032018, 010318, 01/03/2018."""
    if child.born_on:
        yield from (f"{child.born_on:{form}}" for form in ("%d%m%Y", "%d%m%y", "%d/%m/%Y", "%Y"))


def of_town(town: Town) -> Iterator[str]:
    yield from (town.name, town.portal_name, town.desk.name, *town.common_words)

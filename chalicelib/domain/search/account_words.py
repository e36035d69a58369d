"""The words that an account is found by, and its entries in the table of the search."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.account import Account, Address
from chalicelib.domain.family import Family
from chalicelib.domain.search.folding import literal, phone_word, words_of
from chalicelib.domain.search.sounding import sound

MOST_WORD_BYTES = 500
"""Bytes of all the words of an account that each of its entries carries; those beyond are not compared there."""


class Kind(StrEnum):
    """What an account is found by."""

    HOLDER = "HOLDER"
    CHILD = "CHILD"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    FAMILY = "FAMILY"
    USERNAME = "USERNAME"
    TOWN = "TOWN"
    STREET = "STREET"
    INVOICE = "INVOICE"
    PAYMENT = "PAYMENT"


SAID = (Kind.HOLDER, Kind.CHILD)
"""Names, which are also found by their sound."""

NARROWING = (Kind.TOWN, Kind.STREET)
"""What only narrows a search down: half a town would answer by its name."""


@dataclass(frozen=True)
class Facet:
    """One thing that an account is found by: what it is, as it is shown, and its folded words."""

    kind: Kind
    shown: str
    words: tuple[str, ...]

    @property
    def sounds(self) -> frozenset[str]:
        """The sounds of a name's words; none for anything else."""
        return frozenset(sound(word) for word in self.words if self.kind in SAID) - {""}


@dataclass(frozen=True)
class AccountEntries:
    """What the table holds of an account: its entries, and the words that each of them carries."""

    family: str
    words: str
    entries: frozenset[str]


def facets_of(account: Account, family: Family | None) -> tuple[Facet, ...]:
    """Returns what the account is found by, the holder first; `family` is the one with its children."""
    return tuple(facet for facet in _facets(account, family) if facet.words)


def _facets(account: Account, family: Family | None) -> Iterator[Facet]:
    holder = account.holder
    yield Facet(Kind.HOLDER, holder.full_name, words_of(f"{holder.last_name} {holder.first_name}"))
    for child in family.children if family else ():
        name = f"{child.first_name} {child.last_name}"
        yield Facet(Kind.CHILD, name, words_of(name))
    yield Facet(Kind.FAMILY, account.family, _filled(literal(account.family)))
    yield Facet(Kind.USERNAME, account.username, _filled(literal(account.username)))
    for number in filter(None, (account.mobile, account.landline)):
        yield Facet(Kind.PHONE, number, _filled(phone_word(number)))
    if account.email:
        name = account.email.partition("@")[0]
        yield Facet(Kind.EMAIL, account.email, _filled(literal(account.email), literal(name)))
    for address in filter(None, (account.address, account.next_address)):
        yield from _of_address(address)


def _of_address(address: Address) -> Iterator[Facet]:
    yield Facet(Kind.TOWN, address.town, words_of(f"{address.town} {address.postcode}"))
    yield Facet(Kind.STREET, address.line_1, words_of(f"{address.line_1} {address.line_2}"))


def _filled(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def entries_of(account: Account, family: Family | None) -> AccountEntries:
    """Returns the account's entries: one per word that finds it, per sound of a name, and one of its family."""
    facets = facets_of(account, family)
    found = {word for facet in facets if facet.kind not in NARROWING for word in facet.words}
    sounds = {f"{SOUND}{said}" for facet in facets for said in facet.sounds}
    words = dict.fromkeys(word for facet in facets for word in facet.words)
    return AccountEntries(
        family=account.family,
        words=within(words, MOST_WORD_BYTES),
        entries=frozenset(
            {f"{word}#{account.username}" for word in found | sounds} | {family_entry(account.family, account.username)}
        ),
    )


def within(words: dict[str, None], most_bytes: int) -> str:
    """Returns the first words that fit, separated by spaces; a word that does not is left out whole."""
    kept: list[str] = []
    room = most_bytes + 1  # no space follows the last one
    for word in words:
        room -= len(word.encode()) + 1
        if room < 0:
            break
        kept.append(word)
    return " ".join(kept)


SOUND = "~"
"""Before a sound, so that no word looks like one."""


def family_entry(family: str, username: str) -> str:
    """Returns the entry that leads from a family to one of its accounts."""
    return f"{family_letters(family)}#{username}"


def family_letters(family: str) -> str:
    return f"#{family}"


def letters_of(entry: str) -> str:
    """Returns the partition of an entry: two characters of a word, three of a sound, the family of a family's."""
    if entry.startswith("#"):
        return entry.rpartition("#")[0]
    return entry[:3] if entry.startswith(SOUND) else entry[:2]

"""Reads a postcode and its country as people write them, in a form or in a file."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.country import (
    FRANCE,
    FRENCH_POSTCODE,
    MONACO,
    MONACO_POSTCODE,
    UNKNOWN,
    comparable,
    find_country,
)
from chalicelib.errors import ValueRefused

BORDER_TOWNS = Path(__file__).with_name("border_towns.csv")
"""Towns abroad where families of French towns live: country, how a postcode begins, names."""

SHAPES = {
    FRANCE: FRENCH_POSTCODE.pattern, MONACO: MONACO_POSTCODE.pattern, "AD": r"[1-7]00",
    "BE": r"[1-9]\d{3}", "CH": r"[1-9]\d{3}", "DE": r"\d{5}",
    "ES": r"\d{5}", "IT": r"\d{5}", "LI": r"94\d\d", "LU": r"\d{4}",
}  # fmt: skip
"""Country → its postcode, letters before it left out; those of other countries are not checked."""

LETTERS = {
    "F": FRANCE, "FR": FRANCE, "MC": MONACO, "AD": "AD", "B": "BE", "BE": "BE", "CH": "CH", "D": "DE", "DE": "DE",
    "E": "ES", "ES": "ES", "I": "IT", "IT": "IT", "FL": "LI", "LI": "LI", "L": "LU", "LU": "LU",
}  # fmt: skip
"""Letters written before a postcode → country."""

WRITTEN_BEFORE = {"LU": "L-", "AD": "AD"}
"""Letters that belong to the postcode in its own country: it is stored with them."""

LETTERED = re.compile(r"([A-Z]{1,2})(\d{3,5})", re.ASCII)
FOREIGN = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 -]{1,9}", re.ASCII)
LONGEST = 40
"""Signs of a postcode that are read at all."""


class Place(NamedTuple):
    """A postcode as it is stored, and the code of its country; UNKNOWN when nothing tells it."""

    postcode: str
    country: str


def read_country(typed: str) -> str:
    """Returns the code of a country from its French name or its two letters. Raises ValueRefused."""
    found = find_country(typed)
    if found is None:
        raise ValueRefused("country_unknown")
    return found


def read_place(typed: str, town: str, country: str | None) -> Place:
    """Returns the postcode `typed` beside a town, and its country.

    `country`: the code that was said with it; None when nobody said, and the postcode and the town must tell. A
    postcode of Monaco is in Monaco even where France was said: the French post sorts it, and people take it for France.
    Raises ValueRefused: « postcode_wrong », or « postcode_abroad_wrong » where another country was said.
    """
    folded = " ".join(unicodedata.normalize("NFKC", typed[: LONGEST + 1]).upper().split())
    compact = "".join(sign for sign in folded if sign not in " .-" and unicodedata.category(sign)[0] != "C")
    lettered = LETTERED.fullmatch(compact)
    written_for = LETTERS.get(lettered[1]) if lettered else None
    digits = lettered[2] if lettered and written_for else compact
    if country is None:
        country = written_for or _country_of(digits, town)
    elif country == FRANCE and MONACO_POSTCODE.fullmatch(digits):
        country = MONACO
    if country not in SHAPES:
        return _elsewhere(folded, country)
    if written_for not in (None, country) or not re.fullmatch(SHAPES[country], digits, re.ASCII):
        raise ValueRefused("postcode_wrong" if country == FRANCE else "postcode_abroad_wrong")
    return Place(WRITTEN_BEFORE.get(country, "") + digits, country)


def _country_of(digits: str, town: str) -> str:
    """Returns the country of a postcode that has no letter of one before it; UNKNOWN when its town is not listed."""
    for country, start in _border_towns().get(comparable(town), ()):
        if digits.startswith(start) and re.fullmatch(SHAPES[country], digits, re.ASCII):
            return country
    if MONACO_POSTCODE.fullmatch(digits):
        return MONACO
    return FRANCE if FRENCH_POSTCODE.fullmatch(digits) else UNKNOWN


def _elsewhere(postcode: str, country: str) -> Place:
    """Returns a postcode that no shape is known for; some countries have none."""
    if not FOREIGN.fullmatch(postcode) and not (country and not postcode):
        raise ValueRefused("postcode_abroad_wrong" if country else "postcode_wrong")
    return Place(postcode, country)


@lru_cache
def _border_towns() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Returns comparable name → (country, how a postcode begins)."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in BORDER_TOWNS.read_text("utf-8").splitlines()[1:]:
        country, start, names = line.split(";")
        for name in names.split(","):
            found[comparable(name)] = (*found.get(comparable(name), ()), (country, start))
    return found

"""Countries of postal addresses: two letters and three digits (ISO 3166-1), French name."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FRANCE = "FR"
MONACO = "MC"
UNKNOWN = ""
"""Stored where nothing tells the country: « pays à préciser »."""

COUNTRIES = Path(__file__).with_name("countries.csv")
"""In the order of French names; the overseas territories of France are not in it: their addresses are in France."""

FRENCH_POSTCODE = re.compile(r"\d{5}", re.ASCII)
MONACO_POSTCODE = re.compile(r"980\d\d", re.ASCII)
FRENCH_NUMBER = "250"
TERRITORIES = {
    "971": "312", "972": "474", "973": "254", "974": "638", "975": "666", "976": "175", "977": "652", "978": "663",
    "980": "492", "984": "260", "986": "876", "987": "258", "988": "540",
}  # fmt: skip
"""First three digits of a postcode → ISO number of what has its own beside France."""

SHARED_PREFIX = {"97133": "652", "97150": "663"}
"""Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe, of which they once were."""

OTHER_NAMES = {
    "angleterre": "GB", "ecosse": "GB", "pays de galles": "GB", "irlande du nord": "GB", "grande bretagne": "GB",
    "uk": "GB", "hollande": "NL", "principaute de monaco": MONACO, "principaute d andorre": "AD",
    "grand duche de luxembourg": "LU", "republique tcheque": "CZ", "etats unis d amerique": "US", "usa": "US",
    "rdc": "CD", "republique du congo": "CG", "vietnam": "VN", "ile maurice": "MU", "myanmar": "MM",
    "belarus": "BY", "turkiye": "TR", "france metropolitaine": FRANCE,
    "guadeloupe": FRANCE, "martinique": FRANCE, "guyane": FRANCE, "guyane francaise": FRANCE, "reunion": FRANCE,
    "la reunion": FRANCE, "mayotte": FRANCE, "saint pierre et miquelon": FRANCE, "saint barthelemy": FRANCE,
    "saint martin": FRANCE, "nouvelle caledonie": FRANCE, "polynesie francaise": FRANCE, "wallis et futuna": FRANCE,
    **dict.fromkeys(("gp", "mq", "gf", "re", "yt", "pm", "bl", "mf", "nc", "pf", "wf", "tf"), FRANCE),
}  # fmt: skip
"""Other names and codes that people write, as `comparable` returns them → code."""


class Country(NamedTuple):
    """`number`: three digits, as the bank wants it."""

    code: str
    number: str
    name: str


@lru_cache
def countries() -> Mapping[str, Country]:
    """Returns every country by its code, in the order of their French names."""
    lines = COUNTRIES.read_text("utf-8").splitlines()[1:]
    return {country.code: country for country in (Country(*line.split(";")) for line in lines)}


def country_name(code: str) -> str:
    """Returns the French name of a stored country; "" for one that is not known."""
    return countries()[code].name if code in countries() else ""


def country_number(code: str, postcode: str) -> str:
    """Returns the ISO 3166-1 number of an address: that of the overseas territory, where the postcode names one.

    An address whose country is not known has the number of France: the bank takes no address without one.
    """
    if code not in (FRANCE, UNKNOWN):
        return countries()[code].number if code in countries() else FRENCH_NUMBER
    if not FRENCH_POSTCODE.fullmatch(postcode):
        return FRENCH_NUMBER
    return SHARED_PREFIX.get(postcode) or TERRITORIES.get(postcode[:3]) or FRENCH_NUMBER


def find_country(written: str) -> str | None:
    """Returns the code of a country from its French name or its two letters, whatever the case and accents."""
    return _codes().get(comparable(written))


@lru_cache
def _codes() -> Mapping[str, str]:
    named = {comparable(country.name): country.code for country in countries().values()}
    return OTHER_NAMES | named | {code.lower(): code for code in countries()}


def comparable(name: str) -> str:
    """Returns a name in small letters, without accents, hyphens or apostrophes."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(sign if sign.isalnum() else " " for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(plain.split())

"""What 3-D Secure 2 asks about the basket and the payer: two small XML texts, in ASCII only (manual V8.0)."""

import re
import unicodedata
from xml.sax.saxutils import escape

from chalicelib.domain.account import Address, Holder

PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>'
FRANCE = "250"
NAMELESS = "Famille"
UNKNOWN = "Inconnu"
UNDECOMPOSED = str.maketrans(
    {"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l"}
    | {"ß": "ss", "ı": "i", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
"""Letters and signs that Unicode does not decompose into an ASCII one and its accent."""

FRENCH_MOBILE = re.compile(r"(?:(?:\+|00)33)?0?([67][0-9]{8})", re.ASCII)


def shopping_cart_xml() -> str:
    """PBX_SHOPPINGCART: one invoice is one article."""
    return f"{PROLOGUE}<shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>"


def billing_xml(holder: Holder, address: Address, mobile: str | None) -> str:
    """PBX_BILLING: who pays and where they live; the telephone is left out when no French mobile is known."""
    parts = [
        ("FirstName", plain(holder.first_name, 22, default=NAMELESS)),
        ("LastName", plain(holder.last_name, 22, default=NAMELESS)),
        ("Address1", plain(address.line_1, 50, default=UNKNOWN)),
        ("ZipCode", plain(address.postcode, 10, default=UNKNOWN)),
        ("City", plain(address.town, 50, default=UNKNOWN)),
        ("CountryCode", FRANCE),
    ]
    if number := french_mobile(mobile or ""):
        parts += [("CountryCodeMobilePhone", "+33"), ("MobilePhone", number)]
    elements = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)
    return f"{PROLOGUE}<Billing><Address>{elements}</Address></Billing>"


def plain(text: str, limit: int, *, default: str) -> str:
    """At most `limit` ASCII characters of a text, accents folded; the default when no letter or digit is left."""
    folded = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    ascii_only = "".join(sign for sign in folded if " " <= sign <= "~" or sign.isspace())
    short = " ".join(ascii_only.split())[:limit].rstrip()
    return short if any(sign.isalnum() for sign in short) else default


def french_mobile(number: str) -> str | None:
    """A French mobile number as its ten digits, however it was written; None for anything else."""
    found = FRENCH_MOBILE.fullmatch(re.sub(r"[\s.()/-]", "", number))
    return f"0{found[1]}" if found else None

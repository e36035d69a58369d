"""What 3-D Secure 2 asks about the basket and the payer: two small XML texts, in ASCII only (manual V8.0)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from chalicelib import formats
from chalicelib.domain.account import Address, Holder
from chalicelib.domain.payment import PAGE_LASTS, REFERENCE
from chalicelib.payment.signature import sign

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

RETOUR = "Mt:M;Ref:R;Appel:T;Trans:S;Auto:A;Erreur:E;Date:W;Pays:Y;Fin:J;Sign:K"
"""PBX_RETOUR, the variables we ask for under our names: the signature last, none whose value needs escaping."""


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


EURO = "978"
WEB_ADDRESS = re.compile(r"(?=.{1,150}$)https?://[!-~]+")
RULES = {
    "PBX_SITE": re.compile(r"[0-9]{7}"),
    "PBX_RANG": re.compile(r"[0-9]{2,3}"),
    "PBX_IDENTIFIANT": re.compile(r"[0-9]{1,9}"),
    "PBX_TOTAL": re.compile(r"(?!0+$)[0-9]{3,10}"),
    "PBX_CMD": REFERENCE,
    "PBX_PORTEUR": re.compile(r"(?=.{6,120}$)[^\s@]+@[^\s@]+"),
    "PBX_ARCHIVAGE": re.compile(r"[A-Za-z0-9]{1,12}"),
    **dict.fromkeys(("PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE", "PBX_REPONDRE_A"), WEB_ADDRESS),
}
"""What Paybox accepts of the fields that differ from one form to the next."""


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """The town's contract with its bank, as the bank wrote it, and the address of the payment page."""

    page_url: str
    site: str
    rang: str
    identifiant: str
    hmac_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    """One attempt to be paid: amount in cents, `at` the UTC instant, absolute addresses of at most 150 characters."""

    reference: str
    amount_cents: int
    receipt_email: str
    holder: Holder
    address: Address
    mobile: str | None
    return_url: str
    notice_url: str
    at: datetime


def payment_form(request: PaymentRequest, merchant: Merchant) -> list[tuple[str, str]]:
    """The hidden fields to post to `merchant.page_url`, in order, PBX_HMAC last; nothing may be added to that form.

    Raises ValueError naming a field that Paybox would refuse: a setting is wrong, or the caller did not check.
    """
    fields = [*_contract(merchant), *_payment(request), *_addresses(request), *_options(request)]
    _refuse_what_paybox_would(fields)
    return [*fields, ("PBX_HMAC", sign(fields, merchant.hmac_key))]


def archive_reference(reference: str) -> str:
    """PBX_ARCHIVAGE: the twelve first letters and digits of our reference, which the bank's files carry along."""
    return reference.replace("-", "")[:12]


def _contract(merchant: Merchant) -> list[tuple[str, str]]:
    return [
        ("PBX_SITE", merchant.site),
        ("PBX_RANG", merchant.rang),
        ("PBX_IDENTIFIANT", merchant.identifiant),
    ]


def _payment(request: PaymentRequest) -> list[tuple[str, str]]:
    return [
        ("PBX_TOTAL", f"{request.amount_cents:03d}"),
        ("PBX_DEVISE", EURO),
        ("PBX_CMD", request.reference),
        ("PBX_PORTEUR", request.receipt_email),
        ("PBX_SHOPPINGCART", shopping_cart_xml()),
        ("PBX_BILLING", billing_xml(request.holder, request.address, request.mobile)),
    ]


def _addresses(request: PaymentRequest) -> list[tuple[str, str]]:
    """One page tells every outcome; the notice comes by POST, because a query string does not reach us raw."""
    returns = ("PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE")
    return [
        ("PBX_RETOUR", RETOUR),
        *((name, request.return_url) for name in returns),
        ("PBX_REPONDRE_A", request.notice_url),
        ("PBX_RUF1", "POST"),
    ]


def _options(request: PaymentRequest) -> list[tuple[str, str]]:
    return [
        ("PBX_SOURCE", "RWD"),
        ("PBX_LANGUE", "FRA"),
        ("PBX_TYPEPAIEMENT", "CARTE"),
        ("PBX_TYPECARTE", "CB"),
        ("PBX_DISPLAY", str(int(PAGE_LASTS.total_seconds()))),
        ("PBX_ARCHIVAGE", archive_reference(request.reference)),
        ("PBX_HASH", "SHA512"),
        ("PBX_TIME", formats.iso_instant(request.at)),
    ]


def _refuse_what_paybox_would(fields: Sequence[tuple[str, str]]) -> None:
    for name, value in fields:
        # A browser posts a line break as two characters: the message would no longer be the one that was signed.
        if not value.isprintable() or (name in RULES and not RULES[name].fullmatch(value)):
            raise ValueError(f"{name} is not what Paybox accepts")

"""The form that takes a payer to Paybox: PBX fields, HMAC signature, and the 3-D Secure 2 data as XML (manual V8.0)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from chalicelib import formats
from chalicelib.contact.phone import find_phone
from chalicelib.domain.account import Address, Holder
from chalicelib.domain.country import country_number
from chalicelib.domain.payment import PAGE_LIFETIME, REFERENCE
from chalicelib.payment.signature import sign

PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>'
DEFAULT_NAME = "Famille"
DEFAULT_ADDRESS = "Inconnu"
TRANSLITERATION = str.maketrans(
    {"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l"}
    | {"ß": "ss", "ı": "i", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
"""Letters and signs that Unicode (NFKD) does not decompose into an ASCII one and its accent."""

RETOUR = "Mt:M;Ref:R;Appel:T;Trans:S;Auto:A;Erreur:E;Date:W;Pays:Y;Fin:J;Sign:K"
"""PBX_RETOUR: the variables of the notice and their names; the signature last, none whose value needs escaping."""

EURO = "978"
WEB_ADDRESS = re.compile(r"(?=.{1,150}$)https?://[!-~]+")
FIELD_PATTERNS = {
    "PBX_SITE": re.compile(r"[0-9]{7}"),
    "PBX_RANG": re.compile(r"[0-9]{2,3}"),
    "PBX_IDENTIFIANT": re.compile(r"[0-9]{1,9}"),
    "PBX_TOTAL": re.compile(r"(?!0+$)[0-9]{3,10}"),
    "PBX_CMD": REFERENCE,
    "PBX_PORTEUR": re.compile(r"(?=.{6,120}$)[^\s@]+@[^\s@]+"),
    "PBX_ARCHIVAGE": re.compile(r"[A-Za-z0-9]{1,12}"),
    **dict.fromkeys(("PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE", "PBX_REPONDRE_A"), WEB_ADDRESS),
}
"""What Paybox accepts in the fields that vary (manual V8.0)."""


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """The town's Paybox contract (site, rang, identifiant, HMAC key in hexadecimal) and the payment page's URL."""

    page_url: str
    site: str
    rang: str
    identifiant: str
    hmac_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    """A payment attempt to sign: amount in cents, `at` the UTC instant, absolute URLs of at most 150 characters.

    `articles`: the invoices that it pays.
    """

    reference: str
    amount_cents: int
    receipt_email: str
    holder: Holder
    address: Address
    mobile: str | None
    return_url: str
    notice_url: str
    at: datetime
    articles: int = 1


def payment_form(request: PaymentRequest, merchant: Merchant) -> list[tuple[str, str]]:
    """Returns the hidden fields to post to `merchant.page_url`, in order, PBX_HMAC last; no field may be added.

    Raises ValueError naming a field that Paybox would refuse: a setting is wrong, or the caller did not check.
    """
    fields = [*_contract(merchant), *_payment(request), *_addresses(request), *_options(request)]
    _check_fields(fields)
    return [*fields, ("PBX_HMAC", sign(fields, merchant.hmac_key))]


def archive_reference(reference: str) -> str:
    """Returns PBX_ARCHIVAGE: the first twelve letters and digits of the reference, repeated in the bank's files."""
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
        ("PBX_SHOPPINGCART", shopping_cart_xml(request.articles)),
        ("PBX_BILLING", billing_xml(request.holder, request.address, request.mobile)),
    ]


def _addresses(request: PaymentRequest) -> list[tuple[str, str]]:
    """One return page for every outcome; the notice comes by POST, because API Gateway decodes a query string."""
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
        ("PBX_DISPLAY", str(int(PAGE_LIFETIME.total_seconds()))),
        ("PBX_ARCHIVAGE", archive_reference(request.reference)),
        ("PBX_HASH", "SHA512"),
        ("PBX_TIME", formats.iso_instant(request.at)),
    ]


def _check_fields(fields: Sequence[tuple[str, str]]) -> None:
    for name, value in fields:
        # A browser posts a line break as two characters: the message would differ from the one that was signed.
        if not value.isprintable() or (name in FIELD_PATTERNS and not FIELD_PATTERNS[name].fullmatch(value)):
            raise ValueError(f"{name} is not what Paybox accepts")


def shopping_cart_xml(articles: int) -> str:
    """Returns PBX_SHOPPINGCART: one invoice is one article, 99 at most."""
    return f"{PROLOGUE}<shoppingcart><total><totalQuantity>{articles}</totalQuantity></total></shoppingcart>"


def billing_xml(holder: Holder, address: Address, mobile: str | None) -> str:
    """Returns PBX_BILLING: name and address of the payer, and the telephone when it is a mobile."""
    parts = [
        ("FirstName", to_ascii(holder.first_name, 22, default=DEFAULT_NAME)),
        ("LastName", to_ascii(holder.last_name, 22, default=DEFAULT_NAME)),
        ("Address1", to_ascii(address.line_1, 50, default=DEFAULT_ADDRESS)),
        ("ZipCode", to_ascii(address.postcode, 10, default=DEFAULT_ADDRESS)),
        ("City", to_ascii(address.town, 50, default=DEFAULT_ADDRESS)),
        ("CountryCode", country_number(address.country, address.postcode)),
    ]
    if found := mobile_parts(mobile or ""):
        parts += zip(("CountryCodeMobilePhone", "MobilePhone"), found, strict=True)
    elements = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)
    return f"{PROLOGUE}<Billing><Address>{elements}</Address></Billing>"


def to_ascii(text: str, limit: int, *, default: str) -> str:
    """Returns at most `limit` ASCII characters, accents removed; the default when no letter or digit is left."""
    folded = unicodedata.normalize("NFKD", text.translate(TRANSLITERATION))
    ascii_only = "".join(sign for sign in folded if " " <= sign <= "~" or sign.isspace())
    short = " ".join(ascii_only.split())[:limit].rstrip()
    return short if any(sign.isalnum() for sign in short) else default


def mobile_parts(number: str) -> tuple[str, str] | None:
    """Returns « +33 » and « 0612345678 » for a mobile, however it was written: its country's own code, then the number
    as it is dialled there. None for anything else.
    """
    found = find_phone(number)
    return (found.country_code, found.national) if found and found.mobile else None

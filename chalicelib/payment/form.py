"""The form that takes a payer to Paybox: every PBX field and, over that same list, the HMAC (manual V8.0)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib import formats
from chalicelib.domain.account import Address, Holder
from chalicelib.domain.payment import PAGE_LASTS, REFERENCE
from chalicelib.payment.billing import billing_xml, shopping_cart_xml
from chalicelib.payment.notice import RETOUR
from chalicelib.payment.signature import sign

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

"""The bank's notice (IPN, server to server): RSA signature verified over the raw bytes, then parsed; and `Bank`."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote_to_bytes, urlsplit

from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.payment import Attempt, Notice, Payer
from chalicelib.errors import NoticeRejected, NoticeTooLarge
from chalicelib.payment.form import Merchant, PaymentRequest, mobile_parts, payment_form
from chalicelib.payment.signature import is_authentic

NOTICE_PATH = "/paybox/notification"
EMAIL_LENGTHS = range(6, 121)
"""PBX_PORTEUR: the lengths of an e-mail address that Paybox accepts."""

SIGNATURE = b"&Sign="
MAX_BYTES = 8192

AMOUNT = re.compile(r"[0-9]{1,10}")
ORDER = re.compile(r".{1,250}", re.DOTALL)
CODE = re.compile(r"[0-9A-Za-z]{1,10}")
NUMBER = re.compile(r"[0-9]{1,20}")
AUTHORISATION = re.compile(r"[0-9A-Za-z]{1,20}")
COUNTRY = re.compile(r"[A-Z]{3}")
CARD_ENDING = re.compile(r"[0-9]{2}")
DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


@dataclass(frozen=True)
class Bank:
    """The bank: signs payment forms, verifies notices.

    `sources`: the IP addresses of its notices, none meaning any. `tests_accepted`: never in production.
    """

    merchant: Merchant
    public_keys: tuple[str, ...]
    sources: frozenset[str]
    tests_accepted: bool

    @property
    def page_url(self) -> str:
        return self.merchant.page_url

    @property
    def origin(self) -> str:
        """The origin of the payment page, for the CSP form-action of a page that posts to it."""
        parts = urlsplit(self.merchant.page_url)
        return f"{parts.scheme}://{parts.netloc}"

    def form(
        self, attempt: Attempt, payer: Payer, *, link: Callable[[str], str], at: datetime
    ) -> list[tuple[str, str]]:
        """Returns the signed fields to post for an attempt, in order. `link`: path of the portal → public URL.

        Raises ValueError naming a field that Paybox would refuse.
        """
        request = PaymentRequest(
            reference=attempt.reference,
            amount_cents=attempt.amount_cents,
            receipt_email=payer.email,
            holder=payer.holder,
            address=payer.address,
            mobile=payer.mobile,
            return_url=link(f"/paiements/{attempt.reference}"),
            notice_url=link(NOTICE_PATH),
            at=at,
            articles=len(attempt.parts),
        )
        return payment_form(request, self.merchant)

    def read(self, raw: bytes) -> Notice:
        """Returns the notice of a verified message; no I/O. Raises NoticeRejected and nothing else."""
        return read_notice(raw, self.public_keys, tests_accepted=self.tests_accepted)

    def is_source(self, address: str) -> bool:
        return not self.sources or address in self.sources

    @staticmethod
    def takes_email(address: str) -> bool:
        return len(address) in EMAIL_LENGTHS

    @staticmethod
    def takes_mobile(number: str | None) -> bool:
        """Whether it is a mobile: only these are sent for 3-D Secure."""
        return mobile_parts(number or "") is not None


def read_notice(raw: bytes, public_keys: Sequence[str], *, tests_accepted: bool) -> Notice:
    """Returns the notice in a POST's raw body; no I/O.

    `tests_accepted`: accept the bank's test platform, which signs with the same key; never in production.
    Raises NoticeRejected (NoticeTooLarge beyond 8 kB), and nothing else whatever the bytes are.
    """
    notice = _notice_of(_fields_of(signed_part(raw, public_keys)))
    if notice.test and not tests_accepted:
        raise NoticeRejected("test platform")
    return notice


def signed_part(raw: bytes, public_keys: Sequence[str]) -> bytes:
    """Returns the bytes before the signature, once it is verified. Raises NoticeRejected.

    The bytes are verified as received: genuine messages have raw commas and slashes beside %20, so decoding and
    encoding again would invalidate them.
    """
    if len(raw) > MAX_BYTES:
        raise NoticeTooLarge("too large")
    signed, mark, signature = raw.rpartition(SIGNATURE)
    if not mark or not signature:
        raise NoticeRejected("unsigned")
    if not is_authentic(signed, _decoded(signature), public_keys):
        raise NoticeRejected("not authentic")
    return signed


def fingerprint(raw: bytes) -> str:
    """Returns the SHA-256 of a message: its key in the table, and all that a log may show of it."""
    return hashlib.sha256(raw).hexdigest()


def _decoded(signature: bytes) -> bytes:
    try:
        return base64.b64decode(unquote_to_bytes(signature), validate=True)
    except ValueError:
        raise NoticeRejected("signature is not base64") from None


def _fields_of(signed: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in signed.split(b"&"):
        name, equals, value = (_text(piece) for piece in part.partition(b"="))
        if not equals or name in fields:
            raise NoticeRejected("fields are repeated or broken", unreadable=True)
        fields[name] = value
    return fields


def _text(piece: bytes) -> str:
    try:
        return unquote_to_bytes(piece).decode()
    except UnicodeDecodeError:
        raise NoticeRejected("not UTF-8", unreadable=True) from None


def _notice_of(fields: Mapping[str, str]) -> Notice:
    return Notice(
        reference=_required(fields, "Ref", ORDER),
        amount_cents=int(_required(fields, "Mt", AMOUNT)),
        code=_required(fields, "Erreur", CODE),
        call=bank_number(_optional(fields, "Appel", NUMBER)),
        transaction=bank_number(_optional(fields, "Trans", NUMBER)),
        authorisation=_optional(fields, "Auto", AUTHORISATION),
        card_ending=_optional(fields, "Fin", CARD_ENDING),
        country=_optional(fields, "Pays", COUNTRY),
        paid_on=_day(fields.get("Date", "")),
    )


def _required(fields: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    """Returns a field that decides about money. Raises NoticeRejected: without it the notice cannot be processed."""
    value = fields.get(name, "")
    if not shape.fullmatch(value):
        raise NoticeRejected(f"{name} is missing or misshapen", unreadable=True)
    return value


def _optional(fields: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    """Returns an informative field: absent from refusals; empty when malformed, rather than losing a payment."""
    value = fields.get(name, "")
    return value if shape.fullmatch(value) else ""


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None

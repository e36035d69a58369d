"""The bank's notice, server to server: its signature is verified over the raw bytes before anything is believed."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote_to_bytes, urlsplit

from chalicelib.domain.account import Account
from chalicelib.domain.payment import Attempt, Notice
from chalicelib.errors import NoticeRejected, NoticeTooLarge
from chalicelib.payment.form import Merchant, PaymentRequest, french_mobile, payment_form
from chalicelib.payment.signature import is_authentic

NOTICE_PATH = "/paybox/notification"
EMAIL_LENGTHS = range(6, 121)
"""PBX_PORTEUR: what Paybox takes of an address."""


@dataclass(frozen=True)
class Bank:
    """`sources`: the addresses its notices come from, none meaning any. `tests_accepted`: never in production."""

    merchant: Merchant
    public_keys: tuple[str, ...]
    sources: frozenset[str]
    tests_accepted: bool

    @property
    def page_url(self) -> str:
        return self.merchant.page_url

    @property
    def origin(self) -> str:
        """What a page that posts to the bank must name in its form-action."""
        parts = urlsplit(self.merchant.page_url)
        return f"{parts.scheme}://{parts.netloc}"

    def form(
        self, attempt: Attempt, payer: Account, *, mobile: str | None, link: Callable[[str], str], at: datetime
    ) -> list[tuple[str, str]]:
        """The signed fields to post for an attempt, in order. `link`: our path → its public address.

        Raises ValueError naming a field that Paybox would refuse.
        """
        request = PaymentRequest(
            reference=attempt.reference,
            amount_cents=attempt.amount_cents,
            receipt_email=attempt.receipt_email,
            holder=payer.holder,
            address=payer.address,
            mobile=mobile,
            return_url=link(f"/paiements/{attempt.reference}"),
            notice_url=link(NOTICE_PATH),
            at=at,
        )
        return payment_form(request, self.merchant)

    def read(self, raw: bytes) -> Notice:
        """A message verified over its raw octets, then read; no I/O. Raises NoticeRejected and nothing else."""
        return read_notice(raw, self.public_keys, tests_accepted=self.tests_accepted)

    def is_source(self, address: str) -> bool:
        return not self.sources or address in self.sources

    @staticmethod
    def takes_email(address: str) -> bool:
        return len(address) in EMAIL_LENGTHS

    @staticmethod
    def takes_mobile(number: str | None) -> bool:
        """3-D Secure knows French mobiles only, as we send them."""
        return french_mobile(number or "") is not None


SIGNATURE = b"&Sign="
MAX_BYTES = 8192

AMOUNT = re.compile(r"[0-9]{1,10}")
ORDER = re.compile(r".{1,250}", re.DOTALL)
CODE = re.compile(r"[0-9A-Za-z]{1,10}")
NUMBER = re.compile(r"[0-9A-Za-z]{1,20}")
COUNTRY = re.compile(r"[A-Z]{3}")
CARD_ENDING = re.compile(r"[0-9]{2}")
DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


def read_notice(raw: bytes, public_keys: Sequence[str], *, tests_accepted: bool) -> Notice:
    """The notice in a POST's raw body; no I/O.

    `tests_accepted`: believe the bank's test platform, which signs with the same key: never in production.
    Raises NoticeRejected (NoticeTooLarge beyond 8 kB), and nothing else whatever the bytes are.
    """
    notice = _notice_of(_fields_of(signed_part(raw, public_keys)))
    if notice.test and not tests_accepted:
        raise NoticeRejected("test platform")
    return notice


def signed_part(raw: bytes, public_keys: Sequence[str]) -> bytes:
    """What comes before the signature, once it is known to be the bank's. Raises NoticeRejected.

    The bytes are verified as they came: genuine messages hold raw commas and slashes beside %20, so decoding and
    encoding again would refuse them.
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
    """The SHA-256 of a message: what a log may say of it, and the name it is kept under."""
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
        reference=_needed(fields, "Ref", ORDER),
        amount_cents=int(_needed(fields, "Mt", AMOUNT)),
        code=_needed(fields, "Erreur", CODE),
        call=_fact(fields, "Appel", NUMBER),
        transaction=_fact(fields, "Trans", NUMBER),
        authorisation=_fact(fields, "Auto", NUMBER),
        card_ending=_fact(fields, "Fin", CARD_ENDING),
        country=_fact(fields, "Pays", COUNTRY),
        paid_on=_day(fields.get("Date", "")),
    )


def _needed(fields: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    """What decides about money: without it the message cannot be acted on."""
    value = fields.get(name, "")
    if not shape.fullmatch(value):
        raise NoticeRejected(f"{name} is missing or misshapen", unreadable=True)
    return value


def _fact(fields: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    """What is only kept and printed: absent from refusals, and no reason to lose a payment when it looks odd."""
    value = fields.get(name, "")
    return value if shape.fullmatch(value) else ""


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None

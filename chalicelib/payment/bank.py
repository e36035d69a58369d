"""The town's bank, as its contract and its settings make it: the form that goes out, the message that comes in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.domain.account import Account
from chalicelib.domain.payment import Attempt, Notice
from chalicelib.payment.billing import french_mobile
from chalicelib.payment.form import Merchant, PaymentRequest, payment_form
from chalicelib.payment.notice import read_notice

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

"""The link that pays one invoice without signing in: /payer/{jeton}, in its mail and as the QR code of its document.

The token is the invoice's number and a truncated HMAC of it: nothing is stored, every link can be made again, and
rotating the key keeps those of the older one valid. It shows the invoice's balance and lets anybody pay it; it gives
no access to the account.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.errors import NotFound
from chalicelib.services.authentication.counts import payment_link_count
from chalicelib.services.authentication.hashing import keyed_hash
from chalicelib.store.attempts import AttemptStore, CountingRule
from chalicelib.stores import Stores

PURPOSE = "payer"
MAC_BYTES = 16
"""128 bits: as hard to guess as a key."""

TOKEN = re.compile(r"([A-Za-z0-9_-]{1,20})\.([A-Za-z0-9_-]{22})", re.ASCII)
"""The invoice's number, then its MAC in base64url."""

NO_NUMBER = "?"
"""A number that no invoice has: a malformed token is answered as slowly as a wrong one."""

TRIES_AN_HOUR = 60
"""Wrong links and payments started by one source address, of a town hall or of a mobile network as of a home."""

AN_HOUR = CountingRule(lasts=timedelta(hours=1), sliding=False)


@dataclass(frozen=True)
class LinkedInvoice:
    """The invoice of a link, and its account."""

    invoice: Invoice
    account: Account


def payment_path(invoice: Invoice, *, key: bytes) -> str:
    """Returns the path of the page that pays this invoice."""
    return f"/{PURPOSE}/{invoice.number}.{_mac(invoice.username, invoice.number, key)}"


def find_linked_invoice(token: str, *, keys: Sequence[bytes], stores: Stores) -> LinkedInvoice:
    """Returns the invoice of a token signed by one of the keys, in two round trips.

    Raises NotFound for any other token, and when the invoice is not shown to its family or its account was erased.
    """
    parsed = TOKEN.fullmatch(token)
    number, mac = (parsed[1], parsed[2]) if parsed else (NO_NUMBER, "")
    owner = stores.invoices.owner(number)
    if owner is None or not any(compare_digest(mac, _mac(owner, number, key)) for key in keys):
        raise NotFound
    invoice, account = _read(owner, number, stores)
    if invoice is None or account is None or not invoice.visible:
        raise NotFound
    return LinkedInvoice(invoice, account)


def within_limit(source: str, *, attempts: AttemptStore, now: datetime) -> bool:
    """Count one more wrong link or started payment of this source address. Returns False beyond the hour's limit."""
    return attempts.reserve(payment_link_count(source), now=now, below=TRIES_AN_HOUR, rule=AN_HOUR) is not None


def _read(username: str, number: str, stores: Stores) -> tuple[Invoice | None, Account | None]:
    invoice, account = stores.invoices.find_with(username, number, stores.accounts.batch_key(username))
    return invoice, stores.accounts.read(account)


def _mac(username: str, number: str, key: bytes) -> str:
    """Keyed to the account too: a number that is given to another family's invoice makes another link."""
    mac = bytes.fromhex(keyed_hash(key, PURPOSE, username, number))[:MAC_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")

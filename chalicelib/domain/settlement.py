"""Settlements (*règlements*) outside the portal: at the counter, by cheque, by transfer or by direct debit.

What agents type (a payment method, a reference) is compared in two ways. Keys of the ledger are stored from both: each
must be computed the same for ever.
"""

import hashlib
import unicodedata
from datetime import date

from chalicelib.domain.models import Model


class Settlement(Model):
    """One line of the file *règlements*: cents received for an invoice, on a day; `means` is the payment method."""

    received_on: date
    number: str
    amount_cents: int
    means: str
    reference: str = ""

    @property
    def key(self) -> str:
        """The idempotency key: a hash of the line, « CHQ 12 » and « chq 12 » being the same, but not « CHQ12 »."""
        content = "\0".join((fold_case(self.means), fold_case(self.reference), str(self.amount_cents)))
        return f"other#{self.received_on}#{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def fold_case(typed: str) -> str:
    """Returns the text without differences of case or of Unicode form (NFKC); accents, spaces and signs still count.

    For a line of a file: two settlements that only a space distinguishes are two.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())


def fold_to_letters(typed: str) -> str:
    """Returns letters and digits only, of any script, lower case and without accents; nothing else counts.

    For what an agent types by hand: « Espèces, R 1 » and « especes, r1 » are the same.
    """
    letters = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(letter for letter in letters if letter.isalnum())

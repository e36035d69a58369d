"""Settlements (*règlements*) outside the portal: at the counter, by cheque, by transfer or by direct debit.

What agents type is compared folded: a reference by `fold_reference`, a payment method by `fold_to_letters`. Keys of the
ledger are stored from both, but two settlements are compared by their fields: keys made by earlier versions differ.
"""

import hashlib
import re
import unicodedata
from datetime import date

from chalicelib.domain.models import Model

DASHES = re.compile(r"[\s\u2010-\u2015\u2212\u00ad_-]+")
LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class Settlement(Model):
    """One line of the file *règlements*, or one typed at the counter: cents received for an invoice, on a day.

    A negative amount takes a settlement back. `means` is the payment method, `payer` who paid (*émetteur*).
    """

    received_on: date
    number: str
    amount_cents: int
    means: str
    reference: str = ""
    payer: str = ""

    def key(self, nth: int = 1) -> str:
        """Returns the ledger's key: a hash of what identifies it. `nth`: of those of the day without reference."""
        content = "\0".join((fold_reference(self.reference), str(self.amount_cents)))
        alike = f"#{nth}" if nth > 1 else ""
        return f"settled#{self.received_on}#{hashlib.sha256(content.encode()).hexdigest()[:24]}{alike}"


def fold_reference(typed: str) -> str:
    """Returns the reference without differences of case, accents, spaces, dashes and leading zeros.

    « CHQ 0012345 », « chq-12345 » are the same; « 12/3 » and « 123 » are not.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", typed).casefold())
    without_accents = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return LEADING_ZEROS.sub("", DASHES.sub("", without_accents))


def fold_to_letters(typed: str) -> str:
    """Returns letters and digits only, of any script, lower case and without accents; nothing else counts.

    For what an agent types by hand: « Espèces, R 1 » and « especes, r1 » are the same.
    """
    letters = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(letter for letter in letters if letter.isalnum())

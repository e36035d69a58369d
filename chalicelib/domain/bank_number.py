"""The bank's transaction and call numbers: whatever writes them, their digits alone say which operation they name."""

import re

MAX_DIGITS = 20
WRITTEN_OUT = re.compile(r"([0-9]+(?:\s+[0-9]+)*)(?:[.,]0{1,2})?")
"""Digits, in groups or not, and the decimals that a spreadsheet adds to a whole number."""


def whole_number(written: str) -> str | None:
    """Returns the digits without leading zeros: « 0810 000 001,00 » is « 810000001 », zero and an empty text are "".

    None when it is no whole number written out in digits: « 8,1E+08 » has lost those that told it from another.
    """
    found = WRITTEN_OUT.fullmatch(written.strip())
    if found is None:
        return None if written.strip() else ""
    digits = "".join(found[1].split()).lstrip("0")
    return digits if len(digits) <= MAX_DIGITS else None


def bank_number(written: str) -> str:
    """Returns the digits of a number of the bank; "" when it has none, or none that could be read."""
    return whole_number(written) or ""

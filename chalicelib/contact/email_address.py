"""Reads an e-mail address as people type it, in a form or in a file, into the form that mails are sent to."""

import re
import unicodedata

from chalicelib.errors import ValueRefused

LINE_BREAK_CATEGORIES = {"Cc", "Zl", "Zp"}
"""Unicode's categories of control characters and of separators of lines and paragraphs."""

MAX_LENGTH = 254
LONGEST = 1000
"""Signs that are read at all, whatever they are."""

DELIVERABLE = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
"""Addresses that our mails can be sent to."""

AROUND_AT = re.compile(r" ?@ ?")


def read_email(typed: str) -> str:
    """Returns the address in lower case, its domain in ASCII (IDNA), as mails are sent to it.

    No mail system in use distinguishes « Camille@ » from « camille@ », and two spellings must not be two addresses.
    Invisible characters, spaces beside the « @ » and the full stop that a telephone adds are removed; a space
    elsewhere is refused: without it, two words would be an address that nobody typed.
    Raises ValueRefused: « email_control » for a line break inside, « email_several », « email_wrong ».
    """
    from email_validator import EmailNotValidError, validate_email  # no other page's cold start waits for it

    if len(typed) > LONGEST:
        raise ValueRefused("email_wrong")
    if has_line_break(typed):
        raise ValueRefused("email_control")
    text = _cleaned(typed)
    if text.count("@") > 1:
        raise ValueRefused("email_several")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueRefused("email_wrong") from None
    address = (found.ascii_email or "").lower()
    if len(address) > MAX_LENGTH or not DELIVERABLE.fullmatch(address):
        raise ValueRefused("email_wrong")
    return address


def find_email(typed: str) -> str | None:
    """Returns the same; None where it raises."""
    try:
        return read_email(typed)
    except ValueRefused:
        return None


def has_line_break(typed: str) -> bool:
    """A new line or control character inside: removing it would join two parts into an address that nobody typed."""
    return any(unicodedata.category(sign) in LINE_BREAK_CATEGORIES for sign in typed.strip())


def _cleaned(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", typed)
    spaced = "".join(" " if unicodedata.category(sign)[0] == "Z" else sign for sign in folded)
    visible = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    text = AROUND_AT.sub("@", " ".join(visible.split()))
    return text.removeprefix("mailto:").removesuffix(".").strip()

"""Parses e-mail addresses as people type them, and suggests a correction of a mistyped domain."""

import re
import unicodedata

COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr", "yahoo.com", "yahoo.fr",
    "icloud.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "numericable.fr",
)  # fmt: skip
"""The mail providers of nearly all French families."""

OTHER_REAL_DOMAINS = {
    "aol.com", "aol.fr", "gmx.com", "gmx.fr", "hotmail.be", "hotmail.ch", "live.be", "live.com", "mail.com", "me.com",
    "orange.com", "outlook.be", "yahoo.com", "ymail.com",
}  # fmt: skip
"""Real domains that resemble the common ones: no correction is suggested."""

LINE_BREAK_CATEGORIES = {"Cc", "Zl", "Zp"}
"""Unicode's categories of control characters and of separators of lines and paragraphs."""

MAX_EDITS = 2
MAX_LENGTH = 254
DELIVERABLE = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
"""Addresses that our mails can be sent to."""


def read_email(typed: str) -> str | None:
    """Returns the address in lower case, its domain in ASCII; None unless it is exactly one address, on one line.

    `typed`: the raw field; spaces, invisible characters and the full stop that a telephone adds are removed.
    No mail system in use distinguishes « Camille@ » from « camille@ », and two spellings must not be two addresses.
    """
    from email_validator import EmailNotValidError, validate_email  # no other page's cold start waits for it

    if has_line_break(typed):
        return None
    try:
        found = validate_email(strip_invisible(typed), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    address = (found.ascii_email or "").lower()
    return address if len(address) <= MAX_LENGTH and DELIVERABLE.fullmatch(address) else None


def has_line_break(typed: str) -> bool:
    """A new line or control character inside: removing it would join two parts into an address that nobody typed."""
    return any(unicodedata.category(sign) in LINE_BREAK_CATEGORIES for sign in typed.strip())


def strip_invisible(typed: str) -> str:
    visible = (sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign)[0] not in "CZ")
    return "".join(visible).removeprefix("mailto:").removesuffix(".")


def suggest_domain(email: str) -> str | None:
    """Returns « gmail.com » for « camille@gmial.com »; None when the domain is real, or resembles no common one."""
    domain = email.rpartition("@")[2]
    if domain in COMMON_DOMAINS or domain in OTHER_REAL_DOMAINS:
        return None
    same_name = [common for common in COMMON_DOMAINS if common.split(".")[0] == domain.split(".")[0]]
    if same_name:
        return min(same_name, key=lambda common: edit_distance(domain, common))
    nearest = min(COMMON_DOMAINS, key=lambda common: edit_distance(domain, common))
    few = MAX_EDITS if len(nearest) > len("free.fr") else 1
    return nearest if edit_distance(domain, nearest) <= few else None


def edit_distance(one: str, other: str) -> int:
    """Returns the Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, changes, swaps."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, sign in enumerate(one, 1):
        oldest, before, row = before, row, [n]
        for m, wanted in enumerate(other, 1):
            cost = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (sign != wanted))
            if oldest and m > 1 and sign == other[m - 2] and one[n - 2] == wanted:
                cost = min(cost, oldest[m - 2] + 1)
            row.append(cost)
    return row[-1]

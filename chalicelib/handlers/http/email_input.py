"""E-mail addresses as people type them: one address, in lower case, and a guess at the domain they meant."""

import re
import unicodedata

COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr", "yahoo.com", "yahoo.fr",
    "icloud.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "numericable.fr",
)  # fmt: skip
"""Where nearly all French families have their letterbox."""

ALSO_REAL = {
    "aol.com", "aol.fr", "gmx.com", "gmx.fr", "hotmail.be", "hotmail.ch", "live.be", "live.com", "mail.com", "me.com",
    "orange.com", "outlook.be", "yahoo.com", "ymail.com",
}  # fmt: skip
"""Real neighbours of the common ones: nothing to suggest."""

BREAKS = {"Cc", "Zl", "Zp"}
"""Unicode's categories of control characters and of separators of lines and paragraphs."""

MOST_EDITS = 2
LONGEST = 254
ARRIVES = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
"""What our mails can be addressed to."""


def read_email(typed: str) -> str | None:
    """The address in lower case, its domain in ASCII; None when it is not exactly one address, on one line.

    In: the field as it was typed; its spaces, invisible signs and the full stop that a telephone adds are forgiven.
    No mail system in use tells « Camille@ » from « camille@ », and two writings must not be two addresses.
    """
    from email_validator import EmailNotValidError, validate_email  # no other page's cold start waits for it

    if has_break(typed):
        return None
    try:
        found = validate_email(bare(typed), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    address = (found.ascii_email or "").lower()
    return address if len(address) <= LONGEST and ARRIVES.fullmatch(address) else None


def has_break(typed: str) -> bool:
    """A new line or a control character inside: its two sides joined would be an address that nobody wrote."""
    return any(unicodedata.category(sign) in BREAKS for sign in typed.strip())


def bare(typed: str) -> str:
    shown = (sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign)[0] not in "CZ")
    return "".join(shown).removeprefix("mailto:").removesuffix(".")


def suggest_domain(email: str) -> str | None:
    """« gmail.com » for « camille@gmial.com »: the common domain it nearly is; None when it is one, or like none."""
    domain = email.rpartition("@")[2]
    if domain in COMMON_DOMAINS or domain in ALSO_REAL:
        return None
    same_name = [common for common in COMMON_DOMAINS if common.split(".")[0] == domain.split(".")[0]]
    if same_name:
        return min(same_name, key=lambda common: edits(domain, common))
    nearest = min(COMMON_DOMAINS, key=lambda common: edits(domain, common))
    few = MOST_EDITS if len(nearest) > len("free.fr") else 1
    return nearest if edits(domain, nearest) <= few else None


def edits(one: str, other: str) -> int:
    """How many letters to add, drop, change, or swap with their neighbour, to make one text of the other."""
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

"""Suggests a correction of a mistyped domain in an e-mail address; `chalicelib.contact` reads the address."""

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

MAX_EDITS = 2


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

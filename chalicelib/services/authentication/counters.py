"""What is counted, in words; it is kept under keyed hashes, which tell nobody's identifier, address or e-mail."""

from collections.abc import Callable, Sequence
from datetime import date

from chalicelib.domain.sign_in import Count
from chalicelib.services.authentication.tokens import keyed


def names_under(keys: Sequence[bytes]) -> Callable[[Count], list[str]]:
    """The hashes under which a count may be kept, one a generation of the key, the current one first."""
    return lambda count: [keyed(key, *count) for key in keys]


def account_count(username: str) -> Count:
    """Failed sign-ins of an account, known or not."""
    return "account", username


def device_count(username: str, device: str) -> Count:
    """Failed sign-ins from a browser that signed in to this account before."""
    return "device", username, device


def unlocking(username: str) -> Count:
    """The desk's last unlocking of an account, which no count outlives."""
    return "unlocking", username


def source_count(source: str) -> Count:
    """Failed sign-ins from an address, whatever the account."""
    return "source", source


def old_password_count(username: str) -> Count:
    """Wrong *ancien mot de passe* of a family that is signed in: the sign-in's own count is left alone."""
    return "old-password", username


def reminder_count(email: str) -> Count:
    """Mails of forgotten identifiers to an address."""
    return "reminder", email


def quota_count(what: str, username: str, day: date) -> Count:
    """What an account asked for in a day of the town's."""
    return "quota", what, username, day.isoformat()

"""What is counted, and for how long: failed tries of an account, a source address, a known device; mails, requests.

Callers name a count in words; it is stored under a keyed hash of them, which reveals no identifier, address or e-mail.
"""

from collections.abc import Callable, Sequence
from datetime import date

from chalicelib.domain.sign_in import LOCK_DURATION, SOURCE_WINDOW, Count
from chalicelib.services.authentication.hashing import keyed_hash
from chalicelib.store.attempts import CountingRule

ACCOUNT_RULE = CountingRule(lasts=LOCK_DURATION, sliding=True)
SOURCE_RULE = CountingRule(lasts=SOURCE_WINDOW, sliding=False)


def account_count(username: str) -> Count:
    """Returns the key that counts failed sign-ins of an account, known or not."""
    return "account", username


def source_count(source: str) -> Count:
    """Returns the key that counts failed sign-ins from an IP address, whatever the account."""
    return "source", source


def device_count(username: str, device: str) -> Count:
    """Returns the key that counts failed sign-ins from a browser that signed in to this account before."""
    return "device", username, device


def device_lock_count(username: str) -> Count:
    """Returns the key that records the last locking of any of the account's known devices, whose names are unknown."""
    return "device-lock", username


def is_device_count(count: Count) -> bool:
    return count[0] == "device"


def unlock_count(username: str) -> Count:
    """Returns the key that records the office's last unlocking of an account."""
    return "unlocking", username


def unlocked_since_count() -> Count:
    """Returns the key that records the office's last unlocking of every account."""
    return ("unlocked-since",)


def town_captcha_count() -> Count:
    """Returns the key that records when the whole town last had too many failures: new browsers meet the captcha."""
    return ("town-captcha",)


def town_failures_count(minute: int, shard: int) -> Count:
    """Returns the key that counts a share of the town's failures in a minute (Unix time, in minutes)."""
    return "town-failures", str(minute), str(shard)


def old_password_count(username: str) -> Count:
    """Returns the key that counts wrong *ancien mot de passe* while signed in, apart from the sign-in's own count."""
    return "old-password", username


def reminder_count(email: str) -> Count:
    """Returns the key that counts « Vos identifiants » mails to an e-mail address."""
    return "reminder", email


def quota_count(what: str, username: str, day: date) -> Count:
    """Returns the key that counts what an account requested in a day (Europe/Paris)."""
    return "quota", what, username, day.isoformat()


def payment_link_count(source: str) -> Count:
    """Returns the key that counts wrong payment links, and payments started by one, of a source address."""
    return "payment-link", source


def count_hashes(keys: Sequence[bytes]) -> Callable[[Count], list[str]]:
    """Returns a function: count → the hashes it may be stored under, one per generation of the key, current first."""
    return lambda count: [keyed_hash(key, *count) for key in keys]

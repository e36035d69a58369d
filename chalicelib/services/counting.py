"""Under which keyed hash each thing is counted: what is stored tells nobody's identifier, address or e-mail."""

from chalicelib.services.tokens import keyed


def account_count(username: str, *, key: bytes) -> str:
    """Failed sign-ins of an account, known or not."""
    return keyed(key, "account", username)


def device_count(username: str, device: str, *, key: bytes) -> str:
    """Failed sign-ins from a browser that signed in to this account before."""
    return keyed(key, "device", username, device)


def unlocking(username: str, *, key: bytes) -> str:
    """The desk's last unlocking of an account, which no count outlives."""
    return keyed(key, "unlocking", username)


def source_count(source: str, *, key: bytes) -> str:
    """Failed sign-ins from an address, whatever the account."""
    return keyed(key, "source", source)


def old_password_count(username: str, *, key: bytes) -> str:
    """Wrong *ancien mot de passe* of a family that is signed in: the sign-in's own count is left alone."""
    return keyed(key, "old-password", username)


def reminder_count(email: str, *, key: bytes) -> str:
    """Mails of forgotten identifiers to an address."""
    return keyed(key, "reminder", email)

"""One line of an account's journal."""

from datetime import datetime

from chalicelib.domain.models import Model

FAMILY = "famille"
"""Who acted, when it is not an agent of the town."""


class Entry(Model):
    """`event` is a key of the wording (`signed_in`, `password_changed`…); `by` is the family or an agent's name."""

    username: str
    event: str
    at: datetime
    by: str
    detail: str = ""

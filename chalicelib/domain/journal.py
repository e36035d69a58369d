"""An account's journal (audit trail): one entry per action."""

from datetime import datetime

from chalicelib.domain.models import Model

FAMILY = "famille"
"""`by` of an entry when the family acted, not an agent of the town."""


class Entry(Model):
    """`event` is a key of the wording (`signed_in`, `password_changed`…); `by` is the family or an agent's name."""

    username: str
    event: str
    at: datetime
    by: str
    detail: str = ""

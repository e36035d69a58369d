"""A one-time, short-lived right: to answer a captcha, to choose a new password, to confirm an address."""

from datetime import datetime, timedelta

from pydantic import Field

from chalicelib.domain.models import Model

CAPTCHA = "captcha"
CAPTCHA_LASTS = timedelta(minutes=10)

RESET_LINK = "mot-de-passe"
ACTIVATION = "activation"
LINK_LASTS = timedelta(minutes=30)
"""To choose a password: by a mailed link, or after an activation code was proved."""


class Ticket(Model):
    """`holder` is whom it is bound to (a visitor's hash, a username); `payload` is what it is about."""

    kind: str
    holder: str
    payload: dict[str, str] = Field(default_factory=dict)
    ends_at: datetime

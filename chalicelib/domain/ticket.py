"""One-time tokens (tickets): captcha challenges, password links, confirmations of an e-mail address."""

from datetime import datetime, timedelta

from pydantic import Field

from chalicelib.domain.models import Model

CAPTCHA = "captcha"
CAPTCHA_LIFETIME = timedelta(minutes=10)

RESET_LINK = "mot-de-passe"
ACTIVATION = "activation"
LINK_LIFETIME = timedelta(minutes=30)
"""Time to choose a password: by a mailed link, or after the activation code was entered."""


class Ticket(Model):
    """`holder` is whom it is bound to (a visitor's hash, a username); `payload` is its data."""

    kind: str
    holder: str
    payload: dict[str, str] = Field(default_factory=dict)
    ends_at: datetime

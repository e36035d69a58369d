"""One-time tokens (tickets): captchas, password links, confirmations of an e-mail address, submitted forms."""

from datetime import datetime, timedelta

from pydantic import Field

from chalicelib.domain.models import Model

CAPTCHA = "captcha"
CAPTCHA_LIFETIME = timedelta(minutes=10)

RESET_LINK = "mot-de-passe"
ACTIVATION = "activation"
LINK_LIFETIME = timedelta(minutes=30)
"""Time to choose a password: by a mailed link, or after the activation code was entered."""


SUBMISSION = "formulaire"
SUBMISSION_LEASE = timedelta(seconds=30)
"""The longest that one submission may take, as API Gateway's requests: after it, a repeated one is done."""

SUBMISSION_LIFETIME = timedelta(hours=24)
"""Time during which the same form, sent again, leads to the page of the first time."""


CONTENT, OUTCOME = "content", "outcome"
"""Payload of a submitted form: the hash of what it held, and, once it is done, where it leads."""


class Ticket(Model):
    """`holder` is whom it is bound to (a visitor's hash, a username); `payload` is its data."""

    kind: str
    holder: str
    payload: dict[str, str] = Field(default_factory=dict)
    ends_at: datetime

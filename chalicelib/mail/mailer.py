"""Sending of e-mails through SES, one recipient each; errors classified: refused, not sent, or unknown."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)

from chalicelib.errors import MailRefused, MailThrottled, Unavailable
from chalicelib.mail.message import Message, assemble

REFUSED = {"MessageRejected", "BadRequestException", "InvalidParameterValue"}
"""SES errors about the mail itself; its other errors are about the sender, its rate or its rights."""

SENDER_NOT_VERIFIED = "not verified"
"""In SES's error message when the sender is not verified, or in the sandbox: the mail is not at fault."""

NOT_SENT_ERRORS = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)


class Mailer:
    """Sends the town's mails. Its client must not retry: SES does not deduplicate.

    `sender` and `reply_to` are whole header values: « Portail Famille <portail@example.org> », encoded if needed.
    """

    def __init__(
        self,
        client: Any,
        *,
        sender: str,
        reply_to: str,
        configuration_set: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._sender = sender
        self._reply_to = reply_to
        self._options: dict[str, Any] = {"ConfigurationSetName": configuration_set} if configuration_set else {}
        self._clock = clock

    def send(self, message: Message, *, tag: str = "") -> str:
        """Send once; returns SES's MessageId. `tag` (A-Z a-z 0-9 _ -) comes back in SES's events.

        Raises MailRefused (permanent), MailThrottled (nothing was sent), or Unavailable when unknown: the mail may have
        been accepted.
        """
        raw = assemble(message, sender=self._sender, reply_to=self._reply_to, sent_at=self._clock())
        tags: dict[str, Any] = {"EmailTags": [{"Name": "reference", "Value": tag}]} if tag else {}
        try:
            response = self._client.send_email(
                Destination={"ToAddresses": [message.to]}, Content={"Raw": {"Data": raw}}, **tags, **self._options
            )
        except (BotoCoreError, ClientError) as failure:
            raise classify_failure(failure) from failure
        return str(response["MessageId"])


def classify_failure(failure: BotoCoreError | ClientError) -> Unavailable:
    """Returns the error to raise: the mail is refused for good, certainly not sent, or unknown."""
    if isinstance(failure, NOT_SENT_ERRORS):
        return MailThrottled("SES out of reach")
    if not isinstance(failure, ClientError):
        return Unavailable("SES")
    code = failure.response["Error"]["Code"]
    if code in REFUSED and SENDER_NOT_VERIFIED not in failure.response["Error"].get("Message", ""):
        return MailRefused(code)
    status = failure.response["ResponseMetadata"]["HTTPStatusCode"]
    return MailThrottled(code) if 400 <= status < 500 else Unavailable(f"SES {code}")

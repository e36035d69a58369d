"""Mails leave through SES, one recipient each; what fails is sorted by what may have become of the mail."""

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
"""What SES answers about the mail itself; its other refusals are about the sender, its rate or its rights."""

UNVERIFIED = "not verified"
"""In SES's refusal when it does not let the town's own address send, or in its sandbox: no mail is at fault."""

NEVER_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)


class Mailer:
    """The town's way out. Its client must not retry: SES cannot tell a mail sent again from a new one.

    `sender` and `reply_to` are whole headers: « Portail Famille <portail@example.org> », encoded where need be.
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
        """Send once; answers SES's identifier of the mail. `tag` (A-Z a-z 0-9 _ -) comes back in SES's events.

        Raises MailRefused (never again), MailThrottled (nothing was sent), or Unavailable when no one can tell: the
        mail may have been accepted.
        """
        raw = assemble(message, sender=self._sender, reply_to=self._reply_to, sent_at=self._clock())
        tags: dict[str, Any] = {"EmailTags": [{"Name": "reference", "Value": tag}]} if tag else {}
        try:
            answer = self._client.send_email(
                Destination={"ToAddresses": [message.to]}, Content={"Raw": {"Data": raw}}, **tags, **self._options
            )
        except (BotoCoreError, ClientError) as failure:
            raise sorted_out(failure) from failure
        return str(answer["MessageId"])


def sorted_out(failure: BotoCoreError | ClientError) -> Unavailable:
    """What the failure says of the mail: refused for good, surely not sent, or nobody knows."""
    if isinstance(failure, NEVER_REACHED):
        return MailThrottled("SES out of reach")
    if not isinstance(failure, ClientError):
        return Unavailable("SES")
    code = failure.response["Error"]["Code"]
    if code in REFUSED and UNVERIFIED not in failure.response["Error"].get("Message", ""):
        return MailRefused(code)
    status = failure.response["ResponseMetadata"]["HTTPStatusCode"]
    return MailThrottled(code) if 400 <= status < 500 else Unavailable(f"SES {code}")

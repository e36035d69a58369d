"""Parses mails from SES API requests, version 1 (form-encoded) or 2 (JSON), raw or simple."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qs

from local.mailbox.postbox import Attachment, Mail

V2_PATH = "/v2/email/outbound-emails"


@dataclass(frozen=True)
class SendRequest:
    """A mail in a request to SES: the envelope's addressees (empty: those of the headers), the message, its tags."""

    to: tuple[str, ...]
    message: EmailMessage
    tags: dict[str, list[str]] = field(default_factory=dict)


def parse_ses_v2(body: bytes) -> SendRequest | None:
    """Returns the mail of a `sesv2` SendEmail; None for what the mailbox does not show (templates)."""
    request: dict[str, Any] = json.loads(body)
    destination = request.get("Destination", {})
    to = tuple(address for kind in ("To", "Cc", "Bcc") for address in destination.get(f"{kind}Addresses", ()))
    content = request["Content"]
    if "Raw" in content:
        tags = {one["Name"]: [one["Value"]] for one in request.get("EmailTags", ())}
        return replace(raw_request(to, content["Raw"]["Data"]), tags=tags)
    if "Simple" not in content:
        return None
    simple = content["Simple"]
    parts = {kind: part["Data"] for kind, part in simple["Body"].items()}
    message = compose_message(request.get("FromEmailAddress", ""), to, simple["Subject"]["Data"], parts)
    for file in simple.get("Attachments", ()):
        attach(message, file)
    return SendRequest(to, message)


def parse_ses_v1(body: bytes) -> SendRequest | None:
    """Returns the mail of an `ses` SendEmail or SendRawEmail; None for any other action."""
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    if form.get("Action") == "SendRawEmail":
        return raw_request(list_members(form, "Destinations."), form["RawMessage.Data"])
    if form.get("Action") != "SendEmail":
        return None
    to = list_members(form, "Destination.")
    parts = {
        kind: form[f"Message.Body.{kind}.Data"] for kind in ("Text", "Html") if f"Message.Body.{kind}.Data" in form
    }
    return SendRequest(to, compose_message(form["Source"], to, form["Message.Subject.Data"], parts))


def list_members(form: Mapping[str, str], prefix: str) -> tuple[str, ...]:
    """Returns the values of a list of AWS's query API: `Destinations.member.1`, `…2`."""
    return tuple(value for name, value in form.items() if name.startswith(prefix) and ".member." in name)


def raw_request(to: tuple[str, ...], data: str) -> SendRequest:
    return SendRequest(to, message_from_bytes(base64.b64decode(data), policy=SMTP))


def compose_message(sender: str, to: Iterable[str], subject: str, parts: Mapping[str, str]) -> EmailMessage:
    """Returns a message built from its parts (`Text`, `Html`), as SES does."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
    message.set_content(parts.get("Text", ""))
    if "Html" in parts:
        message.add_alternative(parts["Html"], subtype="html")
    return message


def attach(message: EmailMessage, file: Mapping[str, str]) -> None:
    main, _, sub = file.get("ContentType", "application/octet-stream").partition("/")
    message.add_attachment(
        base64.b64decode(file["RawContent"]), maintype=main, subtype=sub, filename=file.get("FileName", "")
    )


def received_mail(request: SendRequest, mail_id: str, sent_at: datetime) -> Mail:
    """Returns the mail as the mailbox stores it: decoded headers, bare addresses, both bodies and attachments."""
    message = request.message
    return Mail(
        id=mail_id,
        to=bare_addresses(request.to or message.get_all("To", ())),
        sender=", ".join(bare_addresses(message.get_all("From", ()))),
        subject=str(message.get("Subject", "")),
        sent_at=sent_at,
        text=body(message, "plain"),
        html=body(message, "html"),
        attachments=tuple(attachment(part) for part in message.iter_attachments()),
    )


def bare_addresses(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(address for _, address in getaddresses([str(one) for one in addresses]) if address)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def attachment(part: Any) -> Attachment:
    content = part.get_payload(decode=True) or b""
    return Attachment(part.get_filename() or "sans-nom", part.get_content_type(), content)

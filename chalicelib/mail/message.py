"""An e-mail message and its MIME bytes: text, HTML, attachments; headers are checked against injection."""

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from chalicelib.errors import MailRefused

ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""One plain address: no display name, no quotes, no list, no line break (header injection)."""

LONGEST_ADDRESS = 254
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
SAFE_FILENAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
CRLF = b"\r\n"
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Attachment:
    """An attachment; `filename` is ASCII."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """A message; `text` and `html` are complete alternatives, `to` is one address."""

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def assemble(message: Message, *, sender: str, reply_to: str, sent_at: datetime) -> bytes:
    """Returns the mail's MIME bytes; SES adds the Message-ID. `sender` and `reply_to` are headers, already encoded.

    Raises MailRefused for an invalid address or subject, ValueError for an invalid file name.
    """
    if not ONE_ADDRESS.fullmatch(message.to) or len(message.to) > LONGEST_ADDRESS:
        raise MailRefused("address")
    if not message.subject or CONTROLS.search(message.subject):
        raise MailRefused("subject")
    envelope = (
        ("From", sender),
        ("To", message.to),
        ("Reply-To", reply_to),
        ("Subject", Header(message.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")),
        ("Date", format_datetime(sent_at)),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
    )
    body = multipart("alternative", [text_part("plain", message.text), text_part("html", message.html)])
    return header_lines(envelope) + multipart("mixed", [body, *map(attachment_part, message.attachments)])


def text_part(kind: str, text: str) -> bytes:
    """Returns a text or HTML part, quoted-printable with CRLF line ends."""
    lines = "\r\n".join(text.splitlines()).encode() + CRLF
    fields = (("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable"))
    return header_lines(fields) + CRLF + binascii.b2a_qp(lines, istext=True)


def attachment_part(file: Attachment) -> bytes:
    if not SAFE_FILENAME.fullmatch(file.filename):
        raise ValueError("attachment file name")
    fields = (
        ("Content-Type", file.content_type),
        ("Content-Disposition", f'attachment; filename="{file.filename}"'),
        ("Content-Transfer-Encoding", "base64"),
    )
    return header_lines(fields) + CRLF + base64.encodebytes(file.content).replace(b"\n", CRLF)


def multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """Returns a multipart of the parts; a single part as it is."""
    if len(parts) == 1:
        return parts[0]
    boundary = secrets.token_hex(16)
    delimiter = b"--" + boundary.encode()
    opening = header_lines([("Content-Type", f'multipart/{kind}; boundary="{boundary}"')]) + CRLF
    return opening + b"".join(delimiter + CRLF + part + CRLF for part in parts) + delimiter + b"--" + CRLF


def header_lines(pairs: Headers) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in pairs)

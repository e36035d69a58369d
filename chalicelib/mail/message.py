"""One mail: recipient, subject, text, HTML and attachments, and its MIME bytes; no header takes raw text."""

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


@dataclass(frozen=True)
class Attachment:
    """A file of our own making; `filename` is ASCII."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """`text` and `html` each say everything; `to` is one address."""

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""One plain address: no display name, no quotes, no list, and nothing that could end a header's line."""

LONGEST_ADDRESS = 254
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
OUR_FILENAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
CRLF = b"\r\n"

Headers = Sequence[tuple[str, str]]


def assemble(message: Message, *, sender: str, reply_to: str, sent_at: datetime) -> bytes:
    """The whole mail; its Message-ID is left to SES. `sender` and `reply_to` are headers, already encoded.

    Raises MailRefused for an address or a subject unfit to travel, ValueError for a file name that is not ours.
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
    said = together("alternative", [words("plain", message.text), words("html", message.html)])
    return headers(envelope) + together("mixed", [said, *map(enclosed, message.attachments)])


def words(kind: str, text: str) -> bytes:
    """Text or HTML, in lines that any mail program takes."""
    lines = "\r\n".join(text.splitlines()).encode() + CRLF
    told = (("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable"))
    return headers(told) + CRLF + binascii.b2a_qp(lines, istext=True)


def enclosed(file: Attachment) -> bytes:
    if not OUR_FILENAME.fullmatch(file.filename):
        raise ValueError("attachment file name")
    told = (
        ("Content-Type", file.content_type),
        ("Content-Disposition", f'attachment; filename="{file.filename}"'),
        ("Content-Transfer-Encoding", "base64"),
    )
    return headers(told) + CRLF + base64.encodebytes(file.content).replace(b"\n", CRLF)


def together(kind: str, parts: Sequence[bytes]) -> bytes:
    """Parts as one; alone, a part needs no wrapping."""
    if len(parts) == 1:
        return parts[0]
    boundary = secrets.token_hex(16)
    mark = b"--" + boundary.encode()
    opened = headers([("Content-Type", f'multipart/{kind}; boundary="{boundary}"')]) + CRLF
    return opened + b"".join(mark + CRLF + part + CRLF for part in parts) + mark + b"--" + CRLF


def headers(pairs: Headers) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in pairs)

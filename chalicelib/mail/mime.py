"""A mail as the bytes that travel (MIME): text, then HTML, then files; nothing of a visitor's reaches a header raw."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from chalicelib.errors import MailRefused
from chalicelib.mail.message import Attachment, Message

ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""One plain address: no display name, no quotes, no list, and nothing that could end a header's line."""


def assemble(message: Message, *, sender: Address, reply_to: Address, sent_at: datetime) -> bytes:
    """The whole mail; its Message-ID is left to SES. Raises MailRefused for an address or a subject unfit to travel."""
    if not ONE_ADDRESS.fullmatch(message.to) or len(message.to) > 254:
        raise MailRefused("address")
    if not message.subject or re.search(r"[\x00-\x1f\x7f]", message.subject):
        raise MailRefused("subject")
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = message.to
    made["Reply-To"] = reply_to
    made["Subject"] = message.subject
    made["Date"] = format_datetime(sent_at)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text, cte="quoted-printable")
    made.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for attachment in message.attachments:
        attach(made, attachment)
    return made.as_bytes()


def attach(made: EmailMessage, file: Attachment) -> None:
    main, _, sub = file.content_type.partition("/")
    made.add_attachment(file.content, maintype=main, subtype=sub, filename=file.filename)

"""One mail before it leaves: to whom, about what, as text and as HTML, with its files."""

from dataclasses import dataclass


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

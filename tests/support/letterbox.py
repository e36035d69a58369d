"""The mails that left through the emulated SES, as a mail program would show them."""

import re
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.support.browsing import fold, strip_tags
from tests.support.emulated import REGION


@dataclass(frozen=True)
class Mail:
    """`message` holds the headers; `text` and `html` are what one reads."""

    message: EmailMessage
    text: str
    html: str

    @property
    def to(self) -> str:
        to: str = self.message["To"]
        return to

    @property
    def subject(self) -> str:
        subject: str = self.message["Subject"]
        return subject

    def says(self, sentence: str) -> bool:
        """In the text and in the HTML alike: each is complete alone."""
        return fold(sentence) in fold(self.text) and fold(sentence) in fold(strip_tags(self.html))

    @property
    def links(self) -> list[str]:
        """The addresses of the text, in order."""
        return re.findall(r"https://\S+", self.text)


def link_paths(mail: Mail) -> list[str]:
    """Where the mail's one-time links lead, host left out."""
    found = (urlsplit(address) for address in mail.links)
    return [f"{parts.path}?{parts.query}" for parts in found if parts.query]


def mails() -> list[Mail]:
    """Every mail since the test began, oldest first."""
    return [opened(sent.raw_data) for sent in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]


def opened(raw: str) -> Mail:
    message = message_from_string(raw, policy=policy.default)
    return Mail(message, body_of(message, "plain"), body_of(message, "html"))


def body_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None, kind
    content: str = body.get_content()
    return content.replace("\r\n", "\n")

"""What the portal writes to a family about its account; the words of each are in templates/mail/<message>/."""

from chalicelib.domain.announcement import Announcement
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Attachment, Message
from chalicelib.mail.messages import Link, compose


def write_announcement(announcement: Announcement, *, town: Town, link: Link) -> Message:
    """The mail of an announcement. Raises jinja2.UndefinedError when its template names what it lacks."""
    facts = {name: getattr(announcement, name) for name in type(announcement).model_fields}
    name, to = facts.pop("message"), facts.pop("to")
    return compose(name, to, town=town, link=link, **facts)


def specimen(to: str, *, town: Town, link: Link, username: str, document: bytes) -> Message:
    """The mail of *Formulaire de test de mode de réception*, with the PDF of an invoice that is worth nothing."""
    attached = Attachment("facture-de-test.pdf", "application/pdf", document)
    return compose("specimen", to, town=town, link=link, attachments=[attached], username=username)

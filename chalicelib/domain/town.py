"""Everything that is one town's own: a second town is a second file, not a second program."""

from pydantic import Field

from chalicelib.domain.models import Model


class Desk(Model):
    """The *Guichet unique*: the humans at the foot of every page."""

    name: str
    address: tuple[str, ...]
    phone: str
    hours: str
    email: str


class Regie(Model):
    """The *régie*: who may take the town's money, as invoices and receipts must say."""

    name: str
    quality: str
    address: tuple[str, ...]
    email: str
    cheque_to: str


class Town(Model):
    """Names, colours, contacts and the sentences a town must print."""

    name: str
    of_name: str = Field(description="« de Saint-Aubin », « d’Arles »: the name after « Ville »")
    portal_name: str
    motto: str
    website: str
    mail_from: str
    accent: str = Field(pattern=r"^#[0-9a-f]{6}$")
    desk: Desk
    regie: Regie
    appeal: str = Field(description="voies et délais de recours, printed on invoices")
    data_protection: str
    dpo_email: str
    mediator: str = ""
    common_words: tuple[str, ...] = Field(default=(), description="the town's own words, poor in a password")

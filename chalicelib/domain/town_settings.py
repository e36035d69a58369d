"""A town's settings, read from `towns/<name>.toml`: names, contacts, colours, legal texts."""

import functools
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator

from chalicelib.domain.models import Model

PAGE_BACKGROUND = "#f7f5f0"
"""The background of the pages, a little darker than white: what is readable on it is readable on white."""

MIN_CONTRAST = 4.5
"""WCAG 1.4.3, level AA."""

Text = Annotated[str, Field(min_length=1)]
EmailAddress = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")]


def _typographic(article: object) -> object:
    return "l’" if article == "l'" else article


Article = Annotated[Literal["le", "la", "l’"], BeforeValidator(_typographic)]


def the(article: str, name: str) -> str:
    return f"{article}{name}" if article == "l’" else f"{article} {name}"


def to_the(article: str, name: str) -> str:
    return f"au {name}" if article == "le" else f"à {the(article, name)}"


def of_the(article: str, name: str) -> str:
    return f"du {name}" if article == "le" else f"de {the(article, name)}"


class ComputedModel(Model):
    """A model whose cached properties are computed at construction, and again in a changed copy."""

    def model_post_init(self, context: Any) -> None:
        for name, value in vars(type(self)).items():
            if isinstance(value, functools.cached_property):
                getattr(self, name)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Office(ComputedModel):
    """The town's office (*Guichet unique*): its contacts, at the foot of every page."""

    name: Text
    article: Article = Field(default="le", description="before the name, in a sentence")
    address: tuple[str, ...]
    phone: Text
    hours: Text
    email: EmailAddress

    @functools.cached_property
    def the(self) -> str:
        """« le Guichet unique », « l’Espace familles »"""
        return the(self.article, self.name)

    @functools.cached_property
    def to_the(self) -> str:
        """« au Guichet unique », « à l’Espace familles »"""
        return to_the(self.article, self.name)

    @functools.cached_property
    def of_the(self) -> str:
        """« du Guichet unique », « de l’Espace familles »"""
        return of_the(self.article, self.name)


class Regie(Model):
    """The *régie*: who may collect the town's money, as invoices and receipts must state."""

    name: Text
    quality: Text
    address: tuple[str, ...]
    email: EmailAddress
    cheque_to: Text


class PaymentMethodNames(Model):
    """The town's own names of the payment methods that the régie takes, by domain.payment_method.PaymentMethod."""

    cheque: str = ""
    especes: str = ""
    virement: str = ""
    prelevement: str = ""
    cesu: str = ""
    ancv: str = ""
    carte: str = ""
    autre: str = ""


class Town(ComputedModel):
    """A town: names, colours, contacts and the sentences it must print."""

    name: Text
    of_name: Text = Field(description="« de Saint-Aubin », « d’Arles »: the name after « Ville »")
    portal_name: Text
    portal_article: Article = Field(default="le", description="before the portal's name, in a sentence")
    greeting: str = Field(default="", description="the title of the sign-in page, in place of the usual one")
    motto: Text
    website: Text
    mail_from: EmailAddress
    accent: str = Field(
        pattern=r"^#[0-9a-fA-F]{6}$", description="links, buttons, heads of mails; dark enough to be read"
    )
    logo: str = Field(default="", description="an SVG, in place of the portal's own")
    desk: Office
    regie: Regie
    appeal: Text = Field(description="voies et délais de recours, printed on invoices")
    data_protection: Text
    dpo_email: EmailAddress
    mediator: str = ""
    payment_methods: PaymentMethodNames = PaymentMethodNames()
    common_words: tuple[str, ...] = Field(default=(), description="the town's own words, poor in a password")

    @functools.cached_property
    def welcome(self) -> str:
        """The guide: « Bienvenue sur le Portail Famille du Guichet Unique », of each town's portal and office."""
        return self.greeting or f"Bienvenue sur {self.the_portal} {self.desk.of_the}"

    @functools.cached_property
    def the_portal(self) -> str:
        """« le Portail Famille », « l’Espace Parents »"""
        return the(self.portal_article, self.portal_name)

    @functools.cached_property
    def to_the_portal(self) -> str:
        """« au Portail Famille », « à l’Espace Parents »"""
        return to_the(self.portal_article, self.portal_name)

    @functools.cached_property
    def of_the_portal(self) -> str:
        """« du Portail Famille », « de l’Espace Parents »"""
        return of_the(self.portal_article, self.portal_name)

    @field_validator("accent")
    @classmethod
    def _readable(cls, accent: str) -> str:
        """Links of this colour, and white text on it, must be readable (WCAG 1.4.3)."""
        if contrast(accent, PAGE_BACKGROUND) < MIN_CONTRAST:
            ratio = f"{contrast(accent, PAGE_BACKGROUND):.2f} au lieu de {MIN_CONTRAST}".replace(".", ",")
            raise ValueError(f"{accent} est trop clair sur {PAGE_BACKGROUND}, contraste {ratio}")
        return accent.lower()


def contrast(one: str, other: str) -> float:
    """Returns WCAG's contrast ratio of two colours (« #rrggbb »), from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Returns WCAG's relative luminance, from 0 (black) to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

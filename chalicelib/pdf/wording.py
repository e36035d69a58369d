"""The French that all our papers share."""

from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP

SPECIMEN = "SPÉCIMEN – sans valeur"
USERNAME = "Identifiant"
ACTIVATION_CODE = "Code d’activation"
CONTACT = f"Une question{NBSP}?"
DATA_PROTECTION = "Vos données"

Notices = list[tuple[str, str]]
"""Titles and texts of the small print."""


def city(town: Town) -> str:
    return f"Ville {town.of_name}"


def numbered(number: str | int) -> str:
    return f"n°{NBSP}{number}"


def quoted(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def page_of(number: int, count: int) -> str:
    return f"page{NBSP}{number} sur{NBSP}{count}"


def contact(town: Town) -> str:
    """« Guichet unique : 04 00 00 00 10, guichet-unique@…, du lundi au vendredi… »"""
    desk = town.desk
    return f"{desk.name}{NBSP}: {desk.phone}, {desk.email}, {desk.hours}."

"""The French of an access letter."""

from datetime import date, datetime

from chalicelib.clock import day_in_paris
from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP, long_day
from chalicelib.pdf.wording import CONTACT, DATA_PROTECTION, Notices, city, contact

SALUTATION = "Madame, Monsieur,"
FIRST_TIME = f"Pour votre première connexion, photographiez le code ci-contre ou allez à cette adresse{NBSP}:"
FIRST_STEPS = (
    "Saisissez votre identifiant.",
    "À la place du mot de passe, saisissez votre code d’activation.",
    "Choisissez votre mot de passe, que vous serez seul à connaître.",
)
OPEN_PORTAL = "Ouvrir le portail"


def letter_title(town: Town) -> str:
    return f"Votre accès {town.to_the_portal}"


def letter_facts(drawn_at: datetime) -> list[tuple[str, str]]:
    return [("Date", long_day(day_in_paris(drawn_at)))]


def letter_opening(town: Town) -> str:
    portal = f"{town.the_portal[0].upper()}{town.the_portal[1:]}"
    return (
        f"{portal} de la {city(town)} vous permet de consulter et de payer vos factures, de tenir à jour "
        "votre dossier famille et de choisir de recevoir vos factures par courriel. Voici de quoi y entrer."
    )


def valid_until(day: date) -> str:
    return f"Ce code est valable jusqu’au {long_day(day)}."


def letter_warning(town: Town) -> str:
    return (
        f"Ce code ne sert qu’une fois{NBSP}: ne le communiquez à personne, la mairie ne vous le demandera jamais. S’il "
        f"a expiré ou si vous l’avez perdu, demandez-en un nouveau ({town.desk.name}, {town.desk.phone})."
    )


def portal_code(url: str) -> str:
    return f"Code QR{NBSP}: ouvrir le portail, {url}"


def letter_notices(town: Town) -> Notices:
    return [(CONTACT, contact(town)), (DATA_PROTECTION, town.data_protection)]

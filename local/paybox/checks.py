"""Validation of a Paybox payment form: every fault, in French, for the developer who builds the form."""

import hmac
import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from local.paybox.contract import Contract
from local.paybox.posted import DIGESTS, Posted
from local.paybox.strong_authentication import billing_faults, cart_faults

RETURNS = ("PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE")
REQUIRED = (
    *("PBX_SITE", "PBX_RANG", "PBX_IDENTIFIANT", "PBX_TOTAL", "PBX_DEVISE", "PBX_CMD", "PBX_PORTEUR", "PBX_RETOUR"),
    *(*RETURNS, "PBX_REPONDRE_A", "PBX_RUF1", "PBX_SOURCE", "PBX_SHOPPINGCART", "PBX_BILLING"),
    *("PBX_HASH", "PBX_TIME", "PBX_HMAC"),
)
MAX_ADDRESS = 150
VARIABLES = "MRTABCDEFGHIJKNOoPQSUVWYZ"
SHAPES = {
    "PBX_TOTAL": (r"(?!0+$)[0-9]{3,10}", "le montant est en centimes, sans virgule, sur trois chiffres au moins"),
    "PBX_DEVISE": (r"978", "la devise est 978 (euro)"),
    "PBX_CMD": (r"[A-Za-z0-9-]{1,250}", "la référence n’a que des lettres, des chiffres et des tirets"),
    "PBX_PORTEUR": (r"(?=.{6,120}$)[^\s@]+@[^\s@]+", "une adresse électronique de 6 à 120 caractères"),
    "PBX_RUF1": (r"POST", "l’avis est demandé par POST"),
    "PBX_SOURCE": (r"RWD", "la page qui s’adapte au téléphone est RWD"),
    "PBX_DISPLAY": (r"[1-9][0-9]{0,3}", "la durée de la page est en secondes"),
    "PBX_ARCHIVAGE": (r"[A-Za-z0-9]{1,12}", "douze lettres ou chiffres au plus"),
    "PBX_HASH": ("|".join(DIGESTS), "l’empreinte est SHA512, SHA384, SHA256 ou SHA224"),
}


class Fault(NamedTuple):
    """Which check failed (a field's name, mostly), and what was expected."""

    check: str
    explanation: str


def faults_of(posted: Posted, contract: Contract) -> list[Fault]:
    """Returns every fault of the form; empty when the payment page may be shown."""
    checks = (_structure, _shapes, _time, _returned_variables, _addresses, _strong_authentication)
    found = [fault for check in checks for fault in check(posted)]
    return [*found, *_contract(posted, contract), *_hmac(posted, contract)]


def is_on_this_machine(address: str) -> bool:
    """Returns whether an address is loopback, by IP or by the name localhost: notices go nowhere else."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _structure(posted: Posted) -> Iterator[Fault]:
    if not posted.is_utf8:
        yield Fault("Encodage", "le formulaire doit être posté en UTF-8")
    for name in REQUIRED:
        if name not in posted.fields:
            yield Fault(name, "champ obligatoire absent")
    for name, times in Counter(posted.names).items():
        if times > 1:
            yield Fault(name, f"champ posté {times} fois")


def _shapes(posted: Posted) -> Iterator[Fault]:
    for name, (shape, explanation) in SHAPES.items():
        if name in posted.fields and not re.fullmatch(shape, posted.text(name)):
            yield Fault(name, explanation)


def _time(posted: Posted) -> Iterator[Fault]:
    try:
        offset = datetime.fromisoformat(posted.text("PBX_TIME")).utcoffset()
    except ValueError:
        offset = None
    if "PBX_TIME" in posted.fields and offset is None:
        yield Fault("PBX_TIME", "date ISO 8601 avec décalage horaire, comme 2026-06-24T09:05:00+02:00")


def _returned_variables(posted: Posted) -> Iterator[Fault]:
    variables = posted.text("PBX_RETOUR").split(";")
    if not all(re.fullmatch(rf"[A-Za-z0-9_]+:[{VARIABLES}]", variable) for variable in variables):
        yield Fault("PBX_RETOUR", "une suite de « nom:lettre » séparés par des points-virgules")
    elif not variables[-1].endswith(":K"):
        yield Fault("PBX_RETOUR", "la signature (K) se demande en dernier")


def _addresses(posted: Posted) -> Iterator[Fault]:
    for name in (*RETURNS, "PBX_REPONDRE_A"):
        address = posted.text(name)
        if address and not re.fullmatch(r"https?://[!-~]+", address):
            yield Fault(name, "une adresse complète, en http ou https")
        if len(address) > MAX_ADDRESS:
            yield Fault(name, f"{MAX_ADDRESS} caractères au plus ; cette adresse en a {len(address)}")
    if posted.text("PBX_REPONDRE_A") and not is_on_this_machine(posted.text("PBX_REPONDRE_A")):
        yield Fault("PBX_REPONDRE_A", "ce simulateur n’envoie d’avis qu’à cette machine (127.0.0.1 ou localhost)")


def _strong_authentication(posted: Posted) -> Iterator[Fault]:
    for name, check in (("PBX_SHOPPINGCART", cart_faults), ("PBX_BILLING", billing_faults)):
        if name in posted.fields:
            yield from (Fault(name, explanation) for explanation in check(posted.text(name)))


def _contract(posted: Posted, contract: Contract) -> Iterator[Fault]:
    for name in ("site", "rang", "identifiant"):
        field = f"PBX_{name.upper()}"
        if field in posted.fields and posted.text(field) != getattr(contract, name):
            yield Fault(field, f"ce n’est pas celui du contrat, {getattr(contract, name)}")


def _hmac(posted: Posted, contract: Contract) -> Iterator[Fault]:
    if "PBX_HMAC" not in posted.fields:
        return
    if posted.names[-1] != "PBX_HMAC":
        yield Fault("PBX_HMAC", "l’empreinte doit être le dernier champ")
    expected, received = posted.hmac(contract.hmac_key), posted.text("PBX_HMAC")
    if not hmac.compare_digest(expected.encode(), received.encode()):
        yield Fault(
            "PBX_HMAC",
            "l’empreinte reçue n’est pas celle des champs reçus : un champ a été ajouté, retiré, déplacé ou modifié, "
            "ou la clé n’est pas celle du contrat",
        )

"""Banner printed when the local stack is ready: addresses and demo accounts."""

import os

from chalicelib.portal import Portal
from local.demo import NEVER_OPENED, OPENED, PASSWORD, demo_code
from local.environment import clock_seconds
from local.mailbox.feedback import DEMO_DOMAIN
from local.ports import DEFAULT, HOST, Ports

WHO = {
    "100001": "deux factures à payer, cinq ans d’historique",
    "100002": "rien à payer",
    "100003": "sans adresse électronique, factures sur papier",
    "100005": "parent séparé des enfants de 100001, avec ses propres factures",
}
CHALICE_COMMAND = f"à lancer à côté : .venv/bin/chalice local --port {DEFAULT}"
CHALICE_UNAVAILABLE = (
    f"chalice local ne connaît que les ports habituels ({DEFAULT} et suivants) : relancez make cloud sans PORT "
    "ni AWS_ENDPOINT_URL."
)


def cloud_banner(portal: Portal, ports: Ports, *, own_aws: bool) -> str:
    """Banner of `make cloud`. Chalice's server reads .chalice/config.json, which has the default ports only."""
    command = CHALICE_COMMAND if own_aws and ports.portal == DEFAULT else CHALICE_UNAVAILABLE
    return portal_banner(portal, ports, own_aws=own_aws, address=command)


def portal_banner(portal: Portal, ports: Ports, *, own_aws: bool, address: str = "") -> str:
    """Returns the banner: addresses (`address`: what stands for the portal's), then the demo accounts."""
    addresses = {
        "Portail": address or f"http://{HOST}:{ports.portal}",
        "Boîte aux lettres": f"http://{HOST}:{ports.mailbox}",
        "AWS simulé" if own_aws else "AWS": portal.clients.dynamodb.meta.endpoint_url,
        "Paybox simulé": f"http://{HOST}:{ports.paybox}",
    }
    code = demo_code(portal)
    unopened = f"jamais activé, code d’activation : {code}" if code else "activé depuis"
    return "\n".join(
        [
            "",
            f"{portal.town.portal_name} {portal.town.of_name} : prêt.",
            "",
            *(f"  {name:<18} {address}" for name, address in addresses.items()),
            "",
            f"  Comptes de démonstration, mot de passe « {PASSWORD} » :",
            *(f"  {username}  {WHO[username]}" for username in OPENED),
            f"  {NEVER_OPENED}  {unopened}",
            "",
            f"  {clock_sentence(clock_seconds(os.environ) if own_aws else None)}",
            f"  Un courriel à retour@, plainte@ ou absent@{DEMO_DOMAIN} revient comme le dirait SES.",
            "",
            "  Ctrl-C arrête tout.",
        ]
    )


def clock_sentence(seconds: float | None) -> str:
    """Says how often the scheduled tasks run (`seconds`; None: the clock is that of an AWS which is not ours)."""
    if seconds is None:
        return "L’horloge est celle d’AWS."
    if not seconds:
        return "L’horloge est muette (PORTAIL_CLOCK_EVERY=0)."
    return f"L’horloge sonne toutes les {seconds:g} s : envois dus, rappels, paiements (PORTAIL_CLOCK_EVERY)."

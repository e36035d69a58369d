"""The journeys that are counted, in execution order."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.costs import clockwork, visits
from bench.costs.world import FAMILIES, ON_PAPER, SmallTown

REMINDED = FAMILIES - ON_PAPER - clockwork.OFFICE_SETTLEMENTS


@dataclass(frozen=True)
class Journey:
    """A function and how many things it does: its consumption is divided by them."""

    name: str
    work: Callable[[SmallTown], None]
    things: int = 1


JOURNEYS = (
    Journey("sign_in", visits.sign_in),
    Journey("failed", visits.fail_to_sign_in),
    Journey("forgotten", visits.recover_password),
    Journey("home", visits.visit_page("/")),
    Journey("due", visits.visit_page("/factures")),
    Journey("history", visits.visit_page("/factures/historique")),
    Journey("invoice", visits.visit_page("/factures/169165")),
    Journey("pdf", visits.visit_page("/factures/169165/pdf")),
    Journey("file", visits.visit_page("/dossier")),
    Journey("contact", visits.contact_details),
    Journey("address", visits.address),
    Journey("delivery", visits.change_delivery_mode),
    Journey("payment", visits.pay),
    Journey("refused", visits.refused_payment),
    Journey("health", visits.health),
    Journey("accounts", clockwork.import_accounts_again, FAMILIES),
    Journey("search", clockwork.search_families, 2),
    Journey("campaign", clockwork.run_a_campaign, FAMILIES),
    Journey("mail_events", clockwork.receive_mail_events),
    Journey("settlement", clockwork.import_office_settlements, clockwork.OFFICE_SETTLEMENTS),
    Journey("reminder_scan", clockwork.remind_on(clockwork.NO_REMINDER), FAMILIES),
    Journey("reminders", clockwork.remind_on(clockwork.FIVE_DAYS_BEFORE_DUE), REMINDED),
    Journey("tick", clockwork.tick),
    Journey("sweep", clockwork.look_after_payments),
)
"""In this order: mail events and reminders come after the billing run."""

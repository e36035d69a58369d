"""Every journey that is counted, in the order in which the small town lives them."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.costs import clockwork, visits
from bench.costs.world import FAMILIES, ON_PAPER, World


@dataclass(frozen=True)
class Journey:
    """A work and how many things it does: its consumption is divided by them."""

    name: str
    work: Callable[[World], None]
    things: int = 1


WALKS = (
    Journey("sign_in", visits.sign_in),
    Journey("failed", visits.fail_to_sign_in),
    Journey("forgotten", visits.forget),
    Journey("home", visits.visited("/")),
    Journey("due", visits.visited("/factures")),
    Journey("history", visits.visited("/factures/historique")),
    Journey("invoice", visits.visited("/factures/169165")),
    Journey("pdf", visits.visited("/factures/169165/pdf")),
    Journey("file", visits.visited("/dossier")),
    Journey("contact", visits.contact_details),
    Journey("address", visits.address),
    Journey("delivery", visits.delivery),
    Journey("payment", visits.pay),
    Journey("refused", visits.give_up_paying),
    Journey("health", visits.health),
    Journey("accounts", clockwork.accounts_again, FAMILIES),
    Journey("campaign", clockwork.run_a_campaign, FAMILIES),
    Journey("mail_events", clockwork.hear_of_a_mail),
    Journey("settlement", clockwork.settle_at_the_counter, clockwork.COUNTER),
    Journey("reminder_scan", clockwork.look_for_reminders, FAMILIES),
    Journey("reminders", clockwork.send_reminders, FAMILIES - ON_PAPER - clockwork.COUNTER),
    Journey("tick", clockwork.tick),
    Journey("sweep", clockwork.look_after),
)
"""In this order: a mail is heard of after its campaign, a reminder is due after it."""

"""`guichet rappels …`: see whom a day's reminders go to, hold a family's back, count those that left."""

from typing import Annotated

import typer

from chalicelib.formats import day_in_paris, euros, long_day, short_day
from chalicelib.services.mailing.reminder_plan import (
    PlannedReminder,
    hold_reminders,
    planned_reminders,
    sent_reminders,
)
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, say, show_totals, stop
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp, flag
from guichet.options import parse_day_option
from guichet.wording.common import pluralized
from guichet.work import Username, journal_entry, on_account

app = FrenchApp("rappels", "Les rappels des factures à payer, que l’horloge envoie chaque matin.")

WHY_NOT = {
    "held": "retenue par le guichet",
    "paper": "factures sur papier",
    "bouncing": "ses courriels reviennent",
    "no-email": "sans adresse de courriel",
}


@app.verb("voir", "--le 25/06/2026")
def show(
    *,
    on: Annotated[str, typer.Option("--le", metavar="DATE", help="Le jour des rappels ; sans lui, aujourd’hui.")] = "",
) -> None:
    """Montre les rappels d’un jour : chaque facture, à qui, et pourquoi une famille n’en recevra pas."""
    with friendly_errors():
        portal = open_portal()
        day = parse_day_option("--le", on.strip()) if on.strip() else day_in_paris(portal.clock())
        found = list(planned_reminders(day, policy=portal.mailing.policy, stores=portal.stores))
        for one in found:
            say(typeset(_line(one)))
        leaving = [one for one in found if not one.why_not and not one.sent]
        total = euros(sum(one.row.balance_cents for one in leaving))
        say(
            typeset(
                f"Le {long_day(day)} : {pluralized(len(leaving), 'rappel à envoyer', 'rappels à envoyer')}, {total}."
            )
        )


@app.verb("retenir", "100001 --jusqu-au 31/07/2026")
def hold(
    username: Username,
    *,
    until: Annotated[
        str, typer.Option("--jusqu-au", metavar="DATE", help="Le dernier jour sans rappel, compris.")
    ] = "",
    lift: Annotated[bool, flag("--lever", "Les rappels repartent.")] = False,
) -> None:
    """Retient les rappels d’une famille : un échéancier est convenu, un litige est en cours."""
    if bool(until.strip()) == lift:
        stop(ExitCode.MISUSE, typeset("Choisissez --jusqu-au DATE ou --lever."))
    day = None if lift else parse_day_option("--jusqu-au", until.strip())
    with on_account(username) as (portal, account):
        if day and day < day_in_paris(portal.clock()):
            stop(ExitCode.MISUSE, typeset("--jusqu-au : ce jour est passé."))
        hold_reminders(account, day, stores=portal.stores)
        journal_entry(portal, username, "reminders_held" if day else "reminders_resumed", short_day(day) if day else "")
        held = f"retenus jusqu'au {long_day(day)}" if day else "repris"
        say(typeset(f"Compte {username} : rappels {held}."))


@app.verb("compter")
def count() -> None:
    """Compte les rappels partis depuis le début, par délai."""
    with friendly_errors():
        portal = open_portal()
        sent = sent_reminders(policy=portal.mailing.policy, stores=portal.stores)
        if not sent:
            say(typeset("Cette ville n'envoie pas de rappel : le réglage ReminderOffsets les choisit."))
            return
        show_totals("Rappels partis", [(moment(offset), str(number)) for offset, number in sent.items()])


def moment(offset: int) -> str:
    """« 5 jours avant l’échéance », « le jour de l’échéance », « 10 jours après »."""
    if not offset:
        return "le jour de l’échéance"
    return f"{pluralized(abs(offset), 'jour', 'jours')} {'avant' if offset < 0 else 'après'} l’échéance"


def _line(one: PlannedReminder) -> str:
    state = WHY_NOT.get(one.why_not) or ("déjà parti" if one.sent else f"à {one.account.email}")
    amount, who = euros(one.row.balance_cents), f"{one.account.username}, {one.account.holder.full_name}"
    return f"Facture n° {one.row.number}, {amount}, compte {who}, {moment(one.offset)} : {state}"

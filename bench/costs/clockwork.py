"""Journeys of the office and the scheduler: billing file and mailing, reminders, settlements, scheduled tasks."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from bench.costs.world import FAMILIES, SmallTown, month_invoices
from chalicelib.domain.delivery import mail_tag
from chalicelib.domain.settlement import Settlement
from chalicelib.services.account.family_import import import_accounts
from chalicelib.services.account.find_families import find_families
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.settlement_outcome import WRITTEN
from local.aws.schedules import scheduled_event
from tests.support.fakes.tasks import run_started
from tests.support.files import content_of
from tests.support.mailing_machine import Machine

RECEIVED = date(2026, 6, 9)
NO_REMINDER, FIVE_DAYS_BEFORE_DUE = date(2026, 6, 11), date(2026, 6, 19)
OFFICE_SETTLEMENTS = 20
"""Families of the run that pay other than by card."""


def run_a_campaign(town: SmallTown) -> None:
    """A billing run of 200 invoices: inbox, check, publication, tick, and the whole state machine."""
    bucket = town.portal.settings.bucket("inbox")
    body = content_of(*month_invoices())
    town.portal.clients.s3.put_object(Bucket=bucket, Key="factures-2026-06.csv", Body=body)
    record = {"s3": {"bucket": {"name": bucket}, "object": {"key": "factures-2026-06.csv"}}}
    (run,) = town.portal.tasks.call("receive_billing_file", {"Records": [record]})["runs"]
    town.run = run
    publish_run(run, date(2026, 6, 10), by="bench", stores=town.portal.stores, clock=town.portal.clock)
    tick(town)
    machine = Machine(town.portal)
    ended = machine.run({"kind": "run", "run": run, "round": "1"})
    expect(ended["end"] == {"closed": True}, "the run did not close")
    town.meter.usage["transition"] += machine.transitions


def import_accounts_again(town: SmallTown) -> None:
    """Import the monthly file of accounts, with no change."""
    names = [f"f{rank:03}" for rank in range(FAMILIES)]
    accounts = list(town.portal.stores.accounts.find_many(names).values())
    import_accounts(accounts, accounts=town.portal.stores.accounts)


def import_office_settlements(town: SmallTown) -> None:
    """Import settlements by cheque for the last families of the run."""
    paid = [
        Settlement(received_on=RECEIVED, number=one.number, amount_cents=one.billed_cents, means="cheque")
        for one in month_invoices()[-OFFICE_SETTLEMENTS:]
    ]
    portal, lines = town.portal, list(enumerate(paid))
    done = import_settlements(lines, stores=portal.stores, clock=portal.clock, agent="bench")
    expect(len(done.of(WRITTEN)) == OFFICE_SETTLEMENTS, str(done.refused))


def receive_mail_events(town: SmallTown) -> None:
    """Handle SES's two events of each mail: Send, then Delivery."""
    number = f"9{FAMILIES - 1:03}"
    for kind in ("Send", "Delivery"):
        mail = {"destination": ["f199@example.org"], "tags": {"reference": [mail_tag(town.run, number)]}}
        ses_event = json.dumps({"eventType": kind, "mail": mail})
        town.portal.tasks.call("mail_feedback", {"Records": [{"Sns": {"Message": ses_event}}]})
        town.meter.usage["sns_publish"] += 1


def search_families(town: SmallTown) -> None:
    """Search a family at the counter, by its name and by a telephone that nobody has."""
    for typed in ("dupont noé", "06 12 34 56 78"):
        portal = town.portal
        answers = find_families(typed, stores=portal.stores, key=portal.secrets.counting[0], now=town.clock())
        expect(typed[0] == "0" or answers.more, "every family of the small town is called so")


def remind_on(day: date) -> Callable[[SmallTown], None]:
    """Returns the journey of the reminders of a day; every family's list is read once."""

    def remind(town: SmallTown) -> None:
        town.clock.now = datetime.combine(day, time(9), UTC)
        machine = Machine(town.portal)
        machine.run({"kind": "reminders", "run": f"rappels-{day.isoformat()}", "round": "1"})
        town.meter.usage["transition"] += machine.transitions

    return remind


def tick(town: SmallTown) -> None:
    town.portal.tasks.call("mailing_tick", json.loads(scheduled_event("mailing_tick")))


def look_after_payments(town: SmallTown) -> None:
    town.portal.tasks.call("look_after_payments", json.loads(scheduled_event("look_after_payments")))


def run_tasks(town: SmallTown) -> None:
    """Run the queued tasks; a task may start another."""
    run_started(town.portal)


def expect(truth: bool, what: str) -> None:
    """Raises RuntimeError unless `truth` holds: the journey must be the real one."""
    if not truth:
        raise RuntimeError(f"a journey went wrong: {what[:200]}")

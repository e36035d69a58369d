"""What the desk and the clock do: a billing file and its mailing, its reminders, settlements, the scheduled tasks."""

import json
from datetime import UTC, date, datetime

from bench.costs.world import FAMILIES, World, this_month
from chalicelib.domain.delivery import tag
from chalicelib.domain.settlement import Settlement
from chalicelib.services.account.family_import import import_accounts
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.payments.import_settlements import LineOutcome, import_settlements
from local.aws.schedules import event
from tests.support.fakes.run_shelves import content_of
from tests.support.mailing_machine import Machine

RECEIVED = date(2026, 6, 9)
COUNTER = 20
"""Families of the campaign that pay otherwise than by card."""


def run_a_campaign(world: World) -> None:
    """The file in the inbox, the check, the publication, the tick, and the whole machine: two hundred invoices."""
    bucket = world.portal.settings.bucket("inbox")
    body = content_of(*this_month())
    world.portal.clients.s3.put_object(Bucket=bucket, Key="factures-2026-06.csv", Body=body)
    record = {"s3": {"bucket": {"name": bucket}, "object": {"key": "factures-2026-06.csv"}}}
    (run,) = world.portal.tasks.call("receive_billing_file", {"Records": [record]})["runs"]
    world.run = run
    publish_run(run, date(2026, 6, 10), by="bench", stores=world.portal.stores, clock=world.portal.clock)
    tick(world)
    machine = Machine(world.portal)
    ended = machine.run({"kind": "run", "run": run, "round": "1"})
    expect(ended["end"] == {"closed": True}, "the run did not close")
    world.meter.usage["transition"] += machine.transitions


def accounts_again(world: World) -> None:
    """The monthly file of accounts, in which nothing changed."""
    names = [f"f{rank:03}" for rank in range(FAMILIES)]
    given = list(world.portal.stores.accounts.find_many(names).values())
    import_accounts(given, accounts=world.portal.stores.accounts)


def settle_at_the_counter(world: World) -> None:
    """A cheque, cash or a debit for the last families of the campaign."""
    lines = [
        (
            rank,
            Settlement(received_on=date(2026, 6, 9), number=one.number, amount_cents=one.billed_cents, means="chèque"),
        )
        for rank, one in enumerate(this_month()[-COUNTER:])
    ]
    portal = world.portal
    done = import_settlements(lines, stores=portal.stores, clock=portal.clock, agent="bench")
    expect(len(done.of(LineOutcome.BOOKED)) == COUNTER, str(done.refused))


def hear_of_a_mail(world: World) -> None:
    """SES tells twice of each mail: taken, then delivered."""
    number = f"9{FAMILIES - 1:03}"
    for kind in ("Send", "Delivery"):
        mail = {"destination": ["f199@example.org"], "tags": {"reference": [tag(world.run, number)]}}
        told = json.dumps({"eventType": kind, "mail": mail})
        world.portal.tasks.call("mail_feedback", {"Records": [{"Sns": {"Message": told}}]})
        world.meter.usage["sns_publish"] += 1


def look_for_reminders(world: World) -> None:
    """A day when nobody is to be reminded: every family's list is read once."""
    remind(world, datetime(2026, 6, 11, 9, 0, tzinfo=UTC))


def send_reminders(world: World) -> None:
    """Five days before the due date, to whoever has not paid."""
    remind(world, datetime(2026, 6, 19, 9, 0, tzinfo=UTC))


def remind(world: World, day: datetime) -> None:
    world.clock.now = day
    machine = Machine(world.portal)
    machine.run({"kind": "reminders", "run": f"rappels-{day.date().isoformat()}", "round": "1"})
    world.meter.usage["transition"] += machine.transitions


def tick(world: World) -> None:
    world.portal.tasks.call("mailing_tick", json.loads(event("mailing_tick")))


def look_after(world: World) -> None:
    world.portal.tasks.call("look_after_payments", json.loads(event("look_after_payments")))


def run_tasks(world: World) -> None:
    """What was started runs now; a task may start another."""
    world.portal.tasks.run()  # type: ignore[attr-defined]


def expect(held: bool, what: str) -> None:
    """What is counted must be the real walk."""
    if not held:
        raise RuntimeError(f"a journey went wrong: {what[:200]}")

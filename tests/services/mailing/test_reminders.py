"""Reminders: on their days in Paris, once each, to whoever has not paid when they leave."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.delivery import BY_OFFICE, Delivery, Feedback, Outcome, mail_tag
from chalicelib.services.mailing import reminders
from chalicelib.services.mailing.context import Policy
from chalicelib.services.mailing.reminders import reminder_of, reminder_run
from chalicelib.services.mailing.ses_events import MailEvent, apply_event
from tests.support.browsing import fold
from tests.support.letterbox import mails
from tests.support.mailing_machine import Machine
from tests.support.people import DUPONT
from tests.support.rights import COMMAND, acting

POLICY = Policy(reminders=(-5, 1, 10))
DUE = date(2026, 6, 24)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-06-18", None), ("2026-06-19", -5), ("2026-06-21", -5), ("2026-06-22", None),
        ("2026-06-24", None), ("2026-06-25", 1), ("2026-06-27", 1), ("2026-06-28", None),
        ("2026-07-03", None), ("2026-07-04", 10), ("2026-07-06", 10), ("2026-07-07", None),
    ],
)  # fmt: skip
def test_a_reminder_leaves_on_its_day_or_up_to_two_days_late(today, expected):
    assert reminder_of(DUE, date.fromisoformat(today), POLICY) == expected


def test_each_reminder_of_an_invoice_comes_on_one_day_only_over_two_years():
    for due in (DUE + timedelta(days=day) for day in range(730)):
        days = [reminder_of(due, due + timedelta(days=shift), POLICY) for shift in range(-30, 30)]
        assert [offset for offset in days if offset is not None] == [-5] * 3 + [1] * 3 + [10] * 3


def remind(portal, name):
    Machine(portal).run({"kind": "reminders", "run": name, "round": "1"})
    return [mail for mail in mails() if fold(mail.subject).startswith("rappel")]


@pytest.fixture
def reminded(portal, clock):
    """dupont's invoice of 24 June, five days before, at ten in the morning; its clock ticks."""
    clock.now = datetime(2026, 6, 19, 8, 0, tzinfo=UTC)
    return portal


def test_an_invoice_that_went_on_direct_debit_since_the_list_was_made_is_not_reminded_of(reminded, monkeypatch):
    plan = reminders.plan_reminders

    def planned_then_changed(name, *, context):
        told = plan(name, context=context)
        with acting(COMMAND):
            reminded.clients.dynamodb.update_item(
                TableName=reminded.settings.table("invoices"),
                Key={"username": {"S": "dupont"}, "number": {"S": "169165"}},
                UpdateExpression="SET direct_debit = :yes",
                ExpressionAttributeValues={":yes": {"BOOL": True}},
            )
            assert reminded.stores.invoices.find("dupont", "169165").direct_debit
        return told

    monkeypatch.setattr("chalicelib.handlers.tasks.mailing.plan_reminders", planned_then_changed)
    assert remind(reminded, "rappels-2026-06-19") == []


def test_the_tick_starts_reminders_once_from_nine_in_the_morning(reminded, clock):
    clock.now = datetime(2026, 6, 19, 6, 59, tzinfo=UTC)
    assert reminded.tasks.call("mailing_tick", EVENT)["started"] == []
    clock.advance(minutes=1)
    assert reminded.tasks.call("mailing_tick", EVENT)["started"] == ["rappels-2026-06-19"]
    assert reminded.tasks.call("mailing_tick", EVENT)["started"] == []


EVENT = dict.fromkeys(
    ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources"), ""
)


def test_an_unpaid_invoice_is_reminded_of_once_whatever_is_run_again(reminded, clock):
    (mail,) = remind(reminded, "rappels-2026-06-19")
    assert fold(mail.subject) == fold("Rappel : facture n° 169165, 57,00 € avant le 24 juin 2026")
    clock.advance(days=1)
    assert len(remind(reminded, "rappels-2026-06-20")) == 1
    clock.advance(days=5)
    (_, late) = remind(reminded, "rappels-2026-06-25")
    assert fold(late.subject) == fold("Rappel : facture n° 169165, 57,00 € à payer depuis le 24 juin 2026")
    assert reminded.stores.deliveries.find(reminder_run(1), "169165").cents == 5700


def test_a_reminder_leaves_the_outcome_that_the_office_settled_as_failed_as_it_is(reminded):
    given_up = Delivery(
        run="2026-06-r", number="169165", username="dupont", cents=5700, outcome=Outcome.FAILED, at=reminded.clock(),
        reason=BY_OFFICE,
    )  # fmt: skip
    reminded.stores.deliveries.put_first(given_up)
    assert len(remind(reminded, "rappels-2026-06-19")) == 1
    bounce = MailEvent(
        email=DUPONT.email, feedback=Feedback.BOUNCED, tag=mail_tag(reminder_run(-5), "169165"), stops=True
    )
    with acting("mail_feedback"):
        assert apply_event(bounce, stores=reminded.stores, clock=reminded.clock)
    assert reminded.stores.deliveries.find("2026-06-r", "169165") == given_up
    assert list(reminded.stores.deliveries.take_paper("july")) == []


def test_what_was_paid_since_the_list_was_made_is_not_reminded_of(reminded):
    reminded.tasks.call("mailing_plan", {"kind": "reminders", "run": "rappels-2026-06-19"})
    unpaid = reminded.stores.invoices.find("dupont", "169165")
    reminded.stores.invoices._table.update("dupont", "169165", expression="SET paid_cents = :p", values={":p": 5700})
    assert unpaid.balance_cents
    reminded.tasks.call("mailing_deliver", {"run": "rappels-2026-06-19", "batches": ["000001"]})
    assert mails() == []


def test_families_on_paper_get_none(reminded):
    held = reminded.stores.accounts.find("dupont")
    reminded.stores.accounts.replace(held, held.model_copy(update={"delivery_mode": DeliveryMode.PAPER}))
    assert DUPONT.delivery_mode is DeliveryMode.EMAIL
    assert remind(reminded, "rappels-2026-06-19") == []

"""The tasks of payments: mails leave once whatever fails, and the clock ends what nobody ends."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.payment import AttemptState, MailState
from chalicelib.errors import MailThrottled
from chalicelib.formats import day_in_paris
from tests.support.faults import failing
from tests.support.letterbox import mails
from tests.support.payments.bank import REFUSED, signing_bank
from tests.support.payments.paying import reference_of, say, start

ACCEPTED_SUBJECT = "Reçu de votre paiement de 57,00\u00a0€"
LOOK = "look_after_payments"
EVENT = {
    "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "1",
    "time": "2026-06-10T10:00:00Z", "region": "eu-west-3", "resources": [], "detail": {},
}  # fmt: skip


def look_after(portal):
    return portal.tasks.call(LOOK, EVENT)


def ses_error(code, status):
    told = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(told, "SendEmail")


@pytest.fixture
def reference(dupont):
    return reference_of(start(dupont))


def test_refused_payment_is_told_once_when_its_page_is_dead(portal, clock, reference):
    assert say(signing_bank().notice(reference, code=REFUSED)).status == 200
    assert look_after(portal)["closed"] == 0
    clock.advance(minutes=21)
    for _ in range(3):
        look_after(portal)
        portal.tasks.run()
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("dupont@example.org", "Votre paiement n’a pas abouti")
    assert mail.says("rien n’a été débité")
    assert mail.links == ["https://portail.example.org/factures/169165"]


def test_refusal_is_not_told_once_the_invoice_is_paid_otherwise(portal, clock, dupont, reference):
    assert say(signing_bank().notice(reference, code=REFUSED)).status == 200
    assert say(signing_bank().notice(reference_of(start(dupont)), transaction="84")).status == 200
    portal.tasks.run()
    clock.advance(minutes=21)
    look_after(portal)
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == [ACCEPTED_SUBJECT]
    assert portal.stores.payments.find(reference).refusal_mail is MailState.DROPPED


def test_payer_who_just_left_hears_nothing_and_may_still_have_paid(portal, clock, reference, dupont):
    clock.advance(minutes=21)
    assert dupont.get(f"/paiements/{reference}").says("Paiement expiré")
    look_after(portal)
    portal.tasks.run()
    assert (mails(), portal.stores.payments.find(reference).state) == ([], AttemptState.EXPIRED)
    assert say(signing_bank().notice(reference)).status == 200
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == [ACCEPTED_SUBJECT]


def test_receipt_whose_task_was_lost_is_mailed_by_the_clock(portal, reference):
    assert say(signing_bank().notice(reference)).status == 200
    portal.tasks.started.clear()
    assert look_after(portal)["mails"] == 1
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == [ACCEPTED_SUBJECT]


def test_throttled_receipt_is_tried_again_and_leaves_once(portal, reference):
    assert say(signing_bank().notice(reference)).status == 200
    fault = {0: ses_error("TooManyRequestsException", 429)}
    with failing(portal.clients.ses, fault, {"SendEmail"}), pytest.raises(MailThrottled):
        portal.tasks.run()
    portal.tasks.run()
    assert len(mails()) == 1


@pytest.mark.parametrize("fault", ["after", ses_error("InternalFailure", 500)])
def test_receipt_that_may_have_left_is_shown_and_never_sent_again(portal, clock, reference, fault):
    assert say(signing_bank().notice(reference)).status == 200
    with failing(portal.clients.ses, {0: fault}, {"SendEmail"}):
        portal.tasks.run()
    sent = len(mails())
    for _ in range(3):
        clock.advance(minutes=20)
        assert look_after(portal)["unexplained"] == 1
        portal.tasks.run()
    assert len(mails()) == sent
    assert portal.stores.payments.find(reference).receipt_mail is MailState.NEEDS_REVIEW


def test_message_that_was_kept_and_left_is_settled_by_the_clock(portal, clock, reference):
    with failing(portal.clients.dynamodb, {0: "before"}, {"TransactWriteItems"}):
        assert say(signing_bank().notice(reference)).status == 500
    clock.advance(minutes=3)
    assert look_after(portal)["taken_up"] == 1
    portal.tasks.run()
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 5700
    assert [mail.subject for mail in mails()] == [ACCEPTED_SUBJECT]


@pytest.mark.parametrize("fault", ["before", "after"])
def test_second_payment_that_was_kept_and_left_is_booked_once_by_the_clock(portal, clock, reference, fault):
    """What the answer was lost of may be booked already: the ledger says so."""
    assert say(signing_bank().notice(reference)).status == 200
    with failing(portal.clients.dynamodb, {0: fault}, {"TransactWriteItems"}):
        assert say(signing_bank().notice(reference, transaction="84")).status == 500
    clock.advance(minutes=3)
    assert look_after(portal)["taken_up"] == 1
    assert look_after(portal)["taken_up"] == 0
    assert [entry.transaction for entry in portal.stores.ledger.of("169165")] == ["83", "84"]
    invoice = portal.stores.invoices.find("dupont", "169165")
    assert (invoice.paid_cents, invoice.surplus_cents) == (5700, 5700)


def test_what_stays_unexplained_is_one_line_of_the_log(portal, reference, caplog):
    assert say(signing_bank().notice(reference, cents=1)).status == 200
    look_after(portal)
    (line,) = [record for record in caplog.records if record.msg == "payments_looked_after"]
    assert (line.levelname, line.unexplained, line.references) == ("ERROR", 1, [reference])


def checked(caplog):
    return [(one.levelname, one.days_late) for one in caplog.records if one.msg == "reconciliation_checked"]


def test_wait_for_a_reconciliation_is_one_line_a_day_of_the_log(portal, clock, reference, caplog):
    assert say(signing_bank().notice(reference)).status == 200
    caplog.set_level("INFO", logger="chalicelib")
    clock.advance(days=10)
    for _ in range(24 * 6):
        look_after(portal)
        clock.advance(minutes=10)
    assert checked(caplog) == [("ERROR", 11)], "the task runs every ten minutes"
    portal.stores.reconciliations.keep(clock(), day_in_paris(clock()))
    for _ in range(24 * 6):
        look_after(portal)
        clock.advance(minutes=10)
    assert checked(caplog) == [("ERROR", 11), ("INFO", 0)]

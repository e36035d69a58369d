"""What SES says afterwards: told once, however often; mail stops, paper follows, family and desk know."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.domain.delivery import BY_OFFICE, Delivery, Feedback, Outcome, mail_tag
from chalicelib.wording.account import EMAIL_BOUNCES
from tests.support.browsing import fold
from tests.support.people import DUPONT

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
SENT = Delivery(
    run="2026-06-r", number="169165", username="dupont", cents=5700, outcome=Outcome.SENT, at=NOW, email=DUPONT.email
)
ELSEWHERE = "ailleurs@example.org"


def told(portal, kind, email=DUPONT.email, bounce="Permanent", sort="General", reference=None, feedback="abuse"):
    """SES's event, through SNS, to our Lambda."""
    people = [{"emailAddress": email}]
    event = {
        "eventType": kind,
        "mail": {"destination": [email], "tags": {"reference": [reference or mail_tag(SENT.run, SENT.number)]}},
        "bounce": {"bounceType": bounce, "bounceSubType": sort, "bouncedRecipients": people},
        "complaint": {"complainedRecipients": people, "complaintFeedbackType": feedback},
    }
    return sent(portal, json.dumps(event))


def sent(portal, message):
    """A message of the provider's topic to our Lambda. Returns how many of its events changed something."""
    return portal.tasks.call("mail_feedback", {"Records": [{"Sns": {"Message": message}}]})["changed"]


def outcome(portal):
    found = portal.stores.deliveries.find(SENT.run, SENT.number)
    return found.outcome, found.feedback


def test_a_hard_bounce_stops_the_mail_prints_the_invoice_and_tells_the_family(portal, dupont, browser):
    portal.stores.deliveries.put_first(SENT)
    assert told(portal, "Bounce") > 0
    assert outcome(portal) == (Outcome.PAPER, Feedback.BOUNCED)
    assert portal.stores.accounts.find("dupont").gets_email is False
    assert [one.number for one in portal.stores.deliveries.take_paper("july")] == ["169165"]
    assert "Courriel revenu" in dupont.get("/mes-donnees").text
    welcomed = browser.sign_in().location
    assert fold(EMAIL_BOUNCES) in fold(browser.get(welcomed).text)


def test_the_same_event_five_times_changes_nothing_more(portal):
    portal.stores.deliveries.put_first(SENT)
    told(portal, "Bounce")
    before = (outcome(portal), portal.stores.accounts.find("dupont"))
    assert [told(portal, "Bounce") for _ in range(4)] == [0, 0, 0, 0]
    assert (outcome(portal), portal.stores.accounts.find("dupont")) == before
    assert len(list(portal.stores.deliveries.take_paper("july"))) == 1


def test_a_complaint_stops_the_mail_as_a_bounce_does(portal):
    portal.stores.deliveries.put_first(SENT)
    told(portal, "Complaint")
    assert outcome(portal) == (Outcome.PAPER, Feedback.COMPLAINED)
    assert portal.stores.accounts.find("dupont").email_bounced_at


def test_a_mail_that_its_reader_takes_out_of_the_spam_stops_nothing(portal):
    portal.stores.deliveries.put_first(SENT)
    assert told(portal, "Complaint", feedback="not-spam") == 0
    assert outcome(portal) == (Outcome.SENT, None)
    assert portal.stores.accounts.find("dupont").gets_email


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        '"Delivery"',
        "[1, 2]",
        "null",
        '{"message": "test"}',
    ],
)
def test_a_message_that_is_no_event_is_left(portal, message):
    assert sent(portal, message) == 0


def test_a_passing_bounce_changes_nothing(portal):
    portal.stores.deliveries.put_first(SENT)
    assert told(portal, "Bounce", bounce="Transient") == 0
    assert outcome(portal) == (Outcome.SENT, None)


@pytest.mark.parametrize(
    ("kind", "sort"), [("Bounce", "MailboxFull"), ("Bounce", "AttachmentRejected"), ("Reject", "General")]
)
def test_a_mail_that_the_provider_gave_up_is_printed_and_its_address_stays(portal, kind, sort):
    portal.stores.deliveries.put_first(SENT)
    assert told(portal, kind, bounce="Transient", sort=sort) == 1
    assert told(portal, kind, bounce="Transient", sort=sort) == 0
    assert outcome(portal) == (Outcome.PAPER, Feedback.BOUNCED)
    assert [one.number for one in portal.stores.deliveries.take_paper("july")] == ["169165"]
    assert portal.stores.accounts.find("dupont").gets_email


def test_an_event_finds_an_invoice_whose_number_holds_a_low_line(portal):
    portal.stores.deliveries.put_first(SENT.model_copy(update={"number": "2026_12"}))
    assert told(portal, "Delivery", reference=mail_tag(SENT.run, "2026_12")) == 1
    assert portal.stores.deliveries.find(SENT.run, "2026_12").feedback is Feedback.DELIVERED


def test_an_event_settles_what_was_in_doubt(portal):
    portal.stores.deliveries.put_first(SENT.with_outcome(Outcome.NEEDS_REVIEW, NOW, reason="ambiguous"))
    assert told(portal, "Send") == 1
    assert outcome(portal) == (Outcome.SENT, None)
    assert told(portal, "Delivery") == 1
    assert told(portal, "Delivery") == 0
    assert outcome(portal) == (Outcome.SENT, Feedback.DELIVERED)


@pytest.mark.parametrize("kind", ["Send", "Delivery", "Bounce", "Complaint"])
def test_no_event_changes_what_the_office_gave_up(portal, kind):
    given_up = SENT.with_outcome(Outcome.FAILED, NOW, reason=BY_OFFICE)
    portal.stores.deliveries.put_first(given_up)
    told(portal, kind)
    assert portal.stores.deliveries.find(SENT.run, SENT.number) == given_up
    assert list(portal.stores.deliveries.take_paper("july")) == []
    assert bool(portal.stores.accounts.find("dupont").email_bounced_at) is (kind in ("Bounce", "Complaint"))


def test_a_delivery_told_late_does_not_undo_a_complaint(portal):
    portal.stores.deliveries.put_first(SENT)
    told(portal, "Complaint")
    assert told(portal, "Delivery") == 0
    assert outcome(portal) == (Outcome.PAPER, Feedback.COMPLAINED)


def test_an_old_address_that_bounces_does_not_stop_the_new_one(portal):
    portal.stores.deliveries.put_first(SENT.model_copy(update={"email": ELSEWHERE}))
    told(portal, "Bounce", email=ELSEWHERE)
    assert portal.stores.accounts.find("dupont").gets_email
    assert outcome(portal) == (Outcome.PAPER, Feedback.BOUNCED)


def test_a_mail_without_a_tag_of_ours_still_stops_its_address(portal):
    assert told(portal, "Bounce", reference="autre") == 1
    assert portal.stores.accounts.find("dupont").email_bounced_at

"""Three addresses of the demo domain come back as SES would say; the events are read as the portal's task does."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.domain.delivery import Feedback
from chalicelib.services.mailing.ses_events import read_event
from local.mailbox.feedback import events_of, kind_of
from local.mailbox.postbox import Mail

TAGS = {"reference": ["2026-06-abc_169165"]}


def mail(to):
    return Mail("id-1", (to,), "portail@example.org", "Facture", datetime(2026, 6, 10, tzinfo=UTC), "", "")


def heard(to):
    """What the portal reads in the events, as they reach its task."""
    return [one for event in events_of(mail(to), TAGS) for one in read_event(json.loads(json.dumps(event)))]


@pytest.mark.parametrize("to", ["retour@example.org", "RETOUR@saint-aubin.example.org", "retour+zoe@example.org"])
def test_a_bounce_stops_the_mails_to_the_address_and_names_the_invoice(to):
    sent, bounced = heard(to)
    assert (sent.feedback, sent.stops) == (None, False)
    assert (bounced.feedback, bounced.stops, bounced.email) == (Feedback.BOUNCED, True, to)
    assert bounced.tag == TAGS["reference"][0]


def test_a_complaint_comes_after_the_delivery():
    assert [(one.feedback, one.stops) for one in heard("plainte@example.org")] == [
        (None, False),
        (Feedback.DELIVERED, False),
        (Feedback.COMPLAINED, True),
    ]


def test_an_automatic_reply_changes_nothing_of_a_delivered_mail():
    assert [(one.feedback, one.stops) for one in heard("absent@example.org")] == [
        (None, False),
        (Feedback.DELIVERED, False),
    ]


@pytest.mark.parametrize("to", ["camille@example.org", "retour@example.com", "retour@notexample.org", "retour", ""])
def test_nothing_is_said_of_any_other_mail(to):
    assert kind_of(to) is None
    assert heard(to) == []

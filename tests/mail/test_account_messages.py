"""What families read about their account, compared with what was read over and kept."""

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from chalicelib.domain.account import Address
from chalicelib.domain.account_mail import (
    ACCOUNT_MAIL,
    AccessRenewed,
    AddressAccepted,
    AddressDeclared,
    AddressRefused,
    ConfirmEmail,
    DeliveryChanged,
    EmailAsked,
    EmailChanged,
    EmailRemoved,
    EmailUndone,
    ErrorClosed,
)
from chalicelib.mail.messages import account_mail, specimen
from chalicelib.stage_settings import load_town
from tests.support.golden import check_golden
from tests.support.people import HOME

TOWN = load_town("saint-aubin-les-pins")
NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
WHO = {"to": "dupont@example.org", "username": "dupont"}
MOVE = {"reference": "A-260610-K7QX2M", "address": HOME, "effective_on": date(2026, 7, 1)}

UNDO = "/ce-n-est-pas-moi?jeton=dupont~1781254800~secret"
ANNOUNCED = {
    "confirm_email": ConfirmEmail(**WHO, token="secret", ends_at=NOON),
    "email_asked": EmailAsked(**WHO, at=NOON, undo=UNDO),
    "email_asked_of_before": EmailAsked(**WHO, at=NOON),
    "email_changed_here": EmailChanged(**WHO, at=NOON, here=True),
    "email_changed_away": EmailChanged(**WHO, at=NOON, here=False, undo=UNDO),
    "email_removed": EmailRemoved(**WHO, at=NOON, by_paper=True, undo=UNDO),
    "email_undone": EmailUndone(**WHO, at=NOON, token="secret", ends_at=NOON),
    "email_removed_of_paper": EmailRemoved(**WHO, at=NOON, by_paper=False),
    "address_declared": AddressDeclared(**WHO, **MOVE, at=NOON, proof="quittance.pdf"),
    "address_declared_to_bring": AddressDeclared(**WHO, **MOVE, at=NOON, proof=""),
    "address_accepted": AddressAccepted(**WHO, **MOVE),
    "address_refused": AddressRefused(
        **WHO, reference=MOVE["reference"], address=HOME, reason="Justificatif illisible."
    ),
    "error_closed": ErrorClosed(**WHO, reference="S-260610-K7QX2M", asked_at=NOON, answer="La date est corrigée."),
    "delivery_changed_to_email": DeliveryChanged(**WHO, at=NOON, by_email=True, address=HOME),
    "delivery_changed_to_paper": DeliveryChanged(**WHO, at=NOON, by_email=False, address=HOME),
    "access_renewed": AccessRenewed(**WHO, at=NOON),
}
MARKUP = Address(line_1="<b>{{ 7*7 }}</b>", postcode="06990", town="Saint-Aubin-les-Pins")


def link(path):
    return f"https://portail.example.org{path}"


def written(announcement):
    """The mail, after the journey through an asynchronous call."""
    event = json.loads(json.dumps(announcement.model_dump(mode="json")))
    return account_mail(ACCOUNT_MAIL.validate_python(event), town=TOWN, link=link)


@pytest.mark.parametrize("name", ANNOUNCED)
def test_mail_reads_as_it_was_kept(name):
    mail = written(ANNOUNCED[name])
    check_golden(f"mail/{name}.txt", f"{mail.subject}\n\n{mail.text}")
    check_golden(f"mail/{name}.html", mail.html)


@pytest.mark.parametrize("announcement", ANNOUNCED.values(), ids=ANNOUNCED)
def test_mail_goes_to_one_address_complete_twice_and_without_file(announcement):
    mail = written(announcement)
    assert (mail.to, mail.attachments) == ("dupont@example.org", ())
    assert len(mail.html.encode()) < 30_000
    assert "<img" not in mail.html
    for address in (word for word in mail.text.split() if word.startswith("https://")):
        assert address in mail.html


def test_specimen_carries_its_pdf_and_reads_as_it_was_kept():
    mail = specimen("dupont@example.org", town=TOWN, link=link, username="dupont", document=b"%PDF")
    check_golden("mail/specimen.txt", f"{mail.subject}\n\n{mail.text}")
    check_golden("mail/specimen.html", mail.html)
    (file,) = mail.attachments
    assert (file.filename, file.content_type, file.content) == ("facture-de-test.pdf", "application/pdf", b"%PDF")


def test_markup_and_template_signs_are_text():
    mail = written(AddressRefused(**WHO, reference="A", address=MARKUP, reason="<script>{{ town }}</script>"))
    assert "<b>{{ 7*7 }}</b>" in mail.text
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in mail.html
    assert "&lt;script&gt;{{ town }}&lt;/script&gt;" in mail.html


def test_event_that_announces_nothing_we_know_is_refused():
    with pytest.raises(ValidationError):
        ACCOUNT_MAIL.validate_python({**WHO, "message": "you_won"})

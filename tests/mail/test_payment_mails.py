"""What families read about their payments, compared with what was read over and kept."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.payment import Attempt
from chalicelib.domain.receipt import Receipt, ReceiptLine
from chalicelib.mail.messages import payment_refused, receipt
from chalicelib.stage_settings import load_town
from tests.support.golden import check_golden
from tests.support.people import DUPONT, invoice

TOWN = load_town("saint-aubin-les-pins")
NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
ATTEMPT = Attempt(
    reference="ABCDEF-GHIJKL-MNOPQR-STUVWX",
    invoice_number="169165",
    username="dupont",
    amount_cents=5700,
    receipt_email="dupont@example.org",
    created_at=NOON,
)
LINE = ReceiptLine(
    invoice_number="169165", invoice_label=invoice().label, billed_cents=5700, paid_cents=5700, balance_cents=0
)
OTHER = ReceiptLine(
    invoice_number="169204", invoice_label="Accueil de loisirs", billed_cents=4400, paid_cents=4400, balance_cents=0
)
STATED = Receipt(
    number=12,
    lines=(LINE,),
    username="dupont",
    holder=DUPONT.holder.full_name,
    paid_at=NOON,
    card_ending="44",
    authorisation="A1B2",
    transaction="810000001",
    reference=ATTEMPT.reference,
)
MOST_BYTES = 30_000


def link(path):
    return f"https://portail.example.org{path}"


def of_receipt(attempt=ATTEMPT, stated=STATED):
    return receipt(attempt, stated, document=b"%PDF", town=TOWN, link=link)


MAILS = {
    "receipt": of_receipt,
    "receipt_above_the_balance": lambda: of_receipt(ATTEMPT.model_copy(update={"surplus_cents": 5700})),
    "payment_refused": lambda: payment_refused(ATTEMPT, [("169165", invoice().label)], town=TOWN, link=link),
    "receipt_of_several": lambda: of_receipt(
        ATTEMPT.model_copy(update={"surplus_cents": 4400}), STATED.model_copy(update={"lines": (LINE, OTHER)})
    ),
    "payment_of_several_refused": lambda: payment_refused(
        ATTEMPT.model_copy(update={"amount_cents": 10100}),
        [("169165", invoice().label), ("169204", "Accueil de loisirs")],
        town=TOWN,
        link=link,
    ),
}


@pytest.mark.parametrize("name", MAILS)
def test_mail_reads_as_it_was_kept(name):
    mail = MAILS[name]()
    check_golden(f"mail/{name}.txt", mail.text)
    check_golden(f"mail/{name}.html", mail.html)


@pytest.mark.parametrize("name", MAILS)
def test_mail_is_light_and_fetches_nothing(name):
    mail = MAILS[name]()
    assert len(mail.html.encode()) < MOST_BYTES
    assert "src=" not in mail.html


def test_subjects_say_it_all():
    assert of_receipt().subject == "Reçu de votre paiement de 57,00\u00a0€"
    assert MAILS["payment_refused"]().subject == "Votre paiement n’a pas abouti"


def test_receipt_carries_its_document():
    (document,) = of_receipt().attachments
    assert (document.filename, document.content) == ("recu-12.pdf", b"%PDF")


def test_card_that_the_bank_did_not_name_is_not_invented():
    mail = of_receipt(stated=STATED.model_copy(update={"card_ending": ""}))
    assert "Moyen de paiement\u00a0: carte bancaire\n" in mail.text
    assert "**" not in mail.html


def test_label_is_text_and_never_markup():
    hostile = STATED.model_copy(
        update={"lines": (LINE.model_copy(update={"invoice_label": "<script>alert(1)</script> {{ 7 * 7 }}"}),)}
    )
    mail = of_receipt(stated=hostile)
    assert "<script" not in mail.html
    assert "{{ 7 * 7 }}" in mail.text

"""What families and the régie read about invoices, compared with what was read over and kept."""

from datetime import date

import pytest

from chalicelib.domain.delivery import Outcome, Tally
from chalicelib.mail.messages import invoice_message, reminder_message, run_report_message
from chalicelib.services.mailing.paper import PaperBatch
from chalicelib.services.mailing.report import MailingReport, template_context
from chalicelib.stage_settings import load_town
from tests.support.browsing import fold
from tests.support.golden import check_golden
from tests.support.people import invoice

TOWN = load_town("saint-aubin-les-pins")
MOST_BYTES = 30_000
ONE = Tally(count=1, cents=5_700)
OUTCOMES = {Outcome.SENT: Tally(count=3, cents=17_100), Outcome.PAPER: Tally(count=2, cents=123_450)}
REPORT = MailingReport(run="2026-06-3f9a1c2b04", outcomes=OUTCOMES)
TROUBLED = MailingReport(
    run=REPORT.run,
    outcomes=OUTCOMES | {Outcome.NEEDS_REVIEW: ONE, Outcome.FAILED: ONE},
    to_verify=(("169165", "ambiguous"),),
    failed=(("169166", "drawing"),),
    missing=(("169167", "福"),),
    paper=PaperBatch(printed=OUTCOMES[Outcome.PAPER], moved=1),
)


def link(path):
    return f"https://portail.example.org{path}"


TOLD = {"town": TOWN, "link": link}
PATHS = {"paper_link": "/retour-papier?jeton=secret", "payment_link": "/payer/169165.secret"}
FAMILY = {"to": "dupont@example.org", **PATHS, **TOLD}
LATER = invoice("169204", billed_cents=4400, label="Accueil de loisirs", due_on=date(2026, 7, 6))
DEBITED = invoice("169210", billed_cents=1200, label="Étude", direct_debit=True)
PAID = invoice("169211", billed_cents=900, paid_cents=900, label="Garderie")
CREDIT = invoice("169212", billed_cents=-300, label="Avoir de mai")


def of_invoices(*invoices):
    return invoice_message(invoices, documents=[f"%PDF {one.number}".encode() for one in invoices], **FAMILY)


MAILS = {
    "invoice": lambda: of_invoices(invoice()),
    "invoices": lambda: of_invoices(invoice(), LATER),
    "invoices_of_all_kinds": lambda: of_invoices(invoice(), DEBITED, PAID, CREDIT),
    "invoices_debited": lambda: of_invoices(DEBITED, PAID),
    "invoices_nothing_to_pay": lambda: of_invoices(PAID, CREDIT),
    "reminder": lambda: reminder_message(invoice(), late=False, **FAMILY),
    "reminder_late": lambda: reminder_message(invoice(), late=True, **FAMILY),
    "run_report": lambda: run_report_message(TOWN.regie.email, report=template_context(REPORT), **TOLD),
    "run_report_to_look_at": lambda: run_report_message(TOWN.regie.email, report=template_context(TROUBLED), **TOLD),
}
SUBJECTS = {
    "invoice": "Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026",
    "invoices": "Vos 2 factures : 101,00 € à payer, la première au plus tard le 24 juin 2026",
    "invoices_of_all_kinds": "Vos 4 factures : 57,00 € à payer, au plus tard le 24 juin 2026",
    "invoices_debited": "Vos 2 factures : 12,00 € prélevés",
    "invoices_nothing_to_pay": "Vos 2 factures : rien à payer",
    "reminder": "Rappel : facture n° 169165, 57,00 € avant le 24 juin 2026",
    "reminder_late": "Rappel : facture n° 169165, 57,00 € à payer depuis le 24 juin 2026",
    "run_report": "Campagne 2026-06-3f9a1c2b04 : 5 factures, 1 405,50 €",
    "run_report_to_look_at": "Campagne 2026-06-3f9a1c2b04 : 7 factures, 1 519,50 €, à regarder",
}


@pytest.mark.parametrize("name", MAILS)
def test_mail_reads_as_it_was_kept(name):
    mail = MAILS[name]()
    assert fold(mail.subject) == fold(SUBJECTS[name])
    check_golden(f"mail/{name}.txt", mail.text)
    check_golden(f"mail/{name}.html", mail.html)


@pytest.mark.parametrize("name", MAILS)
def test_mail_is_light_and_fetches_nothing(name):
    mail = MAILS[name]()
    assert len(mail.html.encode()) < MOST_BYTES
    assert "src=" not in mail.html


def test_an_invoice_carries_its_document_and_a_reminder_carries_none():
    (document,) = MAILS["invoice"]().attachments
    assert (document.filename, document.content) == ("facture-169165.pdf", b"%PDF 169165")
    assert MAILS["reminder"]().attachments == ()


def test_mail_of_several_carries_each_document_under_its_number():
    attachments = MAILS["invoices"]().attachments
    assert [(one.filename, one.content) for one in attachments] == [
        ("facture-169165.pdf", b"%PDF 169165"),
        ("facture-169204.pdf", b"%PDF 169204"),
    ]

"""What families and the régie read about invoices, compared with what was read over and kept."""

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
MAILS = {
    "invoice": lambda: invoice_message(invoice(), document=b"%PDF", **FAMILY),
    "reminder": lambda: reminder_message(invoice(), late=False, **FAMILY),
    "reminder_late": lambda: reminder_message(invoice(), late=True, **FAMILY),
    "run_report": lambda: run_report_message(TOWN.regie.email, report=template_context(REPORT), **TOLD),
    "run_report_to_look_at": lambda: run_report_message(TOWN.regie.email, report=template_context(TROUBLED), **TOLD),
}
SUBJECTS = {
    "invoice": "Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026",
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
    assert (document.filename, document.content) == ("facture-169165.pdf", b"%PDF")
    assert MAILS["reminder"]().attachments == ()

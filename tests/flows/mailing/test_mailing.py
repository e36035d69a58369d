"""From a published run to every letterbox, through the state machine that is deployed."""

import dataclasses
import io
import math
import re
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import Outcome
from chalicelib.errors import MailThrottled, Unavailable
from chalicelib.services.billing.import_run import identify_file, import_run
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.mailing import grouping, plan, send_rate
from chalicelib.services.mailing.close import read_report
from chalicelib.services.mailing.paper import PART
from chalicelib.services.mailing.plan import BATCHES_PER_CHILD
from chalicelib.services.mailing.schedule import start_due_runs
from tests.support.browsing import fold
from tests.support.files import content_of
from tests.support.letterbox import mails
from tests.support.mailing_machine import Machine
from tests.support.people import DUPONT, invoice, line

CREDIT = invoice("507", "martin", billed_cents=-1240, lines=(line(quantity="-4", amount=-1240),))
BATCH = [invoice(str(number), "dupont" if number % 2 else "martin") for number in range(501, 507)] + [CREDIT]


def deposited(portal, *invoices):
    file = identify_file(io.BytesIO(content_of(*invoices)), "factures.csv", today=date(2026, 6, 10))
    return import_run(file, by="Camille", stores=portal.stores, clock=portal.clock).run.run


def published(portal, *invoices):
    run = deposited(portal, *invoices)
    return publish_run(run, date(2026, 6, 10), by="Camille", stores=portal.stores, clock=portal.clock).run


def start_due(portal):
    return start_due_runs(by="tick", stores=portal.stores, clock=portal.clock)


def mailed(portal, run, round_=1):
    return Machine(portal).run({"kind": "run", "run": run, "round": str(round_)})


def outcomes(portal, run):
    return {one.number: one.outcome for one in portal.stores.deliveries.of(run)}


def test_a_run_reaches_every_letterbox_and_closes_to_the_cent(portal):
    run = published(portal, *BATCH)
    assert start_due(portal) == [run]
    assert mailed(portal, run)["end"] == {"closed": True}
    report = read_report(run, context=portal.mailing)
    assert (report.total.count, report.total.cents) == (7, 6 * 5700 - 1240)
    assert (report.outcomes[Outcome.SENT].count, report.outcomes[Outcome.PAPER].count) == (3, 4)
    assert portal.stores.runs.find(run).state is RunState.CLOSED


def test_families_on_mail_get_their_own_document_and_a_way_back_to_paper(portal, dupont):
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    sent = {fold(mail.subject): mail for mail in mails() if mail.to == "dupont@example.org"}
    mail = sent[fold("Vos 3 factures : 171,00 € à payer, au plus tard le 24 juin 2026")]
    attached = {one.get_filename(): one.get_content() for one in mail.message.iter_attachments()}
    assert attached == {f"facture-{n}.pdf": dupont.get(f"/factures/{n}/pdf").body for n in (501, 503, 505)}
    back = next(link for link in mail.links if "retour-papier" in link)
    assert dupont.get(back.removeprefix("https://portail.example.org")).status == 200


def test_each_mail_carries_the_document_of_its_own_invoice(portal, dupont, monkeypatch):
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 1)
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    for mail in (mail for mail in mails() if mail.to == "dupont@example.org"):
        number = re.search(r"n°.(\d+)", mail.subject)[1]
        (attached,) = mail.message.iter_attachments()
        assert attached.get_filename() == f"facture-{number}.pdf"
        assert attached.get_content() == dupont.get(f"/factures/{number}/pdf").body
        assert f"/payer/{number}." in mail.html


def test_invoices_of_one_account_leave_in_one_mail_with_an_outcome_each(portal):
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    assert len([mail for mail in mails() if mail.to == "dupont@example.org"]) == 1
    found = {number: portal.stores.deliveries.find(run, number) for number in ("501", "503", "505")}
    assert {one.outcome for one in found.values()} == {Outcome.SENT}
    assert len({one.message_id for one in found.values()}) == 1
    assert mailed(portal, run, round_=2)["end"] == {"closed": True}
    assert len([mail for mail in mails() if mail.to == "dupont@example.org"]) == 1


def test_accounts_of_one_family_or_of_one_address_never_share_a_mail(portal):
    """Parents who live apart are two accounts of one family, and may even read one mailbox."""
    for username in ("parent-a", "parent-b"):
        portal.stores.accounts.add(DUPONT.model_copy(update={"username": username}))
    batch = [invoice(f"{rank}", username) for username, ranks in (("parent-a", (601, 603)), ("parent-b", (602, 604)))
             for rank in ranks]  # fmt: skip
    run = published(portal, *batch)
    start_due(portal)
    mailed(portal, run)
    sent = [mail for mail in mails() if mail.to == DUPONT.email]
    attached = [sorted(one.get_filename() for one in mail.message.iter_attachments()) for mail in sent]
    assert sorted(attached) == [["facture-601.pdf", "facture-603.pdf"], ["facture-602.pdf", "facture-604.pdf"]]


def test_invoices_of_one_account_far_apart_in_a_run_leave_together_however_the_batches_fall(portal, monkeypatch):
    monkeypatch.setattr(plan, "BATCH", 6)
    portal.stores.accounts.add(DUPONT.model_copy(update={"username": "durand", "email": "durand@example.org"}))
    accounts = ("dupont", "martin", "durand", "martin", "martin")
    run = published(portal, *(invoice(str(number), accounts[number % 5]) for number in range(700, 720)))
    start_due(portal)
    mailed(portal, run)
    for to, rest in ((DUPONT.email, 0), ("durand@example.org", 2)):
        (mail,) = (mail for mail in mails() if mail.to == to)
        attached = sorted(one.get_filename() for one in mail.message.iter_attachments())
        assert attached == [f"facture-{number + rest}.pdf" for number in (700, 705, 710, 715)]


@pytest.mark.parametrize(
    "changes", [{"delivery_mode": DeliveryMode.PAPER}, {"email_bounced_at": datetime(2026, 6, 1, tzinfo=UTC)}]
)
def test_a_family_on_paper_or_whose_mail_comes_back_gets_paper_and_no_mail(portal, changes):
    account = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(account, account.model_copy(update=changes))
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    assert {outcomes(portal, run)[number] for number in ("501", "503", "505")} == {Outcome.PAPER}
    assert not [mail for mail in mails() if mail.to == "dupont@example.org"]


def test_the_regie_reads_the_same_figures(portal):
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    (report,) = [mail for mail in mails() if mail.to == portal.town.regie.email]
    assert fold(report.subject) == fold(f"Campagne {run} : 7 factures, 329,60 €")
    for figure in ("envoyées par courriel", "171,00 €", "papier", "158,60 €"):
        assert report.says(figure), figure


def test_a_closed_run_run_again_sends_nothing(portal):
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    before = len(mails())
    mailed(portal, run, round_=2)
    assert len(mails()) == before
    assert start_due(portal) == []


def test_three_ticks_at_once_start_one_execution(portal):
    run = published(portal, *BATCH)
    assert [start_due(portal) for _ in range(3)] == [[run], [], []]


def test_nothing_is_visible_while_a_batch_could_not_be_drawn(portal, monkeypatch):
    run = published(portal, *BATCH)
    start_due(portal)
    monkeypatch.setattr(portal.stores.pdf_bundles, "put", broken(portal.stores.pdf_bundles.put, ""))
    with pytest.raises(Unavailable):
        mailed(portal, run)
    assert not [pair for pair in portal.stores.invoices.in_run(run) if portal.stores.invoices.find(*pair).visible]
    monkeypatch.undo()


def broken(put, folder):
    def fails(run, name, content):
        if name.startswith(folder):
            raise Unavailable(name)
        return put(run, name, content)

    return fails


def test_transitions_stay_below_two_hundredths_an_invoice(portal):
    """4,100 invoices are 21 batches: the machine's shape is counted here, its speed is not."""
    machine = Machine(portal)
    run = published(portal, *BATCH)
    start_due(portal)
    machine.run({"kind": "run", "run": run, "round": "1"})
    fixed, batches = machine.transitions - 4 * 2, 21
    children = sum(math.ceil(batches / together) for together in BATCHES_PER_CHILD.values()) + math.ceil(4100 / PART)
    assert (fixed + 2 * children) / 4100 <= 0.02


def test_an_invoice_that_cannot_be_drawn_stops_no_other_and_stays_unseen(portal):
    context = portal.mailing

    def draw(invoice, account):
        if invoice.number == "503":
            raise ValueError("poison")
        return context.draw(invoice, account)

    portal.__dict__["mailing"] = dataclasses.replace(context, draw=draw)
    run = published(portal, *BATCH)
    start_due(portal)
    assert mailed(portal, run)["end"] == {"closed": True}
    report = read_report(run, context=context)
    assert (report.failed, report.total.cents) == ((("503", "drawing"),), 6 * 5700 - 1240)
    assert not portal.stores.invoices.find("dupont", "503").visible
    assert portal.stores.invoices.find("dupont", "501").visible


def test_a_quota_leaves_the_run_open_and_the_next_execution_sends_the_rest_once(portal, monkeypatch):
    monkeypatch.setattr(send_rate, "FIRST_WAIT", 0)
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 1)
    context, taken = portal.mailing, []

    def send(message, *, tag=""):
        if len(taken) >= 1:
            raise MailThrottled("quota")
        taken.append(tag)
        return context.send(message, tag=tag)

    portal.__dict__["mailing"] = dataclasses.replace(
        context, send=send, policy=dataclasses.replace(context.policy, rate=999)
    )
    run = published(portal, *BATCH)
    start_due(portal)
    assert mailed(portal, run)["end"] == {"closed": False}
    assert portal.stores.runs.find(run).state is RunState.MAILING
    portal.__dict__["mailing"] = context
    assert mailed(portal, run, round_=2)["end"] == {"closed": True}
    assert sum(mail.to == "dupont@example.org" for mail in mails()) == 3

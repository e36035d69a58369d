"""What breaks on the way waits for another execution: nothing leaves unseen, nothing is forgotten."""

import dataclasses
import io
import random
from contextlib import suppress

import pytest
from pypdf import PdfReader

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import Feedback, Outcome, mail_tag
from chalicelib.errors import MailThrottled, Unavailable
from chalicelib.services.authentication.activation_code import activation_code
from chalicelib.services.mailing import grouping, s3_names, send_rate
from chalicelib.services.mailing.close import LAST_ROUND, read_report
from chalicelib.services.mailing.resolve import retry_failed
from chalicelib.services.mailing.send_once import LEASE
from chalicelib.services.mailing.ses_events import MailEvent, apply_event
from chalicelib.store.accounts import AccountStore
from chalicelib.store.invoice_release import InvoiceRelease
from tests.flows.mailing.test_mailing import BATCH, broken, mailed, outcomes, published, start_due
from tests.support.letterbox import mails
from tests.support.people import DUPONT, MARTIN, invoice
from tests.support.rights import WEB, acting

ODD = invoice("501", "dupont", label="Cantine 中")
DIED = type("Runtime.ExitError", (Exception,), {})
"""What Lambda says of a process that died: Step Functions tries its task again."""


def hidden(self, issued):
    raise Unavailable("visibility")


def test_no_mail_leaves_before_its_family_can_see_the_invoice(portal, monkeypatch):
    run = published(portal, *BATCH)
    start_due(portal)
    with monkeypatch.context() as here:
        here.setattr(InvoiceRelease, "release", hidden)
        assert mailed(portal, run)["end"] == {"closed": False}
    assert (mails(), outcomes(portal, run)) == ([], {})
    assert mailed(portal, run, round_=2)["end"] == {"closed": True}
    (mail,) = (mail for mail in mails() if mail.to == "dupont@example.org")
    assert len([*mail.message.iter_attachments()]) == 3


@pytest.mark.parametrize("number", ["501", "503", "505"])
def test_a_mail_of_several_that_comes_back_is_printed_whole_whichever_invoice_its_tag_names(portal, number):
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    event = MailEvent(email=DUPONT.email, feedback=Feedback.BOUNCED, tag=mail_tag(run, number), stops=True)
    with acting("mail_feedback"):
        changed = [apply_event(event, stores=portal.stores, clock=portal.clock) for _ in range(2)]
    assert changed == [True, False]
    assert {outcomes(portal, run)[one] for one in ("501", "503", "505")} == {Outcome.PAPER}
    assert sorted(one.number for one in portal.stores.deliveries.take_paper("july")) == ["501", "503", "505"]


def test_a_mail_of_several_whose_worker_died_is_cleared_whole_by_an_event(portal, clock):
    context = portal.mailing

    def send(message, *, tag=""):
        context.send(message, tag=tag)
        if tag:
            raise Unavailable("no answer")

    portal.__dict__["mailing"] = dataclasses.replace(context, send=send)
    run = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, run)
    assert {outcomes(portal, run)[one] for one in ("501", "503", "505")} == {Outcome.NEEDS_REVIEW}
    event = MailEvent(email=DUPONT.email, feedback=Feedback.DELIVERED, tag=mail_tag(run, "501"))
    with acting("mail_feedback"):
        assert apply_event(event, stores=portal.stores, clock=clock)
    assert {outcomes(portal, run)[one] for one in ("501", "503", "505")} == {Outcome.SENT}


def test_what_no_execution_could_show_is_listed_as_failed_and_tried_again_by_the_desk(portal, monkeypatch):
    run = published(portal, *BATCH)
    start_due(portal)
    with monkeypatch.context() as here:
        here.setattr(InvoiceRelease, "release", hidden)
        assert mailed(portal, run, round_=LAST_ROUND)["end"] == {"closed": True}
    assert {number for number, _ in read_report(run, context=portal.mailing).failed} == {one.number for one in BATCH}
    monkeypatch.setattr("chalicelib.services.mailing.resolve.BATCH", 3)
    assert retry_failed(run, context=portal.mailing) == len(BATCH)
    assert set(outcomes(portal, run).values()) == {Outcome.SENT, Outcome.PAPER}
    assert len(list(portal.stores.deliveries.take_paper("july"))) == 4


def test_a_character_that_could_not_be_drawn_is_told_though_another_execution_closed(portal, monkeypatch):
    monkeypatch.setattr(send_rate, "FIRST_WAIT", 0)
    context = portal.mailing

    def quota(message, *, tag=""):
        raise MailThrottled("quota")

    portal.__dict__["mailing"] = dataclasses.replace(
        context, send=quota, policy=dataclasses.replace(context.policy, rate=999)
    )
    run = published(portal, ODD, *BATCH[1:])
    start_due(portal)
    assert mailed(portal, run)["end"] == {"closed": False}
    portal.__dict__["mailing"] = context
    assert mailed(portal, run, round_=2)["end"] == {"closed": True}
    assert read_report(run, context=context).missing == (("501", "中"),)


def test_a_mail_that_comes_back_before_its_task_has_noted_it_goes_on_paper(portal):
    """SES may tell of a bounce while the task still waits for its own answer."""
    context = portal.mailing

    def send(message, *, tag=""):
        message_id = context.send(message, tag=tag)
        if tag:
            bounce = MailEvent(email=DUPONT.email, feedback=Feedback.BOUNCED, tag=tag)
            with acting("mail_feedback"):
                apply_event(bounce, stores=portal.stores, clock=portal.clock)
        return message_id

    portal.__dict__["mailing"] = dataclasses.replace(context, send=send)
    run = published(portal, invoice("501"))
    start_due(portal)
    assert mailed(portal, run)["end"] == {"closed": True}
    held = context.stores.deliveries.find(run, "501")
    assert (held.outcome, held.feedback) == (Outcome.PAPER, Feedback.BOUNCED)
    assert read_report(run, context=context).paper.printed.count == 1


def test_a_mail_whose_worker_died_is_listed_when_its_claim_runs_out_before_the_run_closes(portal, clock, monkeypatch):
    monkeypatch.setattr(grouping, "MOST_IN_A_MAIL", 1)
    context, call, died = portal.mailing, portal.tasks.call, []

    def send(message, *, tag=""):
        if tag.endswith("_501"):
            died.append(tag)
            raise DIED
        return context.send(message, tag=tag)

    def slow_printer(name, payload):
        if name == "mailing_print":
            clock.now += LEASE
        return call(name, payload)

    portal.__dict__["mailing"] = dataclasses.replace(context, send=send)
    monkeypatch.setattr(portal.tasks, "call", slow_printer)
    run = published(portal, *BATCH)
    start_due(portal)
    assert mailed(portal, run)["end"] == {"closed": True}
    assert read_report(run, context=context).to_verify == (("501", "lost"),)
    assert len(died) == 1
    assert sum(mail.to == "dupont@example.org" for mail in mails()) == 2


def test_a_family_that_opens_its_account_while_its_invoice_is_drawn_reads_no_code_on_it(portal, monkeypatch):
    unopened = MARTIN.model_copy(update={"username": "nouveau"})
    assert portal.stores.accounts.add(unopened)
    run, read = published(portal, invoice("501", "nouveau")), AccountStore.find_many

    def opened_once_read(self, usernames):
        found = read(self, usernames)
        with acting(WEB):
            self.replace(unopened, unopened.model_copy(update={"password_hash": "chosen"}))
        return found

    start_due(portal)
    monkeypatch.setattr(AccountStore, "find_many", opened_once_read)
    assert mailed(portal, run)["end"] == {"closed": True}
    paper = PdfReader(io.BytesIO(portal.stores.documents.read("factures/501.pdf"))).pages[0].extract_text()
    assert activation_code(unopened, key=portal.secrets.activation[0]) not in paper
    assert portal.stores.accounts.find("nouveau").activation_printed_on is None


def test_a_run_waits_for_every_part_of_its_paper_batch(portal, monkeypatch):
    run = published(portal, *BATCH)
    start_due(portal)
    files = portal.stores.mailing_files
    with monkeypatch.context() as here:
        here.setattr(files, "put", broken(files.put, s3_names.paper_file("001")))
        assert mailed(portal, run, round_=LAST_ROUND)["end"] == {"closed": False}
    assert mailed(portal, run, round_=LAST_ROUND + 1)["end"] == {"closed": True}
    assert portal.stores.runs.find(run).state is RunState.CLOSED


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 8])
def test_calls_of_dynamodb_that_fail_before_or_after_their_work_lose_and_double_nothing(portal, monkeypatch, seed):
    run = published(portal, *BATCH)
    with monkeypatch.context() as here:
        failed = faltering(portal.clients.dynamodb, seed, here)
        assert to_the_end(portal, run) <= LAST_ROUND + 2
    sent = [mail for mail in mails() if mail.to == "dupont@example.org"]
    assert failed
    assert len(sent) == len({mail.subject for mail in sent})
    report = read_report(run, context=portal.mailing)
    assert (report.total.count, report.outcomes[Outcome.SENT].count + len(report.to_verify)) == (7, 3)


def faltering(client, seed, monkeypatch):
    """One call in ten fails, half of them after it was done. Returns the list of those that will have."""
    draw, failed, call = random.Random(seed), [], type(client)._make_api_call  # noqa: S311 - the same for a seed

    def falters(self, operation, given):
        luck = draw.random()
        answer = call(self, operation, given) if luck >= 0.05 else None
        if not 0.05 <= luck < 0.95:
            failed.append(operation)
            raise client.exceptions.InternalServerError({"Error": {"Code": "InternalServerError"}}, operation)
        return answer

    monkeypatch.setattr(type(client), "_make_api_call", falters)
    return failed


def to_the_end(portal, run):
    """Hour after hour until the run is closed. Returns how many executions it took."""
    for round_ in range(1, 20):
        with suppress(Exception):  # an execution that failed: the next tick goes on
            start_due(portal)
            if mailed(portal, run, round_)["end"] == {"closed": True}:
                return round_
        portal.clock.advance(hours=1)
    raise AssertionError("never closed")

"""Three triggers of one run really at once: one execution, and one mail an invoice."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from botocore.client import BaseClient

from chalicelib.services.billing.import_run import identify_file, import_run
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.plan import plan_run
from chalicelib.services.mailing.release import release_batch
from chalicelib.services.mailing.schedule import start_due_runs
from chalicelib.store.executions import ExecutionStore
from tests.support.files import content_of
from tests.support.letterbox import mails
from tests.support.people import invoice

TIMES = 3
INVOICES = [invoice(str(number)) for number in range(501, 513)]


@pytest.fixture
def atomic(monkeypatch):
    """One call of AWS at a time: moto's conditions hold under threads only so; ours must hold between the calls."""
    call, lock = BaseClient._make_api_call, threading.Lock()

    def alone(self, *given):
        with lock:
            return call(self, *given)

    monkeypatch.setattr(BaseClient, "_make_api_call", alone)


@pytest.fixture
def run(portal):
    file = identify_file(io.BytesIO(content_of(*INVOICES)), "factures.csv", today=date(2026, 6, 10))
    name = import_run(file, by="Camille", stores=portal.stores, clock=portal.clock).run.run
    return publish_run(name, date(2026, 6, 10), by="Camille", stores=portal.stores, clock=portal.clock).run


def at_once(do):
    """What `do` answers to each of the threads, which begin together."""
    gate = threading.Barrier(TIMES, timeout=20)

    def begun(_):
        gate.wait()
        return do()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(begun, range(TIMES)))


def executions(portal):
    (machine,) = portal.clients.workflows.list_state_machines()["stateMachines"]
    found = portal.clients.workflows.list_executions(stateMachineArn=machine["stateMachineArn"])
    return [one["name"] for one in found["executions"]]


def test_three_ticks_that_all_saw_nothing_started_start_one_execution(portal, run, atomic, monkeypatch):
    seen, status = threading.Barrier(TIMES, timeout=20), ExecutionStore.status

    def seen_by_all(self, name):
        answer = status(self, name)
        seen.wait()
        return answer

    monkeypatch.setattr(ExecutionStore, "status", seen_by_all)
    started = at_once(lambda: start_due_runs(by="tick", stores=portal.stores, clock=portal.clock))
    assert [run] in started  # Step Functions answers a twin of what runs as it answered the first
    assert executions(portal) == [run]


def test_three_deliveries_of_one_batch_send_each_invoice_once(portal, run, atomic):
    context = portal.mailing
    plan_run(run, context=context)
    batch = s3_names.batch_name(1)
    draw_batch(run, batch, context=context)
    release_batch(run, batch, context=context)
    at_once(lambda: deliver_batch(run, batch, context=context))
    sent = [part.get_filename() for mail in mails() for part in mail.message.iter_attachments()]
    assert sorted(sent) == sorted(f"facture-{one.number}.pdf" for one in INVOICES)

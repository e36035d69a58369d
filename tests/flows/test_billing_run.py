"""From a billing file to what families see: nothing before its day, everything on it, whatever broke on the way."""

import io
from datetime import date

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.domain.billing_run import RunState
from chalicelib.errors import RunRefused, Unavailable
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.services.billing.documents import draw_documents
from chalicelib.services.billing.import_run import identify_file, import_run
from chalicelib.services.billing.issue_invoices import issue_invoices
from chalicelib.services.billing.publish_run import discard_bad_lines, publish_run
from tests.support.files import content_of, invoice_line
from tests.support.people import invoice

JULY = date(2026, 7, 1)
BATCH = [invoice(str(number), "dupont" if number % 2 else "martin") for number in range(501, 507)]
WRONG = invoice_line(numero="9", identifiant="dupont", quantite="2", prix_unitaire="3,10", montant="9,99")


def deposited(portal, *invoices, end=""):
    file = identify_file(io.BytesIO(content_of(*invoices, end=end)), "factures.csv", today=date(2026, 6, 10))
    return import_run(file, by="Camille", stores=portal.stores, clock=portal.clock).run


def released(portal, run):
    """What the workflow does with a run on its day, but for the mails."""
    pairs = list(portal.stores.invoices.in_run(run))
    draw_documents(pairs, draw=lambda *_: b"%PDF-1.7 %%EOF", stores=portal.stores, clock=portal.clock)
    return issue_invoices(run, pairs, stores=portal.stores)


@pytest.fixture
def crash(portal):
    """Lose the answer of the n-th write to DynamoDB: it was done, and nobody was told."""
    events = portal.clients.dynamodb.meta.events
    names = [f"after-call.dynamodb.{operation}" for operation in ("PutItem", "UpdateItem", "DeleteItem")]
    left = []

    def lose(**_):
        left[0] -= 1
        if left[0] == 0:
            raise ConnectionClosedError(endpoint_url="dynamodb")

    def on(write):
        left[:] = [write]

    on(0)
    for name in names:
        events.register(name, lose)
    yield on
    for name in names:
        events.unregister(name, lose)


def test_families_see_nothing_of_a_run_before_its_day_and_all_of_it_then(portal, dupont):
    before = dupont.get("/factures").text
    run = deposited(portal, *BATCH).run
    publish_run(run, JULY, by="Camille", stores=portal.stores, clock=portal.clock)
    assert dupont.get("/factures").text == before
    assert not dupont.get("/factures/historique").says("501")
    for page in ("/factures/501", "/factures/501/pdf"):
        assert dupont.get(page).text == dupont.get(page.replace("501", "999")).text
    released(portal, run)
    assert 'href="/factures/501"' in dupont.get("/factures").text
    assert dupont.get("/factures/501").status == 200
    assert dupont.get("/factures/501/pdf").body == b"%PDF-1.7 %%EOF"
    assert dupont.get("/factures/502").status == 404


def test_a_run_with_a_bad_line_is_published_without_it_once_the_desk_says_so(portal):
    run = deposited(portal, *BATCH, end=WRONG)
    with pytest.raises(RunRefused):
        publish_run(run.run, JULY, by="Camille", stores=portal.stores, clock=portal.clock)
    discard_bad_lines(run.run, by="Camille", stores=portal.stores, clock=portal.clock)
    published = publish_run(run.run, JULY, by="Camille", stores=portal.stores, clock=portal.clock)
    assert (published.figures.invoices, published.bad_lines) == (6, 1)
    assert portal.stores.runs.due(JULY) == [published]


def test_a_corrected_file_follows_a_cancelled_run(portal):
    run = deposited(portal, *BATCH, end=WRONG)
    with pytest.raises(RunRefused):
        publish_run(run.run, JULY, by="Camille", stores=portal.stores, clock=portal.clock)
    assert cancel_run(run.run, by="Camille", stores=portal.stores, clock=portal.clock)[1] == 6
    corrected = deposited(portal, *BATCH, invoice("9"))
    assert (corrected.unresolved, corrected.figures.invoices) == (0, 7)
    assert (
        publish_run(corrected.run, JULY, by="Camille", stores=portal.stores, clock=portal.clock).state
        is RunState.PUBLISHED
    )


@pytest.mark.parametrize("write", [1, 3, 14])
def test_a_deposit_whose_answer_is_lost_anywhere_is_completed_by_the_next_one(portal, crash, write):
    crash(write)
    with pytest.raises(Unavailable):
        deposited(portal, *BATCH)
    run = deposited(portal, *BATCH)
    assert (run.state, run.figures.invoices, run.figures.total_cents) == (RunState.TO_CHECK, 6, 34200)
    assert sorted(portal.stores.invoices.in_run(run.run)) == sorted((one.username, one.number) for one in BATCH)
    assert publish_run(run.run, JULY, by="Camille", stores=portal.stores, clock=portal.clock).publish_on == JULY


@pytest.mark.parametrize("write", [1, 8])
def test_a_release_whose_answer_is_lost_anywhere_is_completed_by_the_next_one(portal, crash, write):
    run = deposited(portal, *BATCH).run
    pairs = list(portal.stores.invoices.in_run(run))
    crash(write)
    with pytest.raises(Unavailable):
        issue_invoices(run, pairs, stores=portal.stores)
    assert len(issue_invoices(run, pairs, stores=portal.stores)) == 6
    listed = {row.number for name in ("dupont", "martin") for row in portal.stores.summaries.find(name)}
    assert listed >= {one.number for one in BATCH}


@pytest.mark.parametrize("write", [1, 3, 14])
def test_a_cancellation_whose_answer_is_lost_anywhere_is_completed_by_the_next_one(portal, crash, write):
    run = deposited(portal, *BATCH).run
    crash(write)
    with pytest.raises(Unavailable):
        cancel_run(run, by="Camille", stores=portal.stores, clock=portal.clock)
    cancelled, _ = cancel_run(run, by="Camille", stores=portal.stores, clock=portal.clock)
    assert (cancelled.state, list(portal.stores.invoices.in_run(run))) == (RunState.CANCELLED, [])
    assert portal.stores.invoices.owners([one.number for one in BATCH]) == {}

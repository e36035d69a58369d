"""The paper batch: sorted by postcode, in parts when it is long, and one document that is lost stops no other."""

import csv
import io

import pytest
from pypdf import PdfReader

from chalicelib.domain.account import Address
from chalicelib.domain.delivery import Outcome
from chalicelib.errors import NotFound
from chalicelib.services.mailing import paper, s3_names
from chalicelib.services.mailing.close import read_report
from tests.flows.mailing.test_mailing import mailed, published, start_due
from tests.support.people import MARTIN, invoice

POSTCODES = ["06990", "06110", "06500", "06990", "06000"]


@pytest.fixture
def run(portal):
    """Five families on paper, each in its town, and their invoices; published and started."""
    for rank, postcode in enumerate(POSTCODES):
        address = Address(line_1="1 rue du Port", postcode=postcode, town="Ici")
        held = MARTIN.model_copy(update={"username": f"p{rank}", "email": None, "address": address})
        assert portal.stores.accounts.add(held)
    name = published(portal, *(invoice(f"60{rank}", f"p{rank}") for rank in range(len(POSTCODES))))
    start_due(portal)
    return name


def listed(portal, run):
    files = portal.stores.mailing_files
    parts = [files.read(run, s3_names.paper_list(one)) for one in paper.paper_parts(run, context=portal.mailing)]
    return [list(csv.DictReader(io.StringIO(one.decode("utf-8-sig")), delimiter=";")) for one in parts]


def test_a_long_batch_comes_in_parts_sorted_by_postcode_from_one_to_the_next(portal, run, monkeypatch):
    monkeypatch.setattr(paper, "PART", 2)
    assert mailed(portal, run)["end"] == {"closed": True}
    rows = listed(portal, run)
    assert [[row["code_postal"] for row in part] for part in rows] == [
        ["06000", "06110"],
        ["06500", "06990"],
        ["06990"],
    ]
    pages = [
        PdfReader(io.BytesIO(portal.stores.mailing_files.read(run, s3_names.paper_file(f"00{one}"))))
        for one in (1, 2, 3)
    ]
    assert [len(one.pages) for one in pages] == [sum(int(row["pages"]) for row in part) for part in rows]
    report = read_report(run, context=portal.mailing).paper
    assert (report.printed.count, report.printed.cents) == (5, 5 * 5700)
    assert report.pages == sum(len(one.pages) for one in pages)


def test_a_document_that_cannot_be_read_is_listed_apart_and_the_others_are_printed(portal, run):
    key = f"factures/{invoice('603').number}.pdf"
    read = portal.stores.documents.__class__.read
    context = portal.mailing
    with pytest.MonkeyPatch.context() as here:
        here.setattr(context.stores.documents.__class__, "read", lost(read, key))
        assert mailed(portal, run)["end"] == {"closed": True}
    report = read_report(run, context=context)
    assert report.paper.apart == ("603",)
    assert (report.outcomes[Outcome.PAPER].count, report.paper.printed.count) == (5, 4)


def lost(read, key):
    def found(self, wanted):
        if wanted == key:
            raise NotFound
        return read(self, wanted)

    return found


def test_what_waited_in_the_queue_is_printed_with_the_run_and_by_no_other(portal, run):
    moved = portal.stores.deliveries
    earlier = published(portal, invoice("599", "p1"))
    start_due(portal)
    mailed(portal, earlier)
    held = moved.find(earlier, "599")
    moved.await_paper(held)
    assert mailed(portal, run)["end"] == {"closed": True}
    assert read_report(run, context=portal.mailing).paper.moved == 1
    assert ["06110", "06110"] == [row["code_postal"] for row in listed(portal, run)[0] if row["identifiant"] == "p1"]

"""`guichet purger`: what the retention ended goes with all its versions; what is owed, owing or locked stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound
from chalicelib.services.payments.quittances import quittance_key
from chalicelib.services.payments.receipts import receipt_key
from chalicelib.store.documents import invoice_key
from chalicelib.store.transactions import transact_write
from tests.support.people import add_invoices, invoice

OLD = date(2016, 6, 10)
"""Ten years to the day before the tests' today."""

LONG_AGO = datetime(2016, 6, 20, tzinfo=UTC)


def old(number, **changes):
    said = {"issued_on": OLD, "due_on": OLD + timedelta(days=14), "billed_cents": 5700, "paid_cents": 5700, **changes}
    return invoice(number, **said)


@pytest.fixture
def archive(portal):
    """A paid invoice of ten years ago, its document written twice over, its payment and the receipt."""
    add_invoices(portal, old("OLD-1"))
    unlocked(portal, invoice_key("OLD-1"), b"%PDF-1", b"%PDF-2")
    portal.stores.payments.add(
        Attempt(
            reference="R1", invoice_number="OLD-1", username="dupont", amount_cents=5700, created_at=LONG_AGO,
            receipt_email="dupont@example.org", state="PAID",
        )
    )  # fmt: skip
    unlocked(portal, receipt_key("R1"), b"%PDF-3")
    return portal


def unlocked(portal, key, *contents):
    """Versions whose lock has ended, as of a document written more than five years ago."""
    bucket = portal.settings.bucket("documents")
    for content in contents:
        put = portal.clients.s3.put_object(Bucket=bucket, Key=key, Body=content)
        lock(portal, key, datetime(2021, 6, 10, tzinfo=UTC), put["VersionId"])


def lock(portal, key, until, version=None):
    """Until when a version may not go; the newest one, unless it is named."""
    bucket, retention = portal.settings.bucket("documents"), {"Mode": "GOVERNANCE", "RetainUntilDate": until}
    which = version or versions(portal, key)[0]["VersionId"]
    portal.clients.s3.put_object_retention(
        Bucket=bucket, Key=key, VersionId=which, Retention=retention, BypassGovernanceRetention=True
    )


def versions(portal, key):
    listed = portal.clients.s3.list_object_versions(Bucket=portal.settings.bucket("documents"), Prefix=key)
    return [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]


def test_what_is_ten_years_old_and_settled_goes_with_every_version(guichet, archive):
    ran = guichet("purger", "--oui")
    assert (ran.code, "57,00 €" in ran.out) == (0, True)
    assert archive.stores.invoices.find("dupont", "OLD-1") is None
    assert "OLD-1" not in [row.number for row in archive.stores.summaries.find("dupont")]
    assert versions(archive, invoice_key("OLD-1")) == versions(archive, receipt_key("R1")) == []
    with pytest.raises(NotFound):
        archive.stores.documents.read(invoice_key("OLD-1"))
    assert archive.stores.payments.find("R1").receipt_email == "-"


def test_the_accounts_trail_stays_and_still_adds_up(guichet, archive):
    entry = LedgerEntry(
        key="CARD#83", kind="CARD", invoice_number="OLD-1", username="dupont", applied_cents=5700, surplus_cents=0,
        counted_on=OLD, booked_at=LONG_AGO, reference="R1",
    )  # fmt: skip
    assert transact_write(archive.clients.dynamodb, [archive.stores.ledger.addition(entry)])
    assert guichet("comptabilite", "verifier").code == 0
    assert guichet("purger", "--oui").code == 0
    assert archive.stores.invoices.owner("OLD-1") == "dupont", "its number is taken for good"
    assert archive.stores.ledger.of("OLD-1") == [entry]
    assert archive.stores.payments.find("R1").amount_cents == 5700
    assert guichet("comptabilite", "verifier").code == 0


def test_quittance_goes_with_its_invoice_and_the_name_on_it(guichet, archive):
    entry = LedgerEntry(
        key="settled#1", kind="OTHER", invoice_number="OLD-1", username="dupont", applied_cents=0, surplus_cents=1,
        counted_on=OLD, booked_at=LONG_AGO, quittance=7, payer="Mme Roussel",
    )  # fmt: skip
    assert transact_write(archive.clients.dynamodb, [archive.stores.ledger.addition(entry)])
    key = quittance_key(7)
    unlocked(archive, key, b"%PDF-7")
    assert guichet("purger", "--oui").code == 0
    assert versions(archive, key) == []
    assert archive.stores.ledger.of("OLD-1") == [entry.model_copy(update={"payer": ""})], "who paid is forgotten"


def test_a_day_short_of_ten_years_stays(guichet, portal):
    add_invoices(portal, old("OLD-2", issued_on=OLD + timedelta(days=1)))
    assert guichet("purger", "--oui").code == 0
    assert portal.stores.invoices.find("dupont", "OLD-2")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"paid_cents": 5600}, "il reste à payer"), ({"surplus_cents": 100}, "un trop-perçu reste à rendre")],
)
def test_money_that_is_not_settled_keeps_an_invoice_and_says_so(guichet, portal, changes, reason):
    add_invoices(portal, old("OLD-3", **changes))
    ran = guichet("purger", "--oui")
    assert (ran.code, f"Facture n° OLD-3 gardée : {reason}" in ran.err) == (0, True)
    assert portal.stores.invoices.find("dupont", "OLD-3")


def test_a_locked_document_keeps_its_invoice_until_another_purge(guichet, portal):
    add_invoices(portal, old("OLD-4"))
    portal.stores.documents.keep(invoice_key("OLD-4"), b"%PDF-4")
    ran = guichet("purger", "--oui")
    assert (ran.code, "OLD-4 gardée : son document ou son reçu est encore verrouillé" in ran.err) == (3, True)
    assert portal.stores.documents.read(invoice_key("OLD-4")) == b"%PDF-4"
    assert portal.stores.invoices.find("dupont", "OLD-4")


def test_a_receipt_still_locked_keeps_the_document_too(guichet, archive):
    archive.stores.documents.keep(receipt_key("R1"), b"paid late")
    lock(archive, receipt_key("R1"), datetime.now(UTC) + timedelta(days=365))
    ran = guichet("purger", "--oui")
    assert (ran.code, "OLD-1 gardée : son document ou son reçu est encore verrouillé" in ran.err) == (3, True)
    assert [one["Key"] for one in versions(archive, invoice_key("OLD-1"))] == [invoice_key("OLD-1")] * 2
    assert archive.stores.payments.find("R1").receipt_email != "-"


def test_an_older_version_still_locked_keeps_them_all(guichet, archive):
    oldest = versions(archive, invoice_key("OLD-1"))[-1]["VersionId"]
    lock(archive, invoice_key("OLD-1"), datetime.now(UTC) + timedelta(days=1), oldest)
    assert guichet("purger", "--oui").code == 3
    assert len(versions(archive, invoice_key("OLD-1"))) == 2


def test_a_legal_hold_keeps_a_document_whose_lock_ended(guichet, archive):
    bucket = archive.settings.bucket("documents")
    archive.clients.s3.put_object_legal_hold(Bucket=bucket, Key=invoice_key("OLD-1"), LegalHold={"Status": "ON"})
    assert guichet("purger", "--oui").code == 3
    assert archive.stores.invoices.find("dupont", "OLD-1")


@pytest.mark.parametrize("how", ["--essai", "--oui"])
def test_a_trial_announces_what_the_purge_then_does(guichet, archive, how):
    add_invoices(archive, old("OLD-4", billed_cents=4200, paid_cents=4200))
    archive.stores.documents.keep(invoice_key("OLD-4"), b"%PDF-4")
    ran = guichet("purger", how)
    assert (ran.code, "57,00 €" in ran.out, "OLD-4 gardée" in ran.err) == (3, True, True)


def test_an_erased_accounts_invoices_are_purged_and_it_does_not_come_back(guichet, archive):
    archive.stores.summaries.remove("dupont")
    archive.stores.accounts.remove("dupont")
    assert guichet("purger", "--oui").code == 0
    assert archive.stores.invoices.find("dupont", "OLD-1") is None
    assert not archive.stores.summaries.find("dupont")
    assert archive.stores.accounts.find("dupont") is None


def test_a_trial_counts_and_touches_nothing(guichet, archive):
    ran = guichet("purger", "--essai")
    assert (ran.code, "À supprimer" in ran.out, "rien n'a été supprimé" in ran.out.replace("’", "'")) == (0, True, True)
    assert archive.stores.invoices.find("dupont", "OLD-1")
    assert len(versions(archive, invoice_key("OLD-1"))) == 2


def test_nothing_goes_without_a_yes(guichet, archive):
    ran = guichet("purger")
    assert (ran.code, "--oui" in ran.err) == (2, True)
    assert archive.stores.invoices.find("dupont", "OLD-1")


def test_a_second_purge_finds_nothing_left(guichet, archive):
    assert guichet("purger", "--oui").code == 0
    ran = guichet("purger", "--oui")
    assert (ran.code, "57,00" in ran.out) == (0, False)

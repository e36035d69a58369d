"""The fictional town: its files are read back by the import, and its figures are those of a real one."""

import io
import subprocess
import sys
from datetime import date, timedelta
from itertools import chain
from statistics import mean

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import read_children
from chalicelib.importing.invoices import read_invoices
from local.town import files
from local.town.billing import Town
from local.town.demo import demo_files
from local.town.school import months_before

TODAY = date(2026, 11, 23)
DAYS = [TODAY, date(2024, 2, 29), date(2027, 1, 1), date(2026, 9, 2), date(2026, 8, 31), date(2027, 6, 10)]


def values(read, content):
    records = list(read(io.BytesIO(content)))
    assert [fault for record in records for fault in record.problems] == []
    return [record.value for record in records]


@pytest.fixture(scope="module")
def town():
    return Town(families=400, seed=2026, today=TODAY)


@pytest.fixture(scope="module")
def invoices(town):
    return list(chain.from_iterable(map(town.invoices, months_before(TODAY, 12))))


def test_what_is_written_is_what_the_import_reads(town):
    written = list(town.invoices(date(2026, 10, 1)))
    out = io.StringIO(newline="")
    files.write(out, files.INVOICES, chain.from_iterable(map(files.invoice_rows, written)))
    assert values(read_invoices, out.getvalue().encode()) == written
    assert len(written) > 100


def test_accounts_and_children_are_read_back_too(town):
    homes = list(town.households())
    out = io.StringIO(newline="")
    files.write(out, files.ACCOUNTS, (files.account_row(one) for home in homes for one in home.accounts))
    assert values(read_accounts, out.getvalue().encode()) == [one for home in homes for one in home.accounts]
    out = io.StringIO(newline="")
    files.write(out, files.CHILDREN, (files.child_row(home.family, one.child) for home in homes for one in home.pupils))
    expected = [(home.family, one.child) for home in homes for one in home.pupils]
    assert values(read_children, out.getvalue().encode()) == expected


def test_the_same_seed_makes_the_same_town_and_another_one_another():
    month = date(2026, 10, 1)
    first = [list(Town(families=5, seed=seed, today=TODAY).invoices(month)) for seed in (1, 1, 2)]
    assert first[0] == first[1]
    assert first[0] != first[2]


def test_invoices_look_like_those_of_a_real_town(invoices):
    assert 6800 < mean(invoice.billed_cents for invoice in invoices) < 8000
    assert 3.5 < mean(len(invoice.lines) for invoice in invoices) < 4.1
    assert max(len(invoice.lines) for invoice in invoices) <= 25
    assert len({invoice.number for invoice in invoices}) == len(invoices)
    assert any(invoice.billed_cents < 0 for invoice in invoices)
    assert any(invoice.billed_cents == 0 for invoice in invoices)


def test_the_due_ones_are_mostly_recent(invoices):
    due = [invoice for invoice in invoices if invoice.balance_cents]
    assert mean(invoice.due_on > TODAY - timedelta(days=62) for invoice in due) > 0.6
    assert len(due) < len(invoices) / 5


def test_families_look_like_those_of_a_real_town(town):
    accounts = [account for home in town.households() for account in home.accounts]
    assert 0.3 < mean(account.delivery_mode is DeliveryMode.EMAIL for account in accounts) < 0.5
    assert 0.02 < mean(account.direct_debit for account in accounts) < 0.2
    assert 400 < len(accounts) < 460
    assert all(account.email is None or account.email.endswith("@example.org") for account in accounts)


@pytest.mark.parametrize("today", DAYS)
def test_the_demo_families_owe_what_the_guide_shows(today):
    demo = demo_files(today)
    due = {}
    for invoice in values(read_invoices, demo["factures.csv"]):
        if invoice.balance_cents:
            due.setdefault(invoice.username, []).append(invoice)
    assert sorted(invoice.balance_cents for invoice in due["100001"]) == [4400, 5700]
    (guide,) = (invoice for invoice in due["100001"] if invoice.number == "169165")
    assert guide.due_on == today + timedelta(days=14)
    assert guide.label.startswith("Restauration Scolaire ")
    assert len(guide.lines) == 3
    assert "100002" not in due


@pytest.mark.parametrize("today", DAYS)
def test_the_demo_history_is_five_years_long(today):
    mine = [one for one in values(read_invoices, demo_files(today)["factures.csv"]) if one.username == "100001"]
    oldest = min(invoice.issued_on for invoice in mine)
    assert timedelta(days=5 * 365 - 75) < today - oldest < timedelta(days=5 * 365 + 1)
    assert 45 < len(mine) < 65
    assert max(invoice.issued_on for invoice in mine) <= today


def test_the_demo_families_are_those_of_the_readme():
    demo = demo_files(TODAY)
    accounts = {account.username: account for account in values(read_accounts, demo["comptes.csv"])}
    assert {"100001", "100002", "100003", "100004", "100005"} < accounts.keys()
    assert accounts["100001"].family == accounts["100005"].family
    assert accounts["100003"].email is None
    assert accounts["100001"].gets_email
    children = values(read_children, demo["enfants.csv"])
    assert [child.first_name for family, child in children if family == "7001"] == ["Zoé", "Émile"]
    billed = {invoice.username for invoice in values(read_invoices, demo["factures.csv"])}
    assert accounts.keys() >= billed >= {"100003", "100004", "100005"}


def test_the_command_writes_the_files_of_a_town(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "local.town", "--families=3", "--months=2", "--today=2026-11-01", f"--out={tmp_path}"],
        check=True,
        capture_output=True,
    )
    assert {path.name for path in tmp_path.iterdir()} == {
        "comptes.csv", "enfants.csv", "factures-2026-08.csv", "factures-2026-09.csv",
    }  # fmt: skip
    assert len(values(read_accounts, (tmp_path / "comptes.csv").read_bytes())) >= 3

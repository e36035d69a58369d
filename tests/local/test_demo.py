"""The demo town comes in through the town's own doors, once."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib import portal as portals
from chalicelib.formats import day_in_paris
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.invoices import read_invoices
from chalicelib.services.account.family_import import import_accounts
from chalicelib.services.authentication.activation_code import is_activation_code
from chalicelib.services.authentication.hashing import check_password
from chalicelib.services.billing.invoice_import import import_invoices
from local import demo
from local.town.__main__ import main as write_town
from tests.conftest import TEST_SECRETS
from tests.support.emulated import clients
from tests.support.fakes.tasks import TasksHere

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def empty_portal(aws, clock, settings):
    """A portal whose town nobody has brought in yet."""
    return portals.build(settings, TEST_SECRETS, clock=clock, clients=clients(), tasks=TasksHere())


@pytest.fixture
def town(empty_portal):
    demo.load_demo(empty_portal)
    return empty_portal


def opens(portal, username):
    account = portal.stores.accounts.find(username)
    return check_password(demo.PASSWORD, account.password_hash, peppers=portal.secrets.pepper, cost=4)


def test_four_families_have_the_demo_password_and_the_fifth_a_code_printed_today(town):
    assert all(opens(town, username) for username in demo.OPENED)
    fifth = town.stores.accounts.find(demo.NEVER_OPENED)
    assert not fifth.opened
    assert is_activation_code(demo.demo_code(town), fifth, keys=town.secrets.activation)
    assert fifth.activation_printed_on == day_in_paris(town.clock())


def test_the_families_are_as_promised(town):
    rows = {username: town.stores.summaries.find(username) for username in demo.OPENED}
    due = {username: [row.balance_cents for row in rows[username] if row.due] for username in demo.OPENED}
    assert (len(due["100001"]), 5700 in due["100001"], due["100002"]) == (2, True, [])
    issued = [row.issued_on for row in rows["100001"]]
    assert max(issued) - min(issued) > timedelta(days=4 * 365)
    assert town.stores.accounts.find("100003").email is None
    assert town.stores.accounts.find("100005").family == town.stores.accounts.find("100001").family
    assert rows["100005"]


def test_documents_are_left_to_the_drawing_task_and_a_town_that_is_there_is_left_as_it_is(town):
    (name, payload), *others = town.tasks.started
    assert (name, others) == ("draw_documents", [])
    assert {username for username, _ in payload["invoices"]} > {"100001", "100005"}
    before = list(town.stores.accounts.every())
    town.tasks.started.clear()
    demo.load_demo(town)
    assert (list(town.stores.accounts.every()), town.tasks.started) == (before, [])


@pytest.fixture
def readmes_town(town, tmp_path, monkeypatch):
    """The folder that the README's own command writes, on the day of the demo."""
    (words,) = re.findall(r"-m local\.town (.*) --out build/ville", README.read_text("utf-8"))
    today = day_in_paris(town.clock()).isoformat()
    monkeypatch.setattr("sys.argv", ["local.town", *shlex.split(words), "--today", today, "--out", str(tmp_path)])
    write_town()
    return tmp_path


def test_the_readmes_town_comes_in_beside_the_demo_and_changes_nothing_of_it(town, readmes_town):
    accounts, rows = list(town.stores.accounts.every()), {one: town.stores.summaries.find(one) for one in demo.OPENED}
    given = [account for _, account in demo.parsed_values(read_accounts, (readmes_town / "comptes.csv").read_bytes())]
    outcome = import_accounts(given, accounts=town.stores.accounts)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (len(given), 0, 0)
    for file in readmes_town.glob("factures-*.csv"):
        bills = import_invoices(demo.parsed_values(read_invoices, file.read_bytes()), stores=town.stores)
        assert (bills.added > 30, bills.unchanged, bills.refused) == (True, 0, [])
    assert not outcome.families & {account.family for account in accounts}
    assert town.stores.accounts.find_many([one.username for one in accounts]) == {one.username: one for one in accounts}
    assert {one: town.stores.summaries.find(one) for one in demo.OPENED} == rows

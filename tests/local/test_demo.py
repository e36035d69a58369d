"""The demo town comes in through the town's own doors, once."""

from datetime import timedelta

import pytest

from chalicelib import portal as portals
from chalicelib.clock import day_in_paris
from chalicelib.services.activation import is_activation_code
from chalicelib.services.passwords import check_password
from local import demo
from tests.conftest import TEST_SECRETS
from tests.emulated import clients
from tests.fakes import TasksHere


@pytest.fixture
def empty_portal(aws, clock, settings):
    """A portal whose town nobody has brought in yet."""
    return portals.build(settings, TEST_SECRETS, clock=clock, clients=clients(), tasks=TasksHere())


@pytest.fixture
def town(empty_portal):
    demo.load_demo(empty_portal)
    return empty_portal


def opens(portal, username):
    account = portal.accounts.find(username)
    return check_password(demo.PASSWORD, account.password_hash, peppers=portal.secrets.pepper, cost=4)


def test_four_families_have_the_demo_password_and_the_fifth_a_code_printed_today(town):
    assert all(opens(town, username) for username in demo.OPENED)
    fifth = town.accounts.find(demo.NEVER_OPENED)
    assert not fifth.opened
    assert is_activation_code(demo.demo_code(town), fifth, keys=town.secrets.activation)
    assert fifth.activation_printed_on == day_in_paris(town.clock())


def test_the_families_are_as_promised(town):
    rows = {username: town.summaries.find(username) for username in demo.OPENED}
    due = {username: [row.balance_cents for row in rows[username] if row.due] for username in demo.OPENED}
    assert (len(due["100001"]), 5700 in due["100001"], due["100002"]) == (2, True, [])
    issued = [row.issued_on for row in rows["100001"]]
    assert max(issued) - min(issued) > timedelta(days=4 * 365)
    assert town.accounts.find("100003").email is None
    assert town.accounts.find("100005").family == town.accounts.find("100001").family
    assert rows["100005"]


def test_documents_are_left_to_the_drawing_task_and_a_town_that_is_there_is_left_as_it_is(town):
    (name, payload), *others = town.tasks.started
    assert (name, others) == ("draw_documents", [])
    assert {username for username, _ in payload["invoices"]} > {"100001", "100005"}
    before = list(town.accounts.every())
    town.tasks.started.clear()
    demo.load_demo(town)
    assert (list(town.accounts.every()), town.tasks.started) == (before, [])

"""Changing an account that others change at the same moment."""

from datetime import UTC, datetime

import pytest

from chalicelib.errors import NotFound, Unavailable
from chalicelib.store.account_update import update_account, with_parent_changes
from chalicelib.store.retry import MAX_ATTEMPTS
from tests.support.fakes.accounts import FakeAccounts
from tests.support.people import DUPONT

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


class Busy(FakeAccounts):
    """Somebody writes a telephone just before each of our first `times` writes."""

    def __init__(self, times):
        super().__init__(accounts=[DUPONT])
        self.times = times

    def replace(self, before, after):
        if self.times:
            self.times -= 1
            stands = self.items["dupont"]
            super().replace(stands, stands.model_copy(update={"landline": f"01990000{self.times:02d}"}))
        return super().replace(before, after)


def rename(account):
    return account.model_copy(update={"mobile": "0612345678"})


def test_what_somebody_wrote_in_between_is_kept():
    accounts = Busy(times=2)
    before, after = update_account(DUPONT, rename, accounts=accounts)
    assert (before.landline, after.landline, after.mobile) == ("0199000000", "0199000000", "0612345678")
    assert accounts.find("dupont") == after


def test_no_change_writes_nothing():
    accounts = FakeAccounts(accounts=[DUPONT])
    with accounts.writes.none_expected():
        assert update_account(DUPONT, lambda account: account, accounts=accounts) == (DUPONT, DUPONT)


def test_account_that_never_holds_still_is_unavailable():
    with pytest.raises(Unavailable):
        update_account(DUPONT, rename, accounts=Busy(times=MAX_ATTEMPTS))


def test_account_erased_meanwhile_is_not_found():
    accounts = Busy(times=1)
    accounts.find = lambda username: None
    with pytest.raises(NotFound):
        update_account(DUPONT, rename, accounts=accounts)


@pytest.mark.parametrize("place", ["before", "after"])
def test_write_whose_answer_was_lost_is_known_again(place):
    accounts = FakeAccounts(accounts=[DUPONT])
    accounts.writes.fail_at = {0: place}
    if place == "before":
        with pytest.raises(Unavailable):
            update_account(DUPONT, rename, accounts=accounts)
        assert accounts.find("dupont") == DUPONT
    else:
        before, after = update_account(DUPONT, rename, accounts=accounts)
        assert (before, after) == (DUPONT, accounts.find("dupont"))
        assert after.mobile == "0612345678"


def test_write_that_was_sent_twice_is_known_as_made_once():
    accounts = FakeAccounts(accounts=[DUPONT])
    replace = accounts.replace
    accounts.replace = lambda before, after: replace(before, after) and replace(before, after)
    before, after = update_account(DUPONT, rename, accounts=accounts)
    assert (before.mobile, after.mobile, after.version) == (None, "0612345678", 1)
    assert accounts.find("dupont") == after


def test_only_what_differs_is_marked_as_the_parent_s():
    changed = with_parent_changes(DUPONT, NOON, mobile="0612345678", email=DUPONT.email)
    assert (changed.changed_by_parent, changed.changed_at) == (("mobile",), NOON)
    assert with_parent_changes(DUPONT, NOON, email=DUPONT.email) is DUPONT


def test_marks_add_up_once_each():
    marked = DUPONT.model_copy(update={"changed_by_parent": ("address", "mobile")})
    changed = with_parent_changes(marked, NOON, mobile="0612345678", email=None)
    assert changed.changed_by_parent == ("address", "email", "mobile")

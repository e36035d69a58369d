"""The search follows accounts and families, whoever writes at once and wherever a worker stops."""

import pytest

from chalicelib.domain.family import Child, Family
from chalicelib.domain.search.account_words import entries_of
from chalicelib.errors import Unavailable
from chalicelib.services.account.check_search import check_search, repair_search
from chalicelib.services.account.index_accounts import index_accounts, read_indexing, store_entries
from chalicelib.store.search import Entry
from tests.support.fakes.stores import memory_stores
from tests.support.people import CHILDREN, DUPONT, MARTIN

MOVED = DUPONT.model_copy(update={"mobile": "0612345678", "email": None, "family": "F3"})


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN], families=[CHILDREN])


def change(stores, account):
    stores.accounts.items[account.username] = account


def true_of(stores, username="dupont"):
    """Whether exactly the entries of the account as it is are stored, each with its words."""
    account = stores.accounts.find(username)
    family = stores.families.find_many([account.family]).get(account.family) if account else None
    stored = {name: one for name, one in stores.search.items.items() if one.username == username}
    if account is None:
        return not stored and username not in stores.search.lists
    wanted = entries_of(account, family)
    carried = {(one.words, one.family) for one in stored.values()}
    return stored.keys() == wanted.entries and carried == {(wanted.words, wanted.family)}


def test_an_account_is_indexed_once(stores):
    assert index_accounts(["dupont", "martin", "dupont", "personne"], stores=stores) == 2
    assert true_of(stores)
    assert true_of(stores, "martin")
    with stores.writes.none_expected():
        assert index_accounts(["dupont", "martin", "personne"], stores=stores) == 0


def test_what_changed_is_found_by_its_new_words_and_not_by_the_old_ones(stores):
    index_accounts(["dupont"], stores=stores)
    change(stores, MOVED)
    assert index_accounts(["dupont"], stores=stores) == 1
    assert true_of(stores)
    assert "612345678#dupont" in stores.search.items
    assert "dupont@example.org#dupont" not in stores.search.items
    assert stores.search.usernames_of("F1") == []


def test_words_that_only_narrow_a_search_are_carried_by_every_entry(stores):
    index_accounts(["dupont"], stores=stores)
    change(stores, DUPONT.model_copy(update={"address": DUPONT.address.model_copy(update={"town": "Port-Neuf"})}))
    assert index_accounts(["dupont"], stores=stores) == 1
    assert true_of(stores)


def test_an_erased_account_leaves_nothing(stores):
    index_accounts(["dupont"], stores=stores)
    del stores.accounts.items["dupont"]
    assert index_accounts(["dupont"], stores=stores) == 1
    assert true_of(stores)
    assert not stores.search.items


@pytest.mark.parametrize("after", [MOVED, None])
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_stops_anywhere_leaves_what_the_next_one_puts_right(stores, after, place, when):
    index_accounts(["dupont"], stores=stores)
    change(stores, after) if after else stores.accounts.items.pop("dupont")
    stores.writes.fail_at = {stores.writes.done + place: when}
    try:
        index_accounts(["dupont"], stores=stores)
    except Unavailable:
        change(stores, DUPONT.model_copy(update={"landline": "0199001234"}))
    index_accounts(["dupont"], stores=stores)
    assert true_of(stores)


def test_two_workers_who_read_different_accounts_end_with_the_last_one(stores, monkeypatch):
    monkeypatch.setattr("chalicelib.store.retry.random.uniform", lambda *_: 0)
    (stale,) = read_indexing(["dupont"], stores=stores)
    change(stores, MOVED)
    index_accounts(["dupont"], stores=stores)
    store_entries(stale, stores=stores)
    assert true_of(stores)


@pytest.mark.parametrize("step", range(1, 7))
def test_a_worker_overtaken_in_the_middle_takes_back_what_it_wrote(step, monkeypatch):
    monkeypatch.setattr("chalicelib.store.retry.random.uniform", lambda *_: 0)
    stores = memory_stores(accounts=[DUPONT], families=[CHILDREN])
    index_accounts(["dupont"], stores=stores)
    change(stores, DUPONT.model_copy(update={"landline": "0199001234"}))
    left = [step]

    def overtake():
        left[0] -= 1
        if left[0] == 0:
            change(stores, MOVED)
            stores.writes.lock.release()
            try:
                index_accounts(["dupont"], stores=stores)
            finally:
                stores.writes.lock.acquire()

    stores.writes.step = overtake
    index_accounts(["dupont"], stores=stores)
    assert true_of(stores)


def test_a_family_written_before_its_account_s_entries_is_not_missed(stores, monkeypatch):
    """The family's own event finds no account yet: the account's worker must see it."""
    monkeypatch.setattr("chalicelib.store.retry.random.uniform", lambda *_: 0)
    (planned,) = read_indexing(["dupont"], stores=stores)
    stores.families.put(Family(family="F1", children=(Child(last_name="Diallo", first_name="Zoé"),)))
    assert stores.search.usernames_of("F1") == []
    store_entries(planned, stores=stores)
    assert "zoe#dupont" in stores.search.items
    assert true_of(stores)


def test_an_account_that_never_stops_changing_is_given_up_and_told(stores, monkeypatch):
    monkeypatch.setattr("chalicelib.store.retry.random.uniform", lambda *_: 0)
    monkeypatch.setattr(stores.search, "put_roster", lambda before, after: None)
    with pytest.raises(Unavailable):
        index_accounts(["dupont"], stores=stores)


def test_a_check_names_what_is_missing_stale_or_in_excess_and_a_repair_ends_it(stores):
    index_accounts(["dupont", "martin"], stores=stores)
    assert check_search(stores=stores).differences == ()
    del stores.search.items["eloise#dupont"]
    stores.search.write([stores.search.items["martin#martin"].model_copy(update={"words": "martin"})])
    stray = Entry(entry="zoe#dupont", username="dupont", family="F1", words="zoe")
    gone = Entry(entry="ancien#ancien", username="ancien", family="F8", words="ancien")
    stores.search.write([stray, gone])
    checked = check_search(stores=stores)
    assert checked.accounts == 2
    found = [(one.username, one.missing, one.excess, one.exists) for one in checked.differences]
    assert found == [
        ("ancien", (), ("ancien#ancien",), False),
        ("dupont", ("eloise#dupont",), ("zoe#dupont",), True),
        ("martin", ("martin#martin",), (), True),
    ]
    repair_search(checked.differences, stores=stores)
    assert check_search(stores=stores).differences == ()
    assert all(true_of(stores, name) for name in ("ancien", "dupont", "martin"))


def test_an_empty_search_is_filled_and_progress_is_told(stores):
    told = []
    checked = check_search(stores=stores, progress=told.append)
    repair_search(checked.differences, stores=stores, progress=told.append)
    assert told == [2, 2]
    assert true_of(stores)
    assert true_of(stores, "martin")


def test_a_roster_left_by_an_account_that_is_gone_is_removed(stores):
    index_accounts(["dupont"], stores=stores)
    del stores.accounts.items["dupont"]
    stores.search.items.clear()
    (one,) = [one for one in check_search(stores=stores).differences if one.username == "dupont"]
    assert (one.missing, one.excess, one.exists) == ((), (), False)
    repair_search([one], stores=stores)
    assert stores.search.lists == {}


def test_a_roster_that_was_never_settled_is_told(stores):
    index_accounts(["dupont", "martin"], stores=stores)
    roster = stores.search.lists["dupont"]
    stores.search.lists["dupont"] = roster.model_copy(update={"settled": False})
    checked = check_search(stores=stores)
    assert [(one.username, one.missing, one.excess) for one in checked.differences] == [("dupont", (), ())]
    repair_search(checked.differences, stores=stores)
    assert check_search(stores=stores).differences == ()

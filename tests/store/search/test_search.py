"""The table of the search, in memory and over moto: one contract."""

import pytest

from chalicelib.store.search import Entry, Roster


def entry(name, family="F1", words="dupont eloise"):
    return Entry(entry=name, username=name.rpartition("#")[2], family=family, words=words)


@pytest.fixture
def search(stores):
    return stores.search


def test_entries_are_found_by_the_beginning_of_their_word_in_order(search):
    search.write([entry("dupont#2"), entry("dupont#1"), entry("dupond#3"), entry("durand#4"), entry("~dupon#1")])
    found = search.beginning_with("du", "dupon")
    assert [one.entry for one in found.entries] == ["dupond#3", "dupont#1", "dupont#2"]
    assert found.entries[1] == entry("dupont#1")
    assert found.complete
    assert [one.entry for one in search.beginning_with("~du", "~dupon#").entries] == ["~dupon#1"]
    assert search.beginning_with("zo", "zoe").entries == []


def test_an_entry_written_again_carries_the_new_words_and_a_dropped_one_is_gone(search):
    search.write([entry("dupont#1"), entry("eloise#1")])
    search.write([entry("dupont#1", words="dupont noe")], drop=["eloise#1", "unknown#1"])
    assert search.beginning_with("du", "dupont").entries == [entry("dupont#1", words="dupont noe")]
    assert search.beginning_with("el", "eloise").entries == []


def test_many_entries_are_written_at_once(search):
    names = [f"mot{n:03}#1" for n in range(60)]
    search.write([entry(name) for name in names])
    assert [one.entry for one in search.beginning_with("mo", "mot").entries] == names
    search.write([], drop=names)
    assert search.beginning_with("mo", "mot").entries == []


def test_the_accounts_of_a_family_are_listed_under_its_very_number(search):
    search.write([entry("#F1#1"), entry("#F1#2"), entry("#F12#3"), entry("f1#4")])
    assert search.usernames_of("F1") == ["1", "2"]
    assert search.usernames_of("f1") == []


def test_a_roster_is_written_by_whoever_read_the_last_one(search):
    first = search.put_roster(None, Roster(username="1", family="F1", words="dupont", entries=("dupont#1",)))
    assert search.rosters(["1", "2"]) == {"1": first}
    assert search.put_roster(None, first) is None
    second = search.put_roster(first, first.model_copy(update={"settled": True}))
    assert (second.version, second.settled) == (2, True)
    assert search.put_roster(first, first) is None
    assert not search.drop_roster(first)
    assert search.rosters(["1"]) == {"1": second}
    assert search.drop_roster(second)
    assert not search.drop_roster(second)
    assert search.rosters(["1"]) == {}


def test_a_scan_yields_entries_and_rosters(search):
    search.write([entry("dupont#1"), entry("#F1#1")])
    roster = search.put_roster(None, Roster(username="1"))
    found = list(search.every())
    assert len(found) == 3
    assert all(one in found for one in (entry("dupont#1"), entry("#F1#1"), roster))

"""A family is found by what it says at the counter, seconds after it changed, and no longer by what it was."""

import logging
import threading

import pytest

from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.family import Child, Family
from chalicelib.errors import NothingToSearch
from chalicelib.services.account.find_families import MOST_ANSWERS, find_families
from tests.support.counting import counted_calls
from tests.support.payments.paying import reference_of, start
from tests.support.people import CHILDREN, add_invoices, invoice
from tests.support.rights import COMMAND, acting
from tests.support.streams import deliver_streams

KEY = b"k" * 32


@pytest.fixture
def town(portal):
    """The portal, whose search holds dupont and martin."""
    assert deliver_streams(portal) == 2
    return portal


def find(portal, typed):
    with acting(COMMAND):
        return find_families(typed, stores=portal.stores, key=KEY, now=portal.clock())


def found(portal, typed):
    return [one.account.username for one in find(portal, typed).found]


def add(portal, username, last_name, first_name="", *, family="", child="", town="Saint-Aubin-les-Pins", **more):
    holder = Holder(last_name=last_name, first_name=first_name)
    address = Address(line_1="1 rue Haute", postcode="06990", town=town)
    account = Account(username=username, family=family or f"F-{username}", holder=holder, address=address, **more)
    assert portal.stores.accounts.add(account)
    if child:
        children = (Child(last_name=last_name, first_name=child),)
        portal.stores.families.put(Family(family=account.family, children=children))


def save(browser, **fields):
    browser.get("/coordonnees")
    assert browser.post("/coordonnees", **fields).status == 303


@pytest.mark.parametrize(
    "typed",
    [
        "Dupont", "DUPONT", "dup", "éloïse", "eloise dupont", "dupont éloïse", "noé", "noe dupont", "dupond",
        "dupont@example.org", "dupont@ex", "F1", "dupont saint-aubin", "dupont mûriers", "169165", "150001",
    ],
)  # fmt: skip
def test_a_family_is_found_by_what_it_says(town, typed):
    assert found(town, typed) == ["dupont"]


@pytest.mark.parametrize(
    "typed", ["personne", "upont", "dupont martin", "999999", "dupont lyon", "AAAAAABBBBBBCCCCCCDDDDDD"]
)
def test_nobody_is_found_by_what_nobody_is(town, typed):
    assert find(town, typed).found == ()


def test_a_payment_is_found_by_its_reference_however_it_is_typed(town, dupont):
    reference = reference_of(start(dupont))
    assert found(town, reference) == found(town, reference.lower().replace("-", "")) == ["dupont"]
    (one,) = find(town, reference).found
    assert [child.first_name for child in one.children] == ["Noé"]


def test_a_telephone_changed_on_the_portal_is_found_and_the_old_one_is_not(town, dupont):
    save(dupont, telephone_mobile="06 12 34 56 78", courriel="dupont@example.org")
    deliver_streams(town)
    assert found(town, "06 12 34 56 78") == found(town, "+33612345678") == found(town, "06 12 34") == ["dupont"]
    save(dupont, telephone_mobile="06 98 76 54 32", courriel="dupont@example.org")
    deliver_streams(town)
    assert found(town, "0612345678") == []
    assert found(town, "0698765432") == ["dupont"]


def test_a_row_that_lags_behind_its_account_is_left_out(town, dupont):
    save(dupont, telephone_mobile="06 12 34 56 78", courriel="dupont@example.org")
    deliver_streams(town)
    save(dupont, telephone_mobile="06 98 76 54 32", courriel="dupont@example.org")
    assert found(town, "0612345678") == [], "the entry is still there, the account has it no longer"


def test_a_child_who_comes_or_leaves_is_followed_on_every_account_of_the_family(town):
    add(town, "separe", "Lefèvre", "Paul", family="F1")
    deliver_streams(town)
    assert found(town, "noé") == ["dupont", "separe"]
    town.stores.families.put(Family(family="F1", children=(*CHILDREN.children, Child(last_name="D", first_name="Zoé"))))
    assert deliver_streams(town) == 2
    assert found(town, "zoé") == ["dupont", "separe"]
    town.stores.families.put(CHILDREN)
    deliver_streams(town)
    assert found(town, "zoé") == []


def test_an_account_that_goes_to_another_family_shows_its_children(town):
    add(town, "autre", "Lefèvre", family="F7", child="Malo")
    deliver_streams(town)
    account = town.stores.accounts.find("dupont")
    assert town.stores.accounts.replace(account, account.model_copy(update={"family": "F7"}))
    (one,) = find(town, "dupont").found
    assert [child.first_name for child in one.children] == ["Malo"], "even before the stream is read"
    deliver_streams(town)
    assert sorted(found(town, "malo")) == ["autre", "dupont"]
    assert found(town, "noé") == []


def test_an_erased_account_empties_its_entries(town):
    town.stores.accounts.remove("dupont")
    assert deliver_streams(town) == 1
    assert found(town, "dupont") == []
    assert [one for one in town.stores.search.every() if one.username == "dupont"] == []


def test_exact_words_come_before_beginnings_and_those_before_sounds(town):
    add(town, "1", "Dupontel")
    add(town, "2", "Dupond")
    deliver_streams(town)
    assert found(town, "dupont") == ["dupont", "1", "2"]


def test_the_holder_s_own_name_comes_before_a_child_s(town):
    add(town, "1", "Abadie", family="F1")
    deliver_streams(town)
    assert found(town, "dupont") == ["dupont", "1"]


def test_twenty_martins_are_shown_and_the_twenty_first_is_told(town):
    for number in range(MOST_ANSWERS):
        add(town, f"{200000 + number}", "Martin", f"Prénom{number:02}", child="Zoé" if number == 7 else "")
    deliver_streams(town)
    answers = find(town, "martin")
    assert (len(answers.found), answers.more) == (20, True)
    answers = find(town, "martin zoe")
    assert ([one.account.username for one in answers.found], answers.more) == (["200007"], False)


def test_a_commune_narrows_a_search_down_and_finds_nobody_alone(town):
    add(town, "1", "Martin", town="Port-Neuf")
    deliver_streams(town)
    assert found(town, "martin port-neuf") == ["1"]
    assert found(town, "port-neuf") == []


def test_what_is_due_and_what_locks_are_shown(town):
    add_invoices(town, invoice("180000", billed_cents=300))
    (one,) = find(town, "dupont").found
    assert (one.due_cents, one.locks) == (6000, ())


@pytest.mark.parametrize("typed", ["", " ", "d", "’", "!?"])
def test_what_cannot_be_looked_for_is_refused(town, typed):
    with pytest.raises(NothingToSearch):
        find(town, typed)


def rounds(portal, work):
    """Returns how many times AWS was waited for: what threads of one pool ask, they ask at once."""
    waited = []

    def note(**_):
        thread = threading.current_thread()
        waited.append(thread.name.rpartition("_")[0] if thread is not threading.main_thread() else len(waited))

    client = portal.clients.dynamodb
    client.meta.events.register_first("before-call.*.*", note)
    with counted_calls(portal) as calls:
        work()
    client.meta.events.unregister("before-call.*.*", note)
    assert max(map(waited.count, waited)) <= 8, "as many as a pool has workers"
    return len(set(waited)), calls


@pytest.mark.parametrize("typed", ["dupont noé", "d’Artagnan", "jean-pierre de la motte picquet saint-aubin", "dupont"])
def test_a_search_is_two_round_trips_at_most(town, typed):
    trips, calls = rounds(town, lambda: find(town, typed))
    assert trips <= 2
    assert calls["dynamodb.BatchGetItem"] <= 2
    assert calls["dynamodb.Query"] <= 8
    assert calls.keys() <= {"dynamodb.Query", "dynamodb.BatchGetItem", "dynamodb.GetItem"}


def test_twenty_answers_are_read_in_two_round_trips(town):
    for number in range(MOST_ANSWERS):
        add(town, f"{200000 + number}", "Moreau", child=f"Enfant{number}")
    deliver_streams(town)
    trips, _ = rounds(town, lambda: find(town, "moreau"))
    assert trips == 2
    assert len(find(town, "moreau").found) == 20


def test_the_number_of_an_invoice_takes_one_more_for_the_children(town):
    assert rounds(town, lambda: find(town, "169165"))[0] == 3


def test_the_query_is_neither_logged_nor_in_a_journal(town, caplog):
    caplog.set_level(logging.DEBUG, logger="chalicelib")
    find(town, "Dupont éloïse")
    (record,) = [one for one in caplog.records if one.name.startswith("chalicelib")]
    assert record.message == "families_searched"
    assert (record.answers, record.more, len(record.query)) == (1, False, 64)
    assert not [one for one in ("dupont", "eloise", "éloïse") if one in repr(vars(record)).lower()]
    assert town.stores.journal.latest("dupont", now=town.clock()) == []
    other = find_families("dupont eloise", stores=town.stores, key=b"z" * 32, now=town.clock())
    assert len(other.found) == 1
    assert caplog.records[-1].query != record.query


def test_an_account_by_mail_keeps_its_entries_through_a_change_of_mode(town):
    account = town.stores.accounts.find("dupont")
    assert town.stores.accounts.replace(account, account.model_copy(update={"delivery_mode": DeliveryMode.PAPER}))
    assert deliver_streams(town) == 0, "nothing that is searched has changed"

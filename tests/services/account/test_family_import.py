"""Accounts and children come in from files; the parent's own word stays."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account import Address, DeliveryMode
from chalicelib.domain.family import Child, Family
from chalicelib.errors import Unavailable
from chalicelib.services.account.family_import import import_accounts, import_children
from tests.support.fakes.accounts import FakeAccounts
from tests.support.fakes.families import FakeFamilies
from tests.support.fakes.writes import Writes
from tests.support.people import CHILDREN, DUPONT, MARTIN

NOE = CHILDREN.children[0]
ZOE = Child(last_name="Dupont", first_name="Zoé")


@pytest.fixture
def writes():
    return Writes()


def held_by_portal(**changes):
    opened = {"password_hash": "x", "version": 3, "activation_generation": 2}
    return DUPONT.model_copy(update=opened | changes)


def test_new_accounts_are_added(writes):
    accounts = FakeAccounts(writes, [DUPONT])
    outcome = import_accounts([DUPONT, MARTIN], accounts=accounts)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 1)
    assert accounts.find("martin") == MARTIN
    assert outcome.families == {"F1", "F2"}


def test_the_same_file_twice_changes_nothing(writes):
    accounts = FakeAccounts(writes)
    import_accounts([DUPONT, MARTIN], accounts=accounts)
    with writes.none_expected():
        outcome = import_accounts([DUPONT, MARTIN], accounts=accounts)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 2)


def test_a_dry_run_counts_and_writes_nothing(writes):
    accounts = FakeAccounts(writes, [held_by_portal(quotient_cents=1)])
    with writes.none_expected():
        outcome = import_accounts([DUPONT, MARTIN], accounts=accounts, dry_run=True)
    assert (outcome.added, outcome.changed) == (1, 1)


def test_an_import_brings_what_it_knows_and_leaves_the_rest(writes):
    accounts = FakeAccounts(writes, [held_by_portal(quotient_cents=1, direct_debit=True)])
    assert import_accounts([DUPONT], accounts=accounts).changed == 1
    after = accounts.find("dupont")
    assert (after.quotient_cents, after.direct_debit) == (65400, False)
    assert (after.password_hash, after.activation_generation, after.changed_at) == ("x", 2, None)


def test_what_a_parent_changed_stays_and_the_difference_is_listed(writes):
    theirs = {"email": "new@example.org", "delivery_mode": DeliveryMode.PAPER}
    accounts = FakeAccounts(
        writes, [held_by_portal(**theirs, changed_by_parent=("delivery_mode", "email"), quotient_cents=1)]
    )
    outcome = import_accounts([DUPONT], accounts=accounts)
    after = accounts.find("dupont")
    assert (after.email, after.delivery_mode, after.quotient_cents) == ("new@example.org", DeliveryMode.PAPER, 65400)
    (email, mode) = outcome.differences["dupont"]
    assert (email.field, email.existing, email.imported) == ("email", "new@example.org", "dupont@example.org")
    assert (mode.field, mode.imported) == ("delivery_mode", DeliveryMode.EMAIL)


def test_a_parents_change_that_the_file_has_learnt_is_no_difference_and_stays_theirs(writes):
    accounts = FakeAccounts(writes, [held_by_portal(changed_by_parent=("email",))])
    with writes.none_expected():
        outcome = import_accounts([DUPONT], accounts=accounts)
    assert (outcome.unchanged, outcome.differences) == (1, {})


def test_a_new_address_forgets_that_the_old_one_bounced(writes):
    bounced = datetime(2026, 5, 1, tzinfo=UTC)
    accounts = FakeAccounts(writes, [held_by_portal(email="old@example.org", email_bounced_at=bounced)])
    import_accounts([DUPONT], accounts=accounts)
    assert accounts.find("dupont").gets_email


def test_the_same_address_still_bounces(writes):
    bounced = datetime(2026, 5, 1, tzinfo=UTC)
    accounts = FakeAccounts(writes, [held_by_portal(email_bounced_at=bounced)])
    import_accounts([DUPONT], accounts=accounts)
    assert accounts.find("dupont").email_bounced_at == bounced


def test_a_parent_who_writes_at_the_same_moment_is_not_overwritten(writes):
    accounts = FakeAccounts(writes, [held_by_portal(quotient_cents=1)])
    stale = accounts.find("dupont")
    theirs = {"email": "new@example.org", "changed_by_parent": ("email",), "version": 4}
    accounts.items["dupont"] = stale.model_copy(update=theirs)
    accounts.find_many = lambda usernames: {"dupont": stale}
    outcome = import_accounts([DUPONT], accounts=accounts)
    after = accounts.find("dupont")
    assert (after.email, after.quotient_cents) == ("new@example.org", 65400)
    assert [difference.field for difference in outcome.differences["dupont"]] == ["email"]


def test_an_account_that_never_holds_still_is_a_failure_not_a_loop(writes):
    accounts = FakeAccounts(writes, [held_by_portal(quotient_cents=1)])
    accounts.replace = lambda before, after: False
    with pytest.raises(Unavailable):
        import_accounts([DUPONT], accounts=accounts)


def named(*usernames):
    return [DUPONT.model_copy(update={"username": username}) for username in usernames]


@pytest.mark.parametrize(
    ("stored", "imported", "alike"),
    [
        ("DUPONT12", "dupont12", {"dupont12": ("DUPONT12",)}),
        ("dupont12", "DUPONT12", {"DUPONT12": ("dupont12",)}),
        ("dupont12", "Dupont12", {"Dupont12": ("dupont12",)}),
        ("dupont12", "dupont12", {}),
        ("dupont12", "dupont13", {}),
        ("100001", "100001", {}),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_an_account_that_differs_by_case_alone_is_told_and_refused_for_nothing(
    writes, stored, imported, alike, dry_run
):
    accounts = FakeAccounts(writes, named(stored))
    outcome = import_accounts(named(imported), accounts=accounts, dry_run=dry_run)
    assert outcome.alike == alike
    assert (imported in accounts.items) is (not dry_run or stored == imported)


def test_other_spellings_are_read_with_their_batch_and_only_of_identifiers_that_hold_letters(writes):
    accounts, reads = FakeAccounts(writes), []
    accounts.find_many = lambda usernames: reads.append(usernames) or {}
    import_accounts(named("100001", "DUPONT12", "Martin-3"), accounts=accounts)
    assert reads == [["100001", "DUPONT12", "dupont12", "Martin-3", "MARTIN-3", "martin-3"]]


def test_children_are_gathered_by_family_wherever_they_stand(writes):
    families = FakeFamilies(writes, [CHILDREN])
    lines = [(2, "F1", NOE), (3, "F2", ZOE), (4, "F1", ZOE)]
    outcome = import_children(lines, known={"F2"}, families=families)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 0)
    assert families.items["F1"] == Family(family="F1", children=(NOE, ZOE))


def test_the_same_children_twice_change_nothing_and_unnamed_families_stay(writes):
    families = FakeFamilies(writes, [CHILDREN, Family(family="F2", children=(ZOE,))])
    with writes.none_expected():
        outcome = import_children([(2, "F1", NOE)], known=(), families=families)
    assert (outcome.unchanged, outcome.orphans) == (1, {})
    assert families.items["F2"].children == (ZOE,)


def test_children_without_any_account_are_left_out_and_told_by_line(writes):
    families = FakeFamilies(writes)
    outcome = import_children([(2, "F9", NOE), (3, "F9", ZOE)], known={"F1"}, families=families)
    assert outcome.orphans == {"F9": [2, 3]}
    assert families.items == {}


def test_a_dry_run_of_children_writes_nothing(writes):
    with writes.none_expected():
        outcome = import_children([(2, "F1", NOE)], known={"F1"}, families=FakeFamilies(writes), dry_run=True)
    assert outcome.added == 1


def test_accepted_address_is_in_force_for_the_import_from_its_own_day(writes):
    new = Address(line_1="3 rue des Lilas", postcode="06990", town="Saint-Aubin-les-Pins")
    moving = {"next_address": new, "moves_on": date(2026, 7, 1), "changed_by_parent": ("address",)}
    accounts = FakeAccounts(writes, [held_by_portal(**moving)])
    before = import_accounts([DUPONT], accounts=accounts, today=date(2026, 6, 30))
    assert (before.unchanged, before.differences) == (1, {})
    after = import_accounts([DUPONT], accounts=accounts, today=date(2026, 7, 1))
    assert [one.field for one in after.differences["dupont"]] == ["address"]
    assert (accounts.find("dupont").address, accounts.find("dupont").next_address) == (new, None)

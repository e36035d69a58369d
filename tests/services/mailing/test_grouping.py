"""An account's invoices stay together: in one batch, and in one mail as long as it is light enough."""

import random
from itertools import groupby

import pytest

from chalicelib.services.mailing import grouping
from chalicelib.services.mailing.grouping import (
    MOST_BYTES,
    MOST_IN_A_MAIL,
    in_batches_of_accounts,
    in_mails,
    sorted_by_account,
)


def references(accounts, seed=1):
    """Pairs of so many accounts, of one to four invoices each, in no order."""
    dice = random.Random(seed)  # noqa: S311 - an order, not a secret
    pairs = [(f"{10 * rank}", f"{rank}-{n}") for rank in range(accounts) for n in range(dice.randint(1, 4))]
    dice.shuffle(pairs)
    return pairs


@pytest.mark.parametrize("seed", range(20))
def test_each_reference_is_in_one_batch_with_its_accounts_others(seed):
    pairs = references(400, seed)
    batches = list(in_batches_of_accounts(sorted_by_account(pairs), 200))
    assert sorted(pair for batch in batches for pair in batch) == sorted(pairs)
    assert all(len(batch) <= 200 for batch in batches)
    places = {}
    for rank, batch in enumerate(batches):
        for username, _ in batch:
            assert places.setdefault(username, rank) == rank


def test_batches_are_the_same_whatever_the_order_in_which_the_index_gives_them():
    pairs = references(300)
    again = references(300)
    random.Random(2).shuffle(again)  # noqa: S311 - an order, not a secret
    assert [*in_batches_of_accounts(sorted_by_account(pairs), 200)] == [
        *in_batches_of_accounts(sorted_by_account(again), 200)
    ]


def test_identifier_that_begins_another_is_another_account():
    pairs = [("10", "5"), ("100", "4"), ("10", "1"), ("10-0", "2"), ("100", "3")]
    assert [username for username, _ in groupby(sorted_by_account(pairs), key=lambda pair: pair[0])] == [
        "10",
        "10-0",
        "100",
    ]


def test_run_larger_than_what_is_sorted_at_once_loses_nothing(monkeypatch):
    monkeypatch.setattr(grouping, "SORTED_AT_ONCE", 50)
    pairs = references(100)
    assert sorted(sorted_by_account(pairs)) == sorted(pairs)


def test_account_with_more_than_a_batch_is_cut():
    pairs = [("a", "0"), *(("b", str(n)) for n in range(450)), ("c", "0")]
    batches = list(in_batches_of_accounts(pairs, 200))
    assert [len(batch) for batch in batches] == [1, 200, 200, 51]
    assert [pair for batch in batches for pair in batch] == pairs


@pytest.mark.parametrize(
    ("sizes", "mails"),
    [
        ([], []),
        ([30_000], [1]),
        ([30_000] * 2, [2]),
        ([30_000] * (MOST_IN_A_MAIL + 1), [MOST_IN_A_MAIL, 1]),
        ([MOST_BYTES // 2] * 3, [2, 1]),
        ([MOST_BYTES, 1], [1, 1]),
        ([MOST_BYTES * 3, 10, 10], [1, 2]),
    ],
)
def test_mail_takes_what_is_light_enough(sizes, mails):
    found = list(in_mails(list(enumerate(sizes))))
    assert [len(mail) for mail in found] == mails
    assert [item for mail in found for item in mail] == list(range(len(sizes)))

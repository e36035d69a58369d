"""Keep the invoices of an account together: in one batch when a run is planned, in one mail when it is delivered."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from chalicelib.concurrency import in_batches

Pair = tuple[str, str]
"""A username and a number."""

Item = TypeVar("Item")

SORTED_AT_ONCE = 5_000_000
"""References sorted in memory at once, some 80 bytes each. Of a larger run, an account whose invoices are further apart
than that in the index gets a mail for each."""

MOST_IN_A_MAIL = 20
MOST_BYTES = 5_000_000
"""Bytes of PDFs in one mail of several invoices: well within what SES and the families' mailboxes take once encoded."""

END = "\0"
"""Ends a username in a sorted reference: it sorts before any letter, and no username has it."""


def sorted_by_account(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yields the references with those of each account one after the other, in the same order whatever theirs is."""
    written = (f"{username}{END}{number}" for username, number in pairs)
    for some in in_batches(written, SORTED_AT_ONCE):
        some.sort()
        for reference in some:
            username, _, number = reference.partition(END)
            yield username, number


def in_batches_of_accounts(pairs: Iterable[Pair], size: int) -> Iterator[list[Pair]]:
    """Yields the references in order, in lists of at most `size`, an account's consecutive ones in one list.

    Those of an account that has more than `size` are cut.
    """
    batch: list[Pair] = []
    for _, some in groupby(pairs, key=itemgetter(0)):
        for mine in in_batches(some, size):
            if len(batch) + len(mine) > size:
                yield batch
                batch = []
            batch += mine
    if batch:
        yield batch


def in_mails(sized: Sequence[tuple[Item, int]]) -> Iterator[list[Item]]:
    """Yields what each mail of an account takes: its items in order, of which the size of the PDF (bytes) is known."""
    mail: list[Item] = []
    size_bytes = 0
    for item, item_bytes in sized:
        if mail and (len(mail) == MOST_IN_A_MAIL or size_bytes + item_bytes > MOST_BYTES):
            yield mail
            mail, size_bytes = [], 0
        mail.append(item)
        size_bytes += item_bytes
    if mail:
        yield mail

"""What DynamoDB does and the fake does not: a page that is cut, writes that it leaves for later."""

from types import SimpleNamespace

import pytest

from chalicelib.errors import Unavailable
from chalicelib.store.search import Entry, SearchStore

ENTRIES = [Entry(entry=f"mot{n}#1", username="1", family="F1", words="mot") for n in range(3)]


class Reluctant:
    """Takes one request of each batch, and leaves the others, `times` times."""

    def __init__(self, times):
        self.times = times
        self.taken = []

    def batch_write_item(self, *, RequestItems):  # noqa: N803 - botocore's own name
        ((table, requests),) = RequestItems.items()
        self.times -= 1
        kept = requests if self.times < 0 else requests[:1]
        self.taken += [one["PutRequest"]["Item"]["entry"]["S"] for one in kept]
        return {"UnprocessedItems": {table: requests[len(kept) :]} if len(kept) < len(requests) else {}}


def test_what_a_page_cannot_hold_is_told(monkeypatch):
    page = {"Items": [], "LastEvaluatedKey": {"letters": {"S": "ma"}}}
    store = SearchStore(SimpleNamespace(query=lambda **_: page), "search")
    assert not store.beginning_with("ma", "ma").complete


def test_what_is_left_unprocessed_is_written_later():
    client, waits = Reluctant(2), []
    SearchStore(client, "search", wait=waits.append).write(ENTRIES)
    assert client.taken == [one.entry for one in ENTRIES]
    assert len(waits) == 2


def test_a_table_that_never_takes_all_is_unavailable():
    with pytest.raises(Unavailable):
        SearchStore(SimpleNamespace(batch_write_item=lambda RequestItems: {"UnprocessedItems": RequestItems}), "search",  # noqa: N803
                    wait=lambda _: None).write(ENTRIES)  # fmt: skip

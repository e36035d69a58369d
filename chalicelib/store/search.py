"""The table of the search: each account's entries, by the first letters of a word, and the list of them.

An entry only says where to look: whoever finds one reads its account before use. The list of an account's entries
(its *roster*) is written before and after them: whatever is stored of an account is always named there.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from chalicelib.concurrency import in_batches
from chalicelib.domain.models import Model
from chalicelib.domain.search.account_words import family_letters, letters_of
from chalicelib.store.retry import Wait, retry
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    as_unavailable,
    batch_get,
    item_of,
    marshal_values,
    model_of,
)

BATCH_WRITE_LIMIT = 25
ROSTER = "="
"""The entry of a roster, and what its partition begins with: no word and no family begins with it."""


class Entry(Model):
    """One entry: `dupont#100001`, with the family and every word of its account."""

    entry: str
    username: str
    family: str
    words: str


class Roster(Model):
    """The entries that may be stored of an account; all of them are, with these words, once it is `settled`."""

    username: str
    family: str = ""
    words: str = ""
    entries: tuple[str, ...] = ()
    settled: bool = False
    version: int = 0


class Found(NamedTuple):
    """What a query found; `complete` unless there is more than DynamoDB reads at once (1 MB)."""

    entries: list[Entry]
    complete: bool


class SearchStore:
    """The table of the search."""

    def __init__(self, client: Any, table: str, *, wait: Wait = time.sleep) -> None:
        self._table = Table(client, table, "letters", "entry")
        self._wait = wait

    def beginning_with(self, letters: str, prefix: str) -> Found:
        """Returns the entries of a partition that begin so; one round trip. They may lag behind their accounts."""
        with as_unavailable(self._table.name):
            page = self._table.client.query(
                TableName=self._table.name,
                KeyConditionExpression="letters = :letters AND begins_with(entry, :prefix)",
                ExpressionAttributeValues=marshal_values({":letters": letters, ":prefix": prefix}),
            )
        return Found([model_of(Entry, item) for item in page["Items"]], "LastEvaluatedKey" not in page)

    def usernames_of(self, family: str) -> list[str]:
        """Returns the accounts that are listed under a family, by consistent read."""
        rows = self._table.query("letters = :letters", {":letters": family_letters(family)}, ConsistentRead=True)
        return [model_of(Entry, row).username for row in rows]

    def rosters(self, usernames: Sequence[str]) -> dict[str, Roster]:
        wanted = [self._table.batch_key(f"{ROSTER}{username}", ROSTER) for username in usernames]
        found = [model_of(Roster, item) for item in batch_get(self._table.client, wanted) if item]
        return {roster.username: roster for roster in found}

    def put_roster(self, before: Roster | None, after: Roster) -> Roster | None:
        """Write an account's roster; returns it, or None, and nothing changed, when somebody wrote in between."""
        written = after.model_copy(update={"version": (before.version if before else 0) + 1})
        item = {**self._table.key(f"{ROSTER}{after.username}", ROSTER), **item_of(written)}
        if before is None:
            return written if self._table.add(item) else None
        held = self._table.put(item, condition="version = :version", values={":version": before.version})
        return None if isinstance(held, ConditionFailed) else written

    def drop_roster(self, roster: Roster) -> bool:
        """Remove a roster; returns False, and nothing changed, when somebody wrote in between."""
        key = (f"{ROSTER}{roster.username}", ROSTER)
        return self._table.delete(*key, condition="version = :version", values={":version": roster.version}) is not None

    def write(self, entries: Collection[Entry], *, drop: Collection[str] = ()) -> None:
        """Add or replace entries, and remove others. Safe to repeat."""
        puts = [{"PutRequest": {"Item": self._item(one)}} for one in entries]
        drops = [{"DeleteRequest": {"Key": self._table.key(letters_of(entry), entry)}} for entry in drop]
        for some in in_batches([*puts, *drops], BATCH_WRITE_LIMIT):
            self._write_all(some)

    def every(self) -> Iterator[Entry | Roster]:
        """Yields every entry and every roster: a scan, for the office's check only."""
        for item in self._table.scan():
            yield model_of(Roster, item) if item["entry"]["S"] == ROSTER else model_of(Entry, item)

    def _item(self, entry: Entry) -> Item:
        return {**self._table.key(letters_of(entry.entry), entry.entry), **item_of(entry)}

    def _write_all(self, requests: list[dict[str, Any]]) -> None:
        pending: dict[str, Any] = {self._table.name: requests}

        def once() -> bool | None:
            """Returns None while DynamoDB leaves some of them unprocessed."""
            nonlocal pending
            with as_unavailable(self._table.name):
                pending = self._table.client.batch_write_item(RequestItems=pending).get("UnprocessedItems", {})
            return None if pending else True

        once() or retry(once, what=f"{self._table.name}: unprocessed entries", wait=self._wait)

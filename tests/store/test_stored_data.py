"""What the code of June 2026 stored is read whole by the code of today, which would store it alike."""

import hashlib
import io
import json

import pytest

from chalicelib.store.table import item_of
from tests.support.emulated import empty
from tests.support.stored_data import (
    KEPT,
    STORED,
    TABLES,
    comparable,
    contents,
    named,
    rows_of,
    with_objects,
    with_tables,
)

EVERY = {
    "accounts": lambda portal, held: portal.stores.accounts.every(),
    "deliveries": lambda portal, held: (one for run in named(held, "run") for one in portal.stores.deliveries.of(run)),
    "families": lambda portal, held: map(portal.stores.families.find, named(held, "family")),
    "invoices": lambda portal, held: portal.stores.invoices.every(),
    "journal": lambda portal, held: (
        one for name in named(held, "username") for one in portal.stores.journal.latest(name, now=portal.clock())
    ),
    "ledger": lambda portal, held: portal.stores.ledger.every(),
    "notices": lambda portal, held: (one for day in named(held, "day") for one in portal.stores.notices.on(day)),
    "payments": lambda portal, held: portal.stores.payments.every(),
    "requests": lambda portal, held: (
        one for name in named(held, "username") for one in portal.stores.requests.of(name)
    ),
    "runs": lambda portal, held: portal.stores.runs.every(),
    "sessions": lambda portal, held: map(portal.stores.sessions.find, named(held, "token_hash")),
    "tickets": lambda portal, held: (
        portal.stores.tickets.find(one, portal.clock()) for one in named(held, "ticket_hash")
    ),
}
"""How a store gives back all that a table holds, as models."""

OWNED = {
    "deliveries": {"run_share"},
    "invoices": {"run_share"},
    "journal": {"instant_id", "expires_at"},
    "ledger": {"invoice", "entry"},
    "notices": {"day", "id", "waiting"},
    "payments": {"invoice", "work"},
    "sessions": {"token_hash", "expires_at"},
    "tickets": {"ticket_hash", "expires_at"},
}
"""Attributes that a store adds for its keys, its indexes and the sweep."""

ADD = {
    "accounts": lambda portal, one: portal.stores.accounts.add(one),
    "deliveries": lambda portal, one: portal.stores.deliveries.put_first(one),
    "families": lambda portal, one: portal.stores.families.put(one),
    "invoices": lambda portal, one: portal.stores.invoices.add(one),
    "ledger": lambda portal, one: portal.clients.dynamodb.transact_write_items(
        TransactItems=[portal.stores.ledger.addition(one).request]
    ),
    "notices": lambda portal, one: portal.stores.notices.keep(one),
    "payments": lambda portal, one: portal.stores.payments.add(one),
    "requests": lambda portal, one: portal.stores.requests.add(one),
    "runs": lambda portal, one: portal.stores.runs.add(one),
}


@pytest.fixture
def tables(portal, clock):
    return with_tables(portal, clock)


@pytest.fixture
def stored(tables):
    return with_objects(tables)


def test_the_tests_keys_are_those_that_the_data_was_stored_under(tables):
    keys = {name: key for name, key in tables.secrets if name in STORED["secrets"]}
    assert STORED["secrets"] == {
        name: key if isinstance(key, str) else " ".join(map(bytes.hex, key)) for name, key in keys.items()
    }


def test_every_stored_table_is_read_here():
    assert set(TABLES) == set(EVERY) | {"attempts", "counters", "numbers", "summaries"}
    assert all(TABLES.values())


@pytest.mark.parametrize("table", EVERY)
def test_each_item_is_read_as_a_model_that_holds_all_of_it(tables, table):
    read = [item_of(one) for one in EVERY[table](tables, TABLES[table])]
    owned = OWNED.get(table, set())
    assert comparable(read) == comparable({name: item[name] for name in item.keys() - owned} for item in TABLES[table])


@pytest.mark.parametrize("table", ADD)
def test_what_was_read_is_written_again_in_the_same_shape_under_the_same_keys(tables, table):
    models = list(EVERY[table](tables, TABLES[table]))
    empty()
    for one in models:
        ADD[table](tables, one)
    assert comparable(rows_of(tables, table)) == comparable(TABLES[table])
    if table == "invoices":
        assert comparable(rows_of(tables, "numbers")) == comparable(TABLES["numbers"])


def test_sessions_and_tickets_are_written_again_in_the_same_shape_under_the_same_keys(tables):
    shelf_of = {"sessions": (tables.stores.sessions, "token_hash"), "tickets": (tables.stores.tickets, "ticket_hash")}
    for table, (shelf, key) in shelf_of.items():
        held = TABLES[table]
        for name, one in zip(named(held, key), list(EVERY[table](tables, held)), strict=True):
            shelf.put(name, one)
        assert comparable(rows_of(tables, table)) == comparable(held)


def test_the_rows_of_each_account_are_those_of_its_invoices_and_are_written_again_alike(tables):
    for username in named(TABLES["accounts"], "username"):
        invoices = [one for one in tables.stores.invoices.of(username) if one.visible]
        # The rows stored by earlier versions do not hold the surplus: it is added when money next moves.
        shown = [one.summary.model_copy(update={"surplus_cents": 0}) for one in invoices]
        rows = tables.stores.summaries.find(username)
        assert sorted(rows, key=lambda row: row.number) == sorted(shown, key=lambda row: row.number)
        tables.stores.summaries.put_rows(username, rows)
    assert comparable(rows_of(tables, "summaries")) == comparable(TABLES["summaries"])


def test_each_number_finds_its_invoice(tables):
    for item in TABLES["numbers"]:
        found = tables.stores.invoices.find_by_number(item["number"]["S"])
        assert (found.username, found.run) == (item["username"]["S"], item["run"]["S"])


def test_each_count_is_found_under_its_name(tables):
    found = tables.stores.attempts.read([tuple(count) for count in KEPT["counts"]])
    held = [(int(item["failures"]["N"]), int(item["at"]["N"])) for item in TABLES["attempts"]]
    assert sorted((one.failures, int(one.last_failed_at.timestamp() * 1000)) for one in found) == sorted(held)


def test_the_last_receipt_is_the_highest_number_given(tables):
    (item,) = TABLES["counters"]
    given = [one.receipt_number for one in tables.stores.payments.every() if one.receipt_number]
    assert tables.stores.money.last_receipt() == int(item["last"]["N"]) == max(given)


def test_each_document_is_the_one_whose_digest_was_noted(stored):
    noted = {one.document.key: one.document for one in stored.stores.invoices.every() if one.document}
    receipts = {f"recus/{one.reference}.pdf" for one in stored.stores.payments.every() if one.receipt_number}
    for key, document in noted.items():
        content = stored.stores.documents.read(key)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (document.sha256, document.size_bytes)
    assert {key: stored.stores.documents.read(key) for key in noted.keys() | receipts} == contents("documents")


def test_each_proof_and_each_deposited_file_is_given_back_octet_for_octet(stored):
    proofs = {one.proof.key for one in EVERY["requests"](stored, TABLES["requests"]) if one.proof}
    assert {key: stored.stores.uploads.read(key) for key in proofs} == contents("uploads")
    for key, content in contents("inbox").items():
        out = io.BytesIO()
        stored.stores.inbox.copy(key, out)
        assert out.getvalue() == content


def test_each_object_of_a_run_is_found_under_its_name(stored):
    for key, content in contents("mailings").items():
        folder, run, name = key.split("/", 2)
        if folder == "paquets":
            assert stored.stores.pdf_bundles.read(run, name) == content
        elif name.startswith("envoi/"):
            assert stored.stores.mailing_files.read(run, name.removeprefix("envoi/")) == content
        elif name.endswith(".jsonl"):
            assert list(stored.stores.run_files.lines(run, name)) == [json.loads(line) for line in content.splitlines()]
        elif name.endswith(".json"):
            assert stored.stores.run_files.read_json(run, name) == json.loads(content)

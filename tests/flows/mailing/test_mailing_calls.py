"""What a mailing asks of AWS, counted: what it costs, and what it waits for."""

import dataclasses
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tests.flows.mailing.test_mailing import mailed, published, start_due
from tests.support.people import DUPONT, invoice

MANY = 400
DRAWN = SimpleNamespace(content=b"%PDF-1.7\n%%EOF\n", missing_characters="")


@pytest.fixture
def town(portal):
    """Four hundred families on mail, and documents that cost nothing to draw."""
    for rank in range(MANY):
        changes = {"username": f"f{rank:03}", "email": f"f{rank}@example.org", "password_hash": "x"}
        portal.stores.accounts.add(DUPONT.model_copy(update=changes))
    fast = {"draw": lambda invoice, account: DRAWN, "policy": dataclasses.replace(portal.mailing.policy, rate=10_000)}
    portal.__dict__["mailing"] = dataclasses.replace(portal.mailing, **fast)
    return portal


@contextmanager
def counted(portal):
    calls = Counter()

    def note(model, **_):
        calls[f"{model.service_model.service_name}.{model.name}"] += 1

    clients = [portal.clients.dynamodb, portal.clients.s3, portal.clients.ses]
    for client in clients:
        client.meta.events.register_first("before-call.*.*", note)
    yield calls
    for client in clients:
        client.meta.events.unregister("before-call.*.*", note)


def test_a_mailed_invoice_costs_four_calls_and_a_fifth_of_one_all_included(town):
    run = published(town, *(invoice(f"9{rank:03}", f"f{rank:03}") for rank in range(MANY)))
    start_due(town)
    with counted(town) as calls:
        mailed(town, run)
    assert calls["sesv2.SendEmail"] == MANY + 1, "each family once, and the régie"
    assert calls["dynamodb.PutItem"] == MANY, "a claim each"
    assert calls["dynamodb.UpdateItem"] <= MANY + 2, "a mark each, and the run"
    assert sum(calls.values()) / MANY <= 4.2, calls

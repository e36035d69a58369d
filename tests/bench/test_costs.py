"""What docs/couts.md says is what the program computes, and the portal still consumes what was counted."""

import inspect
import tomllib

import pytest

import app as front_door
from bench.costs import capacity, clockwork
from bench.costs.counting import COLD, count, read_record
from bench.costs.model import HERE, PLACES, consumed, total
from bench.costs.page import PAGE, render_page

TOWN = next(place for place in PLACES if place.name == "town")
NO_MORE_THAN = 10
"""Dollars a month for 8,000 families, everything included."""


def test_the_page_says_what_the_program_computes():
    text = PAGE.read_text("utf-8")
    assert render_page(read_record(), text) == text, "make costs"


def test_eight_thousand_families_cost_ten_dollars_at_most():
    assert TOWN.families == 8_000
    assert 0 < total(consumed(TOWN, read_record())) <= NO_MORE_THAN


def test_every_unit_that_is_paid_has_its_price_and_its_page():
    units = tomllib.loads((HERE / "prices.toml").read_text("utf-8"))["unit"]
    paid = {unit for place in PLACES for _, unit in consumed(place, read_record())}
    assert paid <= units.keys()
    assert all(one["page"] and one["label"] for one in units.values())


def test_what_each_clock_starts_is_counted():
    counted = inspect.getsource(clockwork)
    missing = [clock.name for clock in front_door.app.event_sources if f'call("{clock.name}"' not in counted]
    assert missing == [], f"bench/costs/clockwork.py, journeys.py and load.toml: a journey of {missing}"


def test_the_portal_consumes_what_was_counted(monkeypatch):
    """CPU, that no two machines spend alike, is taken from the record on both sides."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-west-3")
    known = read_record()
    fresh = count() | {COLD: known[COLD]}
    assert fresh.keys() == known.keys()
    as_known = {name: one | {"lambda_gbs": known[name].get("lambda_gbs", 0)} for name, one in fresh.items()}
    told, now = total(consumed(TOWN, known)), total(consumed(TOWN, as_known))
    assert now == pytest.approx(told, rel=0.03), "make costs"


@pytest.mark.parametrize(
    ("item", "size_bytes"),
    [
        ({"username": {"S": "dupont"}}, 8 + 6),
        ({"name": {"S": "Éloïse"}}, 4 + 8),
        ({"cents": {"N": "5700"}}, 5 + 3),
        ({"opened": {"BOOL": True}}, 6 + 1),
        ({"lines": {"L": [{"S": "ab"}]}}, 5 + 3 + 1 + 2),
        ({"document": {"M": {"key": {"S": "k"}}}}, 8 + 3 + 3 + 1 + 1),
    ],
)
def test_an_item_weighs_its_names_and_its_values(item, size_bytes):
    assert capacity.item_bytes(item) == size_bytes


def test_reads_are_paid_by_four_kilobytes_half_as_much_when_they_may_lag():
    item = {"Item": {"text": {"S": "x" * 5000}}}
    assert capacity.read_units("GetItem", {"ConsistentRead": True}, item) == 2
    assert capacity.read_units("GetItem", {}, item) == 1
    assert capacity.read_units("GetItem", {"ConsistentRead": True}, {}) == 1


def test_each_item_of_a_batch_of_writes_is_paid(monkeypatch):
    monkeypatch.setattr(capacity, "_keys", lambda table: ["letters", "entry"])
    key = {"letters": {"S": "du"}, "entry": {"S": "dupont#1"}}
    parts = [{"PutRequest": {"Item": key | {"words": {"S": "dupont"}}}}, {"DeleteRequest": {"Key": key}}]
    places = capacity.written_places("BatchWriteItem", {"RequestItems": {"search": parts}})
    assert places == [("search", '["du", "dupont#1"]')] * 2

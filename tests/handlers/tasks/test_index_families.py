"""What DynamoDB says of a changed account or family is indexed, however often and in whatever order it is said."""

import logging

from tests.support.streams import deliver_streams, take_records


def index(portal, *records):
    return portal.tasks.call("index_families", {"Records": list(records)})


def record(**keys):
    return {"dynamodb": {"Keys": {name: {"S": value} for name, value in keys.items()}}}


def test_records_hold_keys_and_nothing_of_the_family(portal):
    records = take_records()
    assert {tuple(one["dynamodb"]["Keys"]) for one in records} == {("username",), ("family",)}
    assert all(one["dynamodb"].keys().isdisjoint({"NewImage", "OldImage"}) for one in records)
    assert all("/stream/" in one["eventSourceARN"] for one in records)


def test_an_event_that_comes_twice_changes_nothing_the_second_time(portal):
    events = [record(username="dupont"), record(family="F1")]
    assert index(portal, *events) == {"indexed": 1}
    assert index(portal, *events) == {"indexed": 0}


def test_a_family_s_event_reaches_each_account_listed_under_it(portal):
    deliver_streams(portal)
    portal.stores.families.remove("F1")
    assert index(portal, record(family="F1"), record(family="F1"), record(family="F9")) == {"indexed": 1}


def test_an_event_without_records_is_nothing(portal):
    assert portal.tasks.call("index_families", {}) == {"indexed": 0}


def test_its_log_names_nobody(portal, caplog):
    caplog.set_level(logging.INFO, logger="chalicelib")
    deliver_streams(portal)
    told = [one for one in caplog.records if one.message == "families_indexed"]
    assert [(one.records, one.indexed) for one in told] == [(3, 2)]
    assert "dupont" not in repr([vars(one) for one in told])

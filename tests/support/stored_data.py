"""Data at rest as the code of June 2026 wrote it, put back over the emulated AWS.

`data/stored_data.json` holds every table and every bucket as that code left them on 10 June 2026 at 09:00 UTC,
with the keys it used and `kept`: the cookies, links and references that were given out. It is
never made again.
"""

import base64
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.portal import Portal
from chalicelib.store.table import Item
from tests.support.emulated import empty
from tests.support.fakes.clock import StoppedClock

STORED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "stored_data.json").read_text("utf-8"))
TABLES, KEPT = STORED["tables"], STORED["kept"]
BATCH_WRITES = 25
"""As many items as DynamoDB takes in one call."""


def with_tables(portal: Portal, clock: StoppedClock) -> Portal:
    """The tests' portal over the tables that were stored, in place of the tests' people, at the instant of then."""
    clock.now = datetime.fromisoformat(STORED["clock"])
    empty()
    for name, items in TABLES.items():
        table, puts = portal.settings.table(name), [{"PutRequest": {"Item": item}} for item in items]
        for start in range(0, len(puts), BATCH_WRITES):
            portal.clients.dynamodb.batch_write_item(RequestItems={table: puts[start : start + BATCH_WRITES]})
    return portal


def with_objects(portal: Portal) -> Portal:
    """The same portal, with every object that was stored."""
    for name in STORED["buckets"]:
        for key, content in contents(name).items():
            portal.clients.s3.put_object(Bucket=portal.settings.bucket(name), Key=key, Body=content)
    return portal


def contents(bucket: str) -> dict[str, bytes]:
    """Returns the bytes of each object by its key."""
    return {key: base64.b64decode(content) for key, content in STORED["buckets"][bucket].items()}


def rows_of(portal: Portal, table: str) -> list[Item]:
    """What a table holds now, in DynamoDB's own words."""
    pages = portal.clients.dynamodb.get_paginator("scan").paginate(TableName=portal.settings.table(table))
    return [item for page in pages for item in page["Items"]]


def named(items: Iterable[Item], key: str) -> list[str]:
    return sorted({item[key]["S"] for item in items})


def comparable(items: Iterable[Item]) -> list[str]:
    """Items as they may be compared: in one order, UTC written in one way, and nothing in place of a NULL.

    A field that a nested model gained since is NULL in what is written today, and absent from what was stored.
    """
    return sorted(json.dumps(without_nulls(item), sort_keys=True).replace("+00:00", "Z") for item in items)


def without_nulls(node: Any) -> Any:
    if isinstance(node, list):
        return [without_nulls(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {name: without_nulls(value) for name, value in node.items() if value != {"NULL": True}}

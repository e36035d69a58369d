"""The streams of the emulated tables: their records go to the task that reads them, as Lambda hands them over."""

import json
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.portal import Portal
from local.aws.patches import stream_record
from tests.support.emulated import REGION


def take_records() -> list[dict[str, Any]]:
    """Returns what changed since the last time, table by table, and forgets it."""
    taken = []
    for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        if table.stream_shard:
            taken += [stream_record(table, one.to_json()) for one in table.stream_shard.items]
            table.stream_shard.items = []
    return taken


def deliver_streams(portal: Portal) -> int:
    """Call `index_families` with what changed since the last time. Returns how many accounts' entries changed."""
    indexed: int = portal.tasks.call("index_families", json.loads(json.dumps({"Records": take_records()})))["indexed"]
    return indexed

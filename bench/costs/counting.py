"""Runs every journey in the small town and records its consumption per thing done."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bench.costs import capacity
from bench.costs.journeys import JOURNEYS, Journey
from bench.costs.world import SmallTown, small_town
from chalicelib.store.bucket import PDF_BUNDLES
from tests.support.browsing import Browser
from tests.support.streams import deliver_streams

HERE = Path(__file__).parent
RECORD = HERE / "counted.json"
COLD = "cold_start"
COLD_START = "import resource, app; from chalicelib import portal; print(resource.getrusage(0).ru_utime * 1000)"

Counted = dict[str, dict[str, float]]
"""Consumption of one thing of each journey, by unit."""


def count(*, warm: bool = False) -> Counted:
    """Returns the consumption of every journey. `warm`: after a warm-up round, so that CPU is that of a warm
    Lambda."""
    # Calls are signed, but never sent.
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-west-3"}
    counted: Counted = {}
    for _ in range(2 if warm else 1):
        with small_town() as town:
            counted = {journey.name: consumed(journey, town) for journey in JOURNEYS}
    return counted


def consumed(journey: Journey, town: SmallTown) -> dict[str, float]:
    if town.family is None and journey.name not in ("sign_in", "failed", "forgotten"):
        town.family = Browser()
        town.family.sign_in()
    before, objects = capacity.billed_storage_bytes(), bucket_bytes(town)
    town.meter.usage.clear()
    journey.work(town)
    deliver_streams(town.portal)
    usage = dict(town.meter.usage)
    usage["stored_byte"] = capacity.billed_storage_bytes() - before
    for bucket, size in bucket_bytes(town).items():
        usage[f"kept_{bucket}_byte"] = size - objects[bucket]
    return {unit: round(usage[unit] / journey.things, 6) for unit in sorted(usage) if usage[unit]}


def bucket_bytes(town: SmallTown) -> dict[str, int]:
    """Returns the bytes of each bucket; the short-lived PDF bundles of mailings are counted apart."""
    portal, sizes = town.portal, Counter({"documents": 0, "mailings": 0, "packs": 0, "uploads": 0})
    short_lived = PDF_BUNDLES.partition("{")[0]
    for name in ("documents", "mailings", "uploads"):
        pages = portal.clients.s3.get_paginator("list_objects_v2").paginate(Bucket=portal.settings.bucket(name))
        for one in (one for page in pages for one in page.get("Contents", ())):
            sizes["packs" if one["Key"].startswith(short_lived) else name] += one["Size"]
    return sizes


def cold_start_ms() -> float:
    """Returns the median CPU time of importing the web function in a new process, in milliseconds."""
    spent = [float(subprocess.check_output([sys.executable, "-c", COLD_START], cwd=HERE.parents[1])) for _ in range(5)]
    return sorted(spent)[2]


def write_record() -> Counted:
    """Count, and write the record that the page is rendered from."""
    counted = count(warm=True) | {COLD: {"cpu_ms": round(cold_start_ms(), 1)}}
    RECORD.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
    return counted


def read_record() -> Counted:
    found: Counted = json.loads(RECORD.read_text("utf-8"))
    return found

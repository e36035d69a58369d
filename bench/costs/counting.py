"""Runs every journey in the small town and writes down what each thing it does consumes."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bench.costs import capacity
from bench.costs.journeys import WALKS, Journey
from bench.costs.world import World, small_town
from chalicelib.store.mailing_files import PDF_BUNDLES
from tests.support.browsing import Browser

HERE = Path(__file__).parent
RECORD = HERE / "counted.json"
COLD = "cold_start"
COLD_START = "import resource, app; from chalicelib import portal; print(resource.getrusage(0).ru_utime * 1000)"

Counted = dict[str, dict[str, float]]
"""What one thing of each journey consumes, by unit."""


def as_on_a_desk() -> None:
    """Calls are signed, and go nowhere."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-west-3"}


def count(*, warm: bool = False) -> Counted:
    """Every journey, counted. `warm`: a first round pays for what a process does once, so that CPU is that of a warm
    Lambda."""
    as_on_a_desk()
    if warm:
        run_all()
    return run_all()


def run_all() -> Counted:
    with small_town() as world:
        return {journey.name: consumed(journey, world) for journey in WALKS}


def consumed(journey: Journey, world: World) -> dict[str, float]:
    if world.family is None and journey.name not in ("sign_in", "failed", "forgotten"):
        world.family = Browser()
        world.family.sign_in()
    before, objects = capacity.stored(), bytes_kept(world)
    world.meter.usage.clear()
    journey.work(world)
    usage = Counter(world.meter.usage)
    usage["stored_byte"] = capacity.stored() - before
    for bucket, size in bytes_kept(world).items():
        usage[f"kept_{bucket}_byte"] = size - objects[bucket]
    return {unit: round(usage[unit] / journey.things, 6) for unit in sorted(usage) if usage[unit]}


def bytes_kept(world: World) -> dict[str, int]:
    """What each bucket holds; in that of mailings, what is soon forgotten stands apart."""
    portal, held = world.portal, Counter({"documents": 0, "mailings": 0, "packs": 0, "uploads": 0})
    soon = PDF_BUNDLES.partition("{")[0]
    for name in ("documents", "mailings", "uploads"):
        pages = portal.clients.s3.get_paginator("list_objects_v2").paginate(Bucket=portal.settings.bucket(name))
        for one in (one for page in pages for one in page.get("Contents", ())):
            held["packs" if one["Key"].startswith(soon) else name] += one["Size"]
    return held


def cold_start_ms() -> float:
    """CPU of a new process of the web function, up to where it could answer."""
    spent = [float(subprocess.check_output([sys.executable, "-c", COLD_START], cwd=HERE.parents[1])) for _ in range(5)]
    return sorted(spent)[2]


def record() -> Counted:
    """Count, and write the record that the page is made of."""
    counted = count(warm=True) | {COLD: {"cpu_ms": round(cold_start_ms(), 1)}}
    RECORD.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
    return counted


def recorded() -> Counted:
    found: Counted = json.loads(RECORD.read_text("utf-8"))
    return found

"""Monthly AWS bill of a place: consumption of each journey, its frequency, and the price of each unit."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.costs.counting import COLD, Counted
from bench.costs.metering import FULL_VCPU_MB, memory_of
from chalicelib.services.mailing.context import Policy
from infrastructure.template import of_type, render

HERE = Path(__file__).parent
LOAD: dict[str, Any] = tomllib.loads((HERE / "load.toml").read_text("utf-8"))
PRICES: dict[str, Any] = tomllib.loads((HERE / "prices.toml").read_text("utf-8"))

KMS_AN_HOUR = 12
"""KMS requests per table and hour: DynamoDB asks for a table's key every five minutes at most."""

HOURS = 730
FIXED, STORED = "fixed", "stored"
"""Costs of no journey: monthly fees, and the storage of earlier months."""

Bill = dict[tuple[str, str], float]
"""Units consumed in the month, or their dollars, by (journey, unit)."""


@dataclass(frozen=True)
class Place:
    """A deployment; `rate`: SES's mails per second; `cold`: share of requests that are cold starts."""

    name: str
    label: str
    families: int
    invoices: int
    rate: int
    cold: float


PLACES = tuple(Place(**place) for place in LOAD["place"])


def consumed(place: Place, counted: Counted, *, months: int = 120) -> Bill:
    """Returns the units consumed in a month, after `months` of service."""
    bill: Bill = defaultdict(float)
    often = occurrences(place, counted)
    for journey, times in often.items():
        for unit, amount in counted[journey].items():
            _add(bill, journey, unit, amount * times, months)
    _add_ses_waits(bill, place, counted, often)
    _add_cold_starts(bill, place, counted)
    _add_monthly_fees(bill)
    return dict(bill)


def occurrences(place: Place, counted: Counted) -> dict[str, float]:
    """Returns how often each journey happens in a month."""
    base = {"family": place.families, "invoice": place.invoices, "month": 1}
    often = {name: one["times"] * base[one["per"]] for name, one in LOAD["journey"].items() if one["per"] in base}
    mails = sum(times * counted[name].get("mail", 0) for name, times in often.items())
    return often | {name: one["times"] * mails for name, one in LOAD["journey"].items() if one["per"] == "mail"}


def _add(bill: Bill, journey: str, unit: str, amount: float, months: int) -> None:
    """Add a unit to the bill. Stored bytes accumulate while they are retained; calls and CPU have no price."""
    kept = min(months, LOAD["journey"][journey].get("kept", 0))
    if unit == "stored_byte":
        bill[STORED, "stored_byte"] += amount * kept
        bill[STORED, "pitr_byte"] += amount * kept
    elif unit.startswith("kept_"):
        bill[STORED, "s3_byte"] += amount * min(months, LOAD["kept"][unit.split("_")[1]])
    elif unit == "log_byte":
        bill[journey, unit] += amount
        bill[STORED, "log_kept_byte"] += amount * LOAD["log_months"]
    elif unit in PRICES["unit"]:
        bill[journey, unit] += amount


def _add_ses_waits(bill: Bill, place: Place, counted: Counted, often: dict[str, float]) -> None:
    """Add the Lambda time spent waiting for SES's rate limit."""
    seconds = 1 / Policy(rate=place.rate).rate_of_each
    for journey in ("campaign", "reminders"):
        mails = counted[journey]["mail"] * often[journey]
        bill[journey, "lambda_gbs"] += mails * seconds * memory_of("mailing_deliver") / 1024


def _add_cold_starts(bill: Bill, place: Place, counted: Counted) -> None:
    requests = sum(amount for (_, unit), amount in bill.items() if unit == "gateway_request")
    memory = memory_of("web")
    seconds = counted[COLD]["cpu_ms"] / 1000 * max(1.0, FULL_VCPU_MB / memory)
    bill[COLD, "lambda_gbs"] += requests * place.cold * seconds * memory / 1024


def _add_monthly_fees(bill: Bill) -> None:
    resources = render(stage="prod")["Resources"]
    keyed = [one for one in of_type(resources, "AWS::DynamoDB::Table") if one["SSESpecification"]["SSEEnabled"]]
    bill[FIXED, "alarm"] += len(of_type(resources, "AWS::CloudWatch::Alarm"))
    bill[FIXED, "metric"] += len(_steady_metrics(of_type(resources, "AWS::Logs::MetricFilter")))
    bill[FIXED, "kms_request"] += len(keyed) * KMS_AN_HOUR * HOURS


def _steady_metrics(filters: list[dict[str, Any]]) -> set[str]:
    """Returns the metrics that scheduled logs feed all month; the others are billed only when something happens."""
    transformations = [one["MetricTransformations"][0] for one in filters]
    return {one["MetricName"] for one in transformations if str(one["MetricValue"]).startswith("$")}


def dollars(bill: Bill) -> Bill:
    """Returns dollars beyond the free tier; only monthly fees have one, and no other journey uses it."""
    units = {key: PRICES["unit"][key[1]] for key in bill}
    return {key: max(0.0, bill[key] - unit.get("free", 0)) * float(unit["price"]) for key, unit in units.items()}


def total(bill: Bill) -> float:
    """Returns dollars per month."""
    return sum(dollars(bill).values())


def grouped(amounts: Bill, rank: int) -> dict[str, float]:
    """Returns the amounts summed by journey (`rank` 0) or by unit (1), the largest first."""
    sums: dict[str, float] = defaultdict(float)
    for key, amount in amounts.items():
        sums[key[rank]] += amount
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))

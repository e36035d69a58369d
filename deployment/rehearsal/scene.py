"""What the checks of a rehearsal share: the stack, a parent, the office's command, the small town and its mails."""

import csv
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from deployment.bundle import ROOT
from deployment.rehearsal.emulator import Emulator
from deployment.rehearsal.report import Failed
from deployment.rehearsal.stack import Stack
from deployment.rehearsal.visitor import Visitor

PREFIX = "portail-famille-test"
PATIENCE = 60.0
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Walker:
    """A family of the small town: by e-mail, with an invoice to pay in the month that is mailed."""

    username: str
    email: str
    number: str
    cents: int


@dataclass
class Scene:
    """A rehearsal under way."""

    emulator: Emulator
    stack: Stack
    public: str
    town: Path
    environ: dict[str, str]
    visitor: Visitor
    walker: Walker
    notes: dict[str, Any] = field(default_factory=dict)

    def guichet(self, *arguments: str) -> str:
        """Run the office's command; answers what it printed. Raises Failed when it ends otherwise than with 0."""
        command = [sys.executable, "-m", "guichet", *arguments]
        environ = {"PATH": os.environ["PATH"], "COLUMNS": "200", **self.environ}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"guichet {' '.join(arguments[:2])} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def mails(self, subject: str = "", to: str = "") -> list[dict[str, Any]]:
        """The mails that SES took, oldest first, of which this is part of the subject and that is an addressee."""
        with urllib.request.urlopen(f"{self.emulator.url}/_ministack/ses/messages", timeout=30) as answer:  # noqa: S310
            held = [one for some in json.load(answer)["messages"].values() for one in some]
        chosen = [one for one in held if subject in one["Subject"] and (not to or to in one["To"])]
        return sorted(chosen, key=lambda one: one["Timestamp"])

    def wait_for(self, what: str, look: Callable[[], Seen]) -> Seen:
        """Look again until something is seen. Raises Failed after a minute."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end:
                raise Failed(f"{what}: not seen within {PATIENCE:.0f} s")
            time.sleep(0.5)
        return found

    def logged(self, *, since: float) -> list[str]:
        """Every line that our functions logged since an instant, in seconds of Unix time."""
        logs = self.client("logs")
        lines = []
        for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
            for page in logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=int(since * 1000)
            ):
                lines += [f"{group}: {event['message']}" for event in page["events"]]
        return lines


def walker_of(town: Path, month: Path) -> Walker:
    """The first family of the town's files that fits. Raises StopIteration when none does."""
    with (town / "comptes.csv").open(encoding="utf-8") as file:
        emails = {one["identifiant"]: one["courriel"] for one in csv.DictReader(file, delimiter=";")
                  if one["mode_de_reception"] == "courriel" and one["prelevement"] == "non"}  # fmt: skip
    with month.open(encoding="utf-8") as file:
        due = [one for one in csv.DictReader(file, delimiter=";") if one["identifiant"] in emails]
    one = next(one for one in due if not cents(one["montant_regle"]) and cents(one["montant_total"]) > 0)
    return Walker(one["identifiant"], emails[one["identifiant"]], one["numero"], cents(one["montant_total"]))


def cents(text: str) -> int:
    return int(text.replace(",", "") or 0)

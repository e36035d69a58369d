"""Context that the checks of a rehearsal share: the stack, a parent, the office's command, the town and its mails."""

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
from deployment.rehearsal.report import CheckFailed
from deployment.rehearsal.stack import Stack
from deployment.rehearsal.visitor import Visitor

PREFIX = "portail-famille-test"
WAIT_SECONDS = 60.0
Found = TypeVar("Found")


@dataclass(frozen=True)
class TestFamily:
    """A family of the town that receives invoices by e-mail, and has one of `cents` to pay in the mailed month."""

    username: str
    email: str
    number: str
    cents: int


@dataclass
class RehearsalContext:
    """State of a running rehearsal; checks pass values on in `notes`."""

    emulator: Emulator
    stack: Stack
    public: str
    town: Path
    environ: dict[str, str]
    visitor: Visitor
    family: TestFamily
    notes: dict[str, Any] = field(default_factory=dict)

    def guichet(self, *arguments: str) -> str:
        """Run the office's command. Returns its output. Raises CheckFailed when its exit code is not 0."""
        command = [sys.executable, "-m", "guichet", *arguments]
        environ = {"PATH": os.environ["PATH"], "COLUMNS": "200", **self.environ}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CheckFailed(
                f"guichet {' '.join(arguments[:2])} ended with {done.returncode}: {done.stdout}{done.stderr}"
            )
        return done.stdout

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def mails(self, subject: str = "", to: str = "") -> list[dict[str, Any]]:
        """Returns the mails that SES accepted, oldest first, filtered by part of the subject and by addressee."""
        with urllib.request.urlopen(f"{self.emulator.url}/_ministack/ses/messages", timeout=30) as answer:  # noqa: S310
            accepted = [one for some in json.load(answer)["messages"].values() for one in some]
        chosen = [one for one in accepted if subject in one["Subject"] and (not to or to in one["To"])]
        return sorted(chosen, key=lambda one: one["Timestamp"])

    def wait_for(self, what: str, look: Callable[[], Found]) -> Found:
        """Poll `look` until it returns something true, and return it. Raises CheckFailed after a minute."""
        end = time.monotonic() + WAIT_SECONDS
        while not (found := look()):
            if time.monotonic() > end:
                raise CheckFailed(f"{what}: not seen within {WAIT_SECONDS:.0f} s")
            time.sleep(0.5)
        return found

    def logged(self, *, since: float) -> list[str]:
        """Returns every line that our functions logged since an instant (Unix time in seconds)."""
        logs = self.client("logs")
        lines = []
        for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
            for page in logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=int(since * 1000)
            ):
                lines += [f"{group}: {event['message']}" for event in page["events"]]
        return lines


def choose_family(town: Path, month: Path) -> TestFamily:
    """Returns the first family of the town's files that fits. Raises StopIteration when none does."""
    with (town / "comptes.csv").open(encoding="utf-8") as file:
        emails = {one["identifiant"]: one["courriel"] for one in csv.DictReader(file, delimiter=";")
                  if one["mode_de_reception"] == "courriel" and one["prelevement"] == "non"}  # fmt: skip
    with month.open(encoding="utf-8") as file:
        due = [one for one in csv.DictReader(file, delimiter=";") if one["identifiant"] in emails]
    one = next(one for one in due if not cents(one["montant_regle"]) and cents(one["montant_total"]) > 0)
    return TestFamily(one["identifiant"], emails[one["identifiant"]], one["numero"], cents(one["montant_total"]))


def cents(text: str) -> int:
    return int(text.replace(",", "") or 0)

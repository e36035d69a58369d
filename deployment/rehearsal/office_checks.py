"""Checks of the office's commands: import of a small town, and a billing run from the inbox bucket to the mails."""

import csv
import json
import re
from pathlib import Path

from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, RehearsalContext

SCHEDULED_EVENT = {
    "version": "0",
    "account": "000000000000",
    "region": "eu-west-3",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "2026-01-01T00:00:00Z",
    "id": "rehearsal",
    "resources": [],
}
"""The event that EventBridge sends to the hourly tick."""


def import_families(context: RehearsalContext) -> str:
    """Families and children of the town, imported by the office's command."""
    files = [str(context.town / name) for name in ("comptes.csv", "enfants.csv")]
    printed, again = (context.guichet("familles", "importer", *files) for _ in range(2))
    counts = re.findall(r"(Nouveaux|Modifiés|Refusés)\s+(\d+)", again)
    require(counts and all(count == "0" for _, count in counts), again)
    return ", ".join(f"{word} {count}" for word, count in re.findall(r"(Nouveaux)\s+(\d+)", printed))


def search_for_a_family(context: RehearsalContext) -> str:
    """A family found by its address a few seconds after its import: the streams reach the task that indexes."""
    found = f"compte {context.family.username}"
    context.wait_for("the family", lambda: found in context.guichet("comptes", "chercher", context.family.email))
    context.guichet("recherche", "refaire")
    return last_line(context.guichet("recherche", "verifier"))


def import_invoices(context: RehearsalContext) -> str:
    """A month of invoices, imported and drawn at once."""
    return last_line(context.guichet("factures", "importer", str(context.notes["first_month"])))


def file_in_the_inbox(context: RehearsalContext) -> str:
    """The next month, put in the inbox bucket: S3 calls a function, which creates a run to check."""
    month: Path = context.notes["second_month"]
    context.client("s3").upload_file(str(month), f"{PREFIX}-inbox", month.name)
    line = context.wait_for("the run to check", lambda: run_line(context, "contrôler"))
    context.notes["run"] = line.split()[0]
    require(not context.mails("Facture n°"), "mails left before anything was published")
    return line


def publish(context: RehearsalContext) -> str:
    """Published for today, started, and the state machine followed to its end."""
    run: str = context.notes["run"]
    context.guichet("campagnes", "publier", run, "--le", context.notes["today"])
    context.guichet("envois", "lancer", "--maintenant")  # the emulator's own clock may have been there first
    context.guichet("envois", "suivre", run)
    machine = next(iter(context.stack.of_type("AWS::StepFunctions::StateMachine").values()))
    executions = context.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    require([one["status"] for one in executions] == ["SUCCEEDED"], executions)
    return run_line(context, run)


def every_invoice_delivered(context: RehearsalContext) -> str:
    """One mail for each invoice by e-mail and one sheet for each on paper, as in the files."""
    expected = expected_mails(context)
    mails = context.mails("Facture n°")
    delivered = sorted((mail["To"][0], number_of(mail["Subject"])) for mail in mails)
    require(delivered == expected, f"{len(delivered)} mails of {len(expected)}: {set(expected) ^ set(delivered)}")
    prefix = f"{context.public}/"
    links = re.findall(r"http\S+", mails[0]["BodyText"])
    require(links and all(link.startswith(prefix) for link in links), links)
    bundle = context.town / "papier.pdf"
    context.guichet("envois", "voir", context.notes["run"], "--papier", str(bundle))
    require(bundle.read_bytes().startswith(b"%PDF-"), bundle)
    return f"{len(delivered)} mails, each once, and a batch of {bundle.stat().st_size} bytes to print"


def second_tick_sends_nothing(context: RehearsalContext) -> str:
    """The hourly tick, called as EventBridge does, does not send a closed run again."""
    before = len(context.mails())
    event = json.dumps(SCHEDULED_EVENT).encode()
    answered = context.client("lambda").invoke(FunctionName=f"{PREFIX}-mailing_tick", Payload=event)
    payload: str = answered["Payload"].read().decode()
    require("FunctionError" not in answered, payload)
    require(len(context.mails()) == before, "a closed run was sent again")
    return payload


def expected_mails(context: RehearsalContext) -> list[tuple[str, str]]:
    """Returns (address, number) of the month's invoices sent by e-mail: of families who chose it, except zeros."""
    with (context.town / "comptes.csv").open(encoding="utf-8") as file:
        by_mail = {one["identifiant"]: one["courriel"] for one in csv.DictReader(file, delimiter=";")
                   if one["mode_de_reception"] == "courriel" and one["courriel"]}  # fmt: skip
    with context.notes["second_month"].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return sorted({(by_mail[one["identifiant"]], one["numero"]) for one in rows
                   if one["identifiant"] in by_mail and one["montant_total"] != "0,00"})  # fmt: skip


def number_of(subject: str) -> str:
    found = re.search(r"n°\s*(\S+)", subject)
    return found[1] if found else ""


def run_line(context: RehearsalContext, word: str) -> str:
    """Returns the line of `campagnes lister` with this word; empty when there is none yet."""
    lines = context.guichet("campagnes", "lister").replace("\u00a0", " ").splitlines()
    return next((" ".join(line.split()) for line in lines if word in line), "")


def last_line(printed: str) -> str:
    return " ".join(printed.strip().splitlines()[-1].split())

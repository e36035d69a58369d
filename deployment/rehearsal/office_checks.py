"""The office's part of a rehearsal: a small town imported, and a billing run from the inbox to every letterbox."""

import csv
import json
import re
from pathlib import Path

from deployment.rehearsal.report import require
from deployment.rehearsal.scene import PREFIX, Scene

SCHEDULED = {
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
"""What EventBridge gives the hourly tick."""


def import_families(scene: Scene) -> str:
    """Families and children of the town, by the office's command."""
    shown = scene.guichet("familles", "importer", str(scene.town / "comptes.csv"), str(scene.town / "enfants.csv"))
    again = scene.guichet("familles", "importer", str(scene.town / "comptes.csv"), str(scene.town / "enfants.csv"))
    counts = re.findall(r"(Nouveaux|Modifiés|Refusés)\s+(\d+)", again)
    require(counts and all(count == "0" for _, count in counts), again)
    return ", ".join(f"{word} {count}" for word, count in re.findall(r"(Nouveaux)\s+(\d+)", shown))


def import_invoices(scene: Scene) -> str:
    """A month of invoices, imported and drawn at once."""
    return last_line(scene.guichet("factures", "importer", str(scene.notes["first_month"])))


def file_in_the_inbox(scene: Scene) -> str:
    """The next month, put in the inbox bucket: S3 calls a function, which makes a run to check of it."""
    month: Path = scene.notes["second_month"]
    scene.client("s3").upload_file(str(month), f"{PREFIX}-inbox", month.name)
    line = scene.wait_for("the run to check", lambda: run_line(scene, "contrôler"))
    scene.notes["run"] = line.split()[0]
    require(not scene.mails("Facture n°"), "mails left before anything was published")
    return line


def publish(scene: Scene) -> str:
    """Published for today, then the clock is pressed, and the state machine followed to its end."""
    run: str = scene.notes["run"]
    scene.guichet("campagnes", "publier", run, "--le", scene.notes["today"])
    scene.guichet("envois", "lancer", "--maintenant")  # the emulator's own clock may have been there first
    scene.guichet("envois", "suivre", run)
    machine = next(iter(scene.stack.of_type("AWS::StepFunctions::StateMachine").values()))
    executions = scene.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    require([one["status"] for one in executions] == ["SUCCEEDED"], executions)
    return run_line(scene, run)


def everyone_got_it(scene: Scene) -> str:
    """One mail for each invoice by e-mail and one sheet for each on paper, as the files say."""
    expected = expected_mails(scene)
    mails = scene.mails("Facture n°")
    got = sorted((mail["To"][0], number_of(mail["Subject"])) for mail in mails)
    require(got == expected, f"{len(got)} mails of {len(expected)}: {set(expected) ^ set(got)}")
    prefix = f"{scene.public}/"
    links = re.findall(r"http\S+", mails[0]["BodyText"])
    require(links and all(link.startswith(prefix) for link in links), links)
    bundle = scene.town / "papier.pdf"
    scene.guichet("envois", "voir", scene.notes["run"], "--papier", str(bundle))
    require(bundle.read_bytes().startswith(b"%PDF-"), bundle)
    return f"{len(got)} mails, each once, and a batch of {bundle.stat().st_size} bytes to print"


def the_clock_again(scene: Scene) -> str:
    """The hourly tick, called as EventBridge does: what is closed is not sent again."""
    before = len(scene.mails())
    event = json.dumps(SCHEDULED).encode()
    answered = scene.client("lambda").invoke(FunctionName=f"{PREFIX}-mailing_tick", Payload=event)
    told: str = answered["Payload"].read().decode()
    require("FunctionError" not in answered, told)
    require(len(scene.mails()) == before, "a closed run was sent again")
    return told


def expected_mails(scene: Scene) -> list[tuple[str, str]]:
    """(address, number) of the month's invoices that go by e-mail: those of families who chose it, but for zeros."""
    with (scene.town / "comptes.csv").open(encoding="utf-8") as file:
        by_mail = {one["identifiant"]: one["courriel"] for one in csv.DictReader(file, delimiter=";")
                   if one["mode_de_reception"] == "courriel" and one["courriel"]}  # fmt: skip
    with scene.notes["second_month"].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return sorted({(by_mail[one["identifiant"]], one["numero"]) for one in rows
                   if one["identifiant"] in by_mail and one["montant_total"] != "0,00"})  # fmt: skip


def number_of(subject: str) -> str:
    found = re.search(r"n°\s*(\S+)", subject)
    return found[1] if found else ""


def run_line(scene: Scene, word: str) -> str:
    """The line of `campagnes lister` that holds this word; empty when there is none yet."""
    lines = scene.guichet("campagnes", "lister").replace("\u00a0", " ").splitlines()
    return next((" ".join(line.split()) for line in lines if word in line), "")


def last_line(shown: str) -> str:
    return " ".join(shown.strip().splitlines()[-1].split())

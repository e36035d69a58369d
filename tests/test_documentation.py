"""What the pages name exists: files, headings, the desk's verbs, alarms."""

import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import jmespath
import pytest
import typer

from chalicelib.domain.payment import Notice
from chalicelib.domain.town_settings import Office, PaymentMethodNames, Regie, Town
from chalicelib.importing import account_changes, accounts, bank_export, children, invoices, settlements
from chalicelib.importing.csv_reader import CellRefused
from guichet.__main__ import app
from infrastructure.template import of_type, render
from tests.support.packaging import packaged

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = re.compile(r"(?:`|\$ |do )guichet ([a-z]+) ([a-z][a-z-]+)")
"""A command as it is typed, not the word in a sentence."""

TOWN_FILES = {
    "comptes.csv": (accounts.read_accounts, accounts.PARSERS),
    "enfants.csv": (children.read_children, children.PARSERS),
    "factures.csv": (invoices.read_invoices, invoices.HEADER | invoices.LINE),
    "reglements.csv": (settlements.read_settlements, settlements.PARSERS),
}


def name_of(path):
    return path.name


def page(name):
    return (ROOT / "docs" / name).read_text("utf-8")


def anchors(path):
    """As GitHub makes them of headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\s-]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_verbs_of_the_desk_exist(page):
    nouns = typer.main.get_command(app).commands
    for noun, verb in VERB.findall(page.read_text("utf-8")):
        assert noun in nouns, noun
        assert verb in nouns[noun].commands, f"{noun} {verb}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_our_programs_are_typed_with_the_python_that_has_our_libraries(page):
    text = page.read_text("utf-8")
    assert re.findall(r"(?<!\.venv/bin/)python3? (?:-m (?!venv|pip)\S+|\w+\.py)", text) == []


def test_every_alarm_says_what_to_do():
    text = page("exploitation.md")
    alarms = of_type(render(stage="prod")["Resources"], "AWS::CloudWatch::Alarm")
    named = [one["AlarmName"].removeprefix("portail-famille-prod-") for one in alarms if "AlarmName" in one]
    told = ["dead-…" if name.startswith("dead-") else name for name in named]
    assert [name for name in told if f"`{name}`" not in text] == []


def test_the_deployment_acknowledges_what_the_template_makes():
    """CloudFormation makes no role or policy, least of all a named one, and no transform, unless it is told to."""
    template = packaged("prod")
    rights = [one for one in template["Resources"].values() if one["Type"].startswith("AWS::IAM::")]
    named = [one for one in rights if {"RoleName", "ManagedPolicyName"} & one["Properties"].keys()]
    needed = {"CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"}
    needed |= {"CAPABILITY_AUTO_EXPAND"} if "Transform" in template else set()
    assert set(re.findall(r"CAPABILITY_\w+", page("deploiement.md"))) == needed


def test_the_inbox_is_given_to_the_billing_software_and_not_to_agents():
    given = json.loads(example_in(section_of("exploitation.md", "Laisser le logiciel déposer"), "json"))
    (statement,) = given["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("s3:PutObject", "arn:aws:s3:::<préfixe>-inbox/*")
    assert "-inbox" not in json.dumps(of_type(render(stage="prod")["Resources"], "AWS::IAM::ManagedPolicy"))


def test_a_rotated_key_reaches_every_function():
    """The page's own query, over what AWS would list: the web function has no name after its stage's."""
    (query,) = re.findall(r'--query "(Functions\[.+)"\)', page("exploitation.md"))
    ours, others = names_of_functions("prod"), names_of_functions("test") | {"another"}
    listed = {"Functions": [{"FunctionName": name} for name in sorted(ours | others)]}
    assert set(jmespath.search(query, listed)) == ours


def names_of_functions(stage):
    return {one["FunctionName"] for one in of_type(packaged(stage)["Resources"], "AWS::Serverless::Function")}


def test_the_agents_alias_works_from_where_their_files_arrive(tmp_path):
    """CloudShell puts what is uploaded into the home folder: `comptes.csv` must be there when it is typed."""
    home = tmp_path / "home"
    python = home / "portail-famille" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for package in ("guichet", "chalicelib"):
        (python.parents[2] / package).symlink_to(ROOT / package)
    (alias,) = re.findall(r"alias guichet='.+'", page("exploitation.md"))
    typed = f"shopt -s expand_aliases\n{alias}\nguichet familles importer --help"
    done = subprocess.run(["bash", "-c", typed], cwd=home, env={"HOME": str(home)}, capture_output=True, text=True)
    assert "COMPTES" in done.stdout, done.stderr


@pytest.mark.parametrize("name", TOWN_FILES)
def test_the_columns_of_a_town_s_file_are_all_told_and_its_example_comes_in(name):
    read, parsers = TOWN_FILES[name]
    section = section_of("fichiers.md", name)
    told = re.findall(r"^\| `(\w+)` \| (oui|non) \|", section, re.M)
    assert told == [(column, "oui" if must_be_filled(parse) else "non") for column, parse in parsers.items()]
    text = ";".join(parsers) + "\n" + example_in(section)
    records = list(read(io.BytesIO(text.encode())))
    assert records
    assert not [problem for record in records for problem in record.problems]


def test_the_columns_of_the_bank_s_journal_are_all_told_and_its_example_is_a_payment():
    section, columns = section_of("fichiers.md", "Le journal de la banque"), bank_export.Columns.load()
    told = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section, re.M))
    assert told == {field: getattr(columns, field) for field in bank_export.FIELDS}
    stream = io.BytesIO(example_in(section).encode())
    bounds = bank_export.ExportLimits(date(2026, 11, 30), tests_accepted=False)
    (record,) = bank_export.read_bank_export(stream, columns, bounds)
    assert isinstance(record.value, Notice), record


def test_every_key_of_a_town_s_file_says_where_it_is_seen():
    told = re.findall(r"^\| (.+?) \|", page("ville.md"), re.M)
    keys = {name for cell in told for name in re.findall(r"`(\w+)`", cell)}
    models = (Town, Office, Regie, PaymentMethodNames)
    assert keys == {name for model in models for name in model.model_fields} - {
        "logo",
        "desk",
        "regie",
        "payment_methods",
    }


def test_the_columns_that_go_back_to_the_town_s_software_are_told():
    section = section_of("fichiers.md", "Ce qui sort")
    assert [name for name in account_changes.HEADER[len(accounts.PARSERS) :] if f"`{name}`" not in section] == []


def must_be_filled(parse):
    try:
        parse("")
    except CellRefused:
        return True
    return False


def section_of(name, title):
    return page(name).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def example_in(section, kind=""):
    """The text of its first block of that kind."""
    return section.partition(f"```{kind}\n")[2].partition("```")[0]

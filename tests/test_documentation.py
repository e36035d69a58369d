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

import app as front_door
from chalicelib.domain.payment import Notice
from chalicelib.domain.town_settings import Office, PaymentMethodNames, Regie, Town
from chalicelib.importing import account_changes, accounts, bank_export, children, invoices, settlements
from chalicelib.importing.cells import absent_allowed
from chalicelib.importing.rows import CellRefused
from guichet.__main__ import app
from infrastructure.template import of_type, render
from local.town import files
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


def test_every_verb_of_the_command_is_in_the_agents_manual():
    text = page("exploitation.md")
    missing = [words for words in map(" ".join, verbs_of(typer.main.get_command(app))) if words not in text]
    assert missing == [], f"docs/exploitation.md does not name: {missing}"


def verbs_of(group, path=()):
    """The words of every verb of the command."""
    for name, command in group.commands.items():
        yield from verbs_of(command, (*path, name)) if hasattr(command, "commands") else [(*path, name)]


def test_every_parameter_of_the_template_is_told():
    missing = [name for name in packaged("prod")["Parameters"] if f"`{name}`" not in page("deploiement.md")]
    assert missing == [], f"docs/deploiement.md, the table of parameters: {missing}"


def test_every_alarm_says_what_to_do():
    text = page("exploitation.md")
    alarms = of_type(render(stage="prod")["Resources"], "AWS::CloudWatch::Alarm")
    named = [one["AlarmName"].removeprefix("portail-famille-prod-") for one in alarms if "AlarmName" in one]
    told = ["dead-…" if name.startswith("dead-") else name for name in named]
    missing = [name for name in told if f"`{name}`" not in text]
    assert missing == [], f"docs/exploitation.md, the table of alarms: {missing}"


def test_every_clock_is_told():
    section = page("exploitation.md").partition("\n### Les horloges\n")[2].partition("\n### ")[0]
    missing = [clock.name for clock in front_door.app.event_sources if f"`{clock.name}`" not in section]
    assert missing == [], f"docs/exploitation.md, « Les horloges »: {missing}"


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
    functions = of_type(packaged(stage)["Resources"], "AWS::Serverless::Function")
    unnamed = [one["Handler"] for one in functions if "FunctionName" not in one]
    assert unnamed == [], f".chalice/config.json, lambda_functions: {unnamed}"
    return {one["FunctionName"] for one in functions}


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
    told = re.findall(r"^\| `(\w+)` \| (oui|non|peut manquer) \|", section, re.M)
    may_be_absent = absent_allowed(parsers)
    needs = {column: "oui" if must_be_filled(parse) else "non" for column, parse in parsers.items()}
    assert "oui" not in {needs[column] for column in may_be_absent}, "a column that may be absent is read as empty"
    needs |= dict.fromkeys(may_be_absent, "peut manquer")
    assert told == [*needs.items()], f"docs/fichiers.md, the table of {name}"
    text = ";".join(parsers) + "\n" + example_in(section)
    records = list(read(io.BytesIO(text.encode())))
    assert records
    problems = [problem for record in records for problem in record.problems]
    assert problems == [], f"docs/fichiers.md, the example of {name}"


def test_the_columns_that_are_the_invoice_s_own_are_counted():
    count = {8: "huit", 9: "neuf", 10: "dix", 11: "onze", 12: "douze"}[len(invoices.HEADER)]
    opening = f"Les {count} premières colonnes sont celles de la facture"
    assert opening in section_of("fichiers.md", "factures.csv"), f"docs/fichiers.md, factures.csv: « {opening} »"


@pytest.mark.parametrize(
    ("name", "written", "columns"),
    [
        ("ACCOUNTS", files.ACCOUNTS, accounts.PARSERS),
        ("CHILDREN", files.CHILDREN, children.PARSERS),
        ("INVOICES", files.INVOICES, invoices.HEADER | invoices.LINE),
    ],
)
def test_the_demo_town_writes_every_column_of_its_files(name, written, columns):
    assert written == (*columns,), f"local/town/files.py, {name}, and the cell of each row"


def test_the_columns_of_the_bank_s_journal_are_all_told_and_its_example_is_a_payment():
    section, columns = section_of("fichiers.md", "Le journal de la banque"), bank_export.Columns.load()
    told = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section, re.M))
    known = {field: getattr(columns, field) for field in bank_export.FIELDS}
    assert told == known, "docs/fichiers.md, the table of the bank's journal"
    stream = io.BytesIO(example_in(section).encode())
    bounds = bank_export.ExportLimits(date(2026, 11, 30), tests_accepted=False)
    (record,) = bank_export.read_bank_export(stream, columns, bounds)
    assert isinstance(record.value, Notice), record


def test_every_key_of_a_town_s_file_says_where_it_is_seen():
    told = re.findall(r"^\| (.+?) \|", page("ville.md"), re.M)
    keys = {name for cell in told for name in re.findall(r"`(\w+)`", cell)}
    models, tables = (Town, Office, Regie, PaymentMethodNames), {"logo", "desk", "regie", "payment_methods"}
    known = {name for model in models for name in model.model_fields} - tables
    assert keys == known, f"docs/ville.md, the table of keys: {keys ^ known}"


def test_the_columns_that_go_back_to_the_town_s_software_are_told():
    section = section_of("fichiers.md", "Ce qui sort")
    missing = [name for name in account_changes.HEADER[len(accounts.PARSERS) :] if f"`{name}`" not in section]
    assert missing == [], f"docs/fichiers.md, « Ce qui sort »: {missing}"


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

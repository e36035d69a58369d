"""What the pages name exists: files, headings, the desk's verbs, alarms."""

import re
from pathlib import Path

import pytest
import typer

from guichet.__main__ import app
from local.template import of_type, render

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = re.compile(r"(?:`|\$ |do )guichet ([a-z]+) ([a-z][a-z-]+)")
"""A command as it is typed, not the word in a sentence."""


def name_of(path):
    return path.name


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


def test_every_alarm_says_what_to_do():
    text = (ROOT / "docs" / "exploitation.md").read_text("utf-8")
    alarms = of_type(render(stage="prod")["Resources"], "AWS::CloudWatch::Alarm")
    named = [one["AlarmName"].removeprefix("portail-famille-prod-") for one in alarms if "AlarmName" in one]
    told = ["dead-…" if name.startswith("dead-") else name for name in named]
    assert [name for name in told if f"`{name}`" not in text] == []

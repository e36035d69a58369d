"""The command line itself: French, and exit code 2 for a misuse."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import typer

from chalicelib import portal as portals
from chalicelib.services.account.family_import import Difference
from chalicelib.stage_settings import Settings, load_town
from guichet import agent
from guichet.__main__ import app
from guichet.failures import open_portal
from guichet.french import translate
from guichet.wording.common import difference_of
from tests.support.people import invoice

ENGLISH = re.compile(r"\b(?:the|and|of|with|file|shows?|writes?|read|all|only|without)\b", re.IGNORECASE)


def verbs(group, path=()):
    """Every verb of the command: its words, and Typer's command."""
    for name, command in sorted(group.commands.items()):
        yield from verbs(command, (*path, name)) if hasattr(command, "commands") else [((*path, name), command)]


VERBS = list(verbs(typer.main.get_command(app)))


@pytest.mark.parametrize(("words", "command"), VERBS, ids=[" ".join(words) for words, _ in VERBS])
def test_every_verb_explains_itself_in_french_with_an_example(words, command):
    where = f"guichet/commands/{words[0]}.py"
    assert command.help, f"{where}: the docstring of the verb is its help, in French"
    assert f"Exemple : python -m guichet {' '.join(words)}" in (command.epilog or ""), f"{where}: epilog="
    helps = [command.help, *(option.help or "" for option in command.params)]
    assert [text for text in helps if ENGLISH.search(text)] == [], f"{where}: help that is not in French"
    assert all(helps), f"{where}: an argument or option without help="


@pytest.mark.parametrize("words", [["--help"], ["factures", "importer", "--help"], ["familles", "importer", "--help"]])
def test_help_is_in_french_with_an_example(command_line, words):
    ran = command_line(*words)
    assert ran.code == 0
    assert "Utilisation : guichet" in ran.out
    assert "Exemple : python -m guichet" in ran.out
    assert "Usage" not in ran.out
    assert "Show this message" not in ran.out
    assert not re.search(r"<\w+>", ran.out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["factures", "effacer"], "« effacer » n’existe pas."),
        (["factures", "importer"], "Il manque FICHIER."),
        (["factures", "importer", "absent.csv"], "FICHIER : « absent.csv » n’existe pas."),
        (["factures", "importer", "tests"], "FICHIER : « tests » est un dossier."),
        (["factures", "importer", "pyproject.toml", "--reprise"], "--reprise et --pdf DOSSIER vont ensemble."),
        (["factures", "importer", "pyproject.toml", "--pdf", "tests"], "--reprise et --pdf DOSSIER vont ensemble."),
        (["factures", "importer", "pyproject.toml", "autre.csv"], "De trop : autre.csv"),
        (["factures", "importer", "--vite"], "L’option --vite n’existe pas."),
        (["factures", "importer", "--pdf"], "L’option --pdf attend une valeur."),
        (["factures", "importer", "pyproject.toml", "--essai=oui"], "L’option --essai n’attend pas de valeur."),
    ],
)
def test_a_misuse_is_told_in_french(command_line, words, told):
    ran = command_line(*words)
    assert ran.code == 2
    assert told in ran.err


def test_a_sentence_we_do_not_know_is_left_as_it_is():
    assert translate("Something new.") == "Something new."


@pytest.mark.parametrize("port", ["huit", "99999"])
def test_a_wrong_port_is_a_misuse_told_in_one_sentence(command_line, monkeypatch, port):
    monkeypatch.delenv("PORTAIL_STAGE")
    monkeypatch.setenv("PORT", port)
    ran = command_line("--help")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip() == f"PORT={port} n’est pas un numéro de port (de 1 à 65532)."


@pytest.mark.parametrize(
    "words",
    [["--agent", "Mme Morel", "a", "b"], ["a", "--agent", "Mme Morel", "b"], ["a", "b", "--agent", "Mme Morel"]],
)
def test_the_agent_may_be_named_anywhere(words):
    assert agent.move_option_first(words) == ["--agent", "Mme Morel", "a", "b"]
    assert agent.move_option_first(["a", "--agent=Mme Morel"]) == ["--agent=Mme Morel", "a"]
    assert agent.move_option_first(["a", "b"]) == ["a", "b"]


@pytest.fixture
def staged(monkeypatch):
    """Be at a stage, with a name given on the command line."""

    def staged(stage, name):
        monkeypatch.setattr(portals, "current", lambda: SimpleNamespace(settings=Settings(stage=stage)))
        agent.set_name(name)

    yield staged
    agent.set_name("")


def test_on_the_desk_who_acts_is_the_name_given_or_the_session(staged, monkeypatch):
    monkeypatch.setenv("LOGNAME", "morel")
    staged("local", " Mme Morel ")
    assert agent.acting() == "Mme Morel"
    staged("local", "")
    assert agent.acting() == "morel"


def test_on_aws_who_acts_is_the_callers_identity_and_no_name_hides_it(staged, aws):
    staged("dev", "")
    assert agent.acting() == "moto"
    staged("dev", "Mme Morel")
    with pytest.raises(typer.Exit) as ended:
        agent.acting()
    assert ended.value.exit_code == 2


def test_one_line_is_in_the_singular():
    line = invoice().lines[0]
    told = difference_of(Difference("lines", existing=(line,), imported=(line, line)))
    assert told.endswith("«\u00a02 lignes\u00a0» dans le fichier, «\u00a01 ligne\u00a0» sur le portail")


def test_settings_that_cannot_stand_together_are_named(monkeypatch, capsys):
    monkeypatch.setattr(portals, "current", lambda: Settings(stage="prod"))
    with pytest.raises(typer.Exit) as ended:
        open_portal()
    assert ended.value.exit_code == 1
    assert "PORTAIL_PAYBOX_SOURCES" in capsys.readouterr().err


def test_a_town_without_a_file_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(portals, "current", lambda: load_town("nulle-part"))
    with pytest.raises(typer.Exit) as ended:
        open_portal()
    said = capsys.readouterr().err
    assert (ended.value.exit_code, "La ville « nulle-part » n’a pas de fichier" in said) == (1, True)


def test_names_of_log_events_do_not_reach_the_agents_screen():
    code = "import logging, guichet.__main__; logging.getLogger('chalicelib.services').error('payment_alarm')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")

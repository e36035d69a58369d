"""Typer's own words, in French: usage, panels, help and what it says of a misuse."""

import re
from typing import Any

import typer
from typer import Context, rich_utils
from typer.core import TyperArgument, TyperCommand, TyperGroup

from chalicelib.wording.guide import typeset

HELP = "Affiche cette aide."

WRONG = r"Invalid value for '?(.+?)'?: (?i:file|directory|dir|path) '(.+)'"

SENTENCES = (
    (r"No such command '(.+)'\.(?: Did you mean (.+)\?)?", r"« \1 » n’existe pas."),
    (r"Missing command\.", "Il manque le verbe."),
    (r"Missing argument '?(.+?)'?\.", r"Il manque \1."),
    (r"Missing option '?(.+?)'?\.", r"Il manque l’option \1."),
    (r"No such option: (\S+).*", r"L’option \1 n’existe pas."),
    (r"Option '(.+)' requires an argument\.", r"L’option \1 attend une valeur."),
    (r"Option '(.+)' does not take a value\.", r"L’option \1 n’attend pas de valeur."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"De trop : \1"),
    (rf"{WRONG} does not exist\.", r"\1 : « \2 » n’existe pas."),
    (rf"{WRONG} is a directory\.", r"\1 : « \2 » est un dossier."),
    (rf"{WRONG} is a file\.", r"\1 : « \2 » n’est pas un dossier."),
    (rf"{WRONG} is not readable\.", r"\1 : « \2 » est illisible."),
    (r"Invalid value for '?(.+?)'?: (.+)", r"\1 : valeur refusée (\2)"),
)


def install() -> None:
    """Name the panels of the help in French, and leave out what Typer calls a type (« <file> »): names say enough."""
    TyperArgument.display_type_rich = _no_type  # type: ignore[method-assign, assignment]
    rich_utils.ARGUMENTS_PANEL_TITLE = "Arguments"
    rich_utils.OPTIONS_PANEL_TITLE = "Options"
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"


def _no_type(argument: Any, ctx: Any) -> str | None:
    return None


def sentence(said: str) -> str:
    """What Typer says of a misuse, in French when we know the sentence."""
    for pattern, french in SENTENCES:
        if found := re.fullmatch(pattern, said.strip(), re.DOTALL):
            return typeset(found.expand(french))
    return said


def _french_usage(usage: str) -> str:
    return usage.replace("Usage: ", "Utilisation\u00a0: ", 1)


def flag(name: str, explained: str) -> Any:
    """An option that is there or not, without Typer's « <bool> » beside it."""
    return typer.Option(name, metavar="", help=typeset(explained))


class FrenchCommand(TyperCommand):
    """A verb."""

    def get_usage(self, ctx: Context) -> str:  # type: ignore[override]
        return _french_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # type: ignore[override]
        return _explained(super().get_help_option(ctx))


class FrenchGroup(TyperGroup):
    """A noun, or the whole command."""

    def get_usage(self, ctx: Context) -> str:  # type: ignore[override]
        return _french_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # type: ignore[override]
        return _explained(super().get_help_option(ctx))


def _explained(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = HELP, ""
    return option

"""French translation of Typer's help and error messages."""

import re
from typing import Any

import typer
from typer import Context, rich_utils
from typer.core import TyperArgument, TyperCommand, TyperGroup

from chalicelib.wording.guide import typeset

HELP = "Affiche cette aide."

INVALID_PATH = r"Invalid value for '?(.+?)'?: (?i:file|directory|dir|path) '(.+)'"

SENTENCES = (
    (r"No such command '(.+)'\.(?: Did you mean (.+)\?)?", r"« \1 » n’existe pas."),
    (r"Missing command\.", "Il manque le verbe."),
    (r"Missing argument '?(.+?)'?\.", r"Il manque \1."),
    (r"Missing option '?(.+?)'?\.", r"Il manque l’option \1."),
    (r"No such option: (\S+).*", r"L’option \1 n’existe pas."),
    (r"Option '(.+)' requires an argument\.", r"L’option \1 attend une valeur."),
    (r"Option '(.+)' does not take a value\.", r"L’option \1 n’attend pas de valeur."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"De trop : \1"),
    (rf"{INVALID_PATH} does not exist\.", r"\1 : « \2 » n’existe pas."),
    (rf"{INVALID_PATH} is a directory\.", r"\1 : « \2 » est un dossier."),
    (rf"{INVALID_PATH} is a file\.", r"\1 : « \2 » n’est pas un dossier."),
    (rf"{INVALID_PATH} is not readable\.", r"\1 : « \2 » est illisible."),
    (r"Invalid value for '?(.+?)'?: (.+)", r"\1 : valeur refusée (\2)"),
)


def install() -> None:
    """Set French titles of the help panels, and hide Typer's type names (« <file> »)."""
    TyperArgument.display_type_rich = _no_type  # type: ignore[method-assign, assignment]
    rich_utils.ARGUMENTS_PANEL_TITLE = "Arguments"
    rich_utils.OPTIONS_PANEL_TITLE = "Options"
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"


def _no_type(argument: Any, ctx: Any) -> str | None:
    return None


def translate(message: str) -> str:
    """Returns Typer's error message in French, or unchanged when it is not in SENTENCES."""
    for pattern, french in SENTENCES:
        if found := re.fullmatch(pattern, message.strip(), re.DOTALL):
            return typeset(found.expand(french))
    return message


def _french_usage(usage: str) -> str:
    return usage.replace("Usage: ", "Utilisation\u00a0: ", 1)


def flag(name: str, help_text: str) -> Any:
    """Returns a boolean option, without Typer's « <bool> » in the help."""
    return typer.Option(name, metavar="", help=typeset(help_text))


class FrenchCommand(TyperCommand):
    """A command (verb) with French usage and help."""

    def get_usage(self, ctx: Context) -> str:  # type: ignore[override]
        return _french_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # type: ignore[override]
        return _in_french(super().get_help_option(ctx))


class FrenchGroup(TyperGroup):
    """A command group (noun) with French usage and help."""

    def get_usage(self, ctx: Context) -> str:  # type: ignore[override]
        return _french_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # type: ignore[override]
        return _in_french(super().get_help_option(ctx))


def _in_french(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = HELP, ""
    return option

"""Typer in French: the nouns and verbs of the command, their help and its error messages."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer import rich_utils
from typer.core import TyperArgument, TyperCommand, TyperGroup

from chalicelib.wording.guide import typeset

Verb = TypeVar("Verb", bound=Callable[..., Any])

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


def flag(name: str, help_text: str) -> Any:
    """Returns a boolean option, without Typer's « <bool> » in the help."""
    return typer.Option(name, metavar="", help=typeset(help_text))


class _InFrench:
    """French usage and help, for a command and for a group."""

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage: ", "Utilisation\u00a0: ", 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help, option.metavar = HELP, ""
        return option


class FrenchCommand(_InFrench, TyperCommand):
    """A command (verb) with French usage and help."""


class FrenchGroup(_InFrench, TyperGroup):
    """A command group (noun) with French usage and help."""


class FrenchApp(typer.Typer):
    """A noun with its verbs; without a name, the whole command with its nouns."""

    def __init__(self, noun: str, help_text: str, *, metavar: str = "VERBE …", **options: Any) -> None:
        super().__init__(
            name=noun or None,
            cls=FrenchGroup,
            help=help_text,
            callback=_keep_noun,
            no_args_is_help=True,
            subcommand_metavar=metavar,
            rich_markup_mode="markdown",
            **options,
        )
        self._noun = noun

    def verb(self, name: str, arguments: str = "") -> Callable[[Verb], Verb]:
        """Returns the decorator of a verb. `arguments`: those of the example under its help."""
        words = " ".join(filter(None, (self._noun, name, arguments)))
        return self.command(name, cls=FrenchCommand, epilog=example(words))


def example(words: str) -> str:
    """Returns the line under a help that shows a whole command."""
    return f"Exemple : python -m guichet {words}"


def _keep_noun() -> None:
    """Typer merges a single verb into its noun unless the noun has a callback."""

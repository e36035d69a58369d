"""Templates become text here: Jinja with autoescape, the French way of writing figures, and the fixed sentences."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, ModuleLoader, PackageLoader, StrictUndefined, select_autoescape

from chalicelib import formats
from chalicelib.wording import guide

FILTERS = (
    formats.euros,
    formats.hour,
    formats.long_day,
    formats.long_instant,
    formats.phone,
    formats.quantity,
    formats.short_day,
    formats.size,
    formats.thousands,
)


PRECOMPILED = "templates_compiled"
"""The folder that a bundle has in place of `templates/`: what Jinja makes of them, so that no visitor waits for it."""


@cache
def environment() -> Environment:
    """The one Jinja environment of the process: HTML is escaped, text is not, a name that is missing raises."""
    made = Environment(
        loader=loader(),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update({shown.__name__: shown for shown in FILTERS})
    made.globals["wording"] = guide
    return made


def loader() -> BaseLoader:
    compiled = Path(__file__).parent / PRECOMPILED
    return ModuleLoader(compiled) if compiled.is_dir() else PackageLoader("chalicelib")


def precompile(folder: Path) -> None:
    """Write every template into `folder` as a Python module. Raises jinja2.TemplateSyntaxError."""
    environment().compile_templates(folder, zip=None, ignore_errors=False)


def render(template: str, **context: Any) -> str:
    """Fill `template` (its path under templates/) with `context`.

    Raises jinja2.TemplateNotFound, or jinja2.UndefinedError when the template uses a name the context lacks.
    """
    return environment().get_template(template).render(context)

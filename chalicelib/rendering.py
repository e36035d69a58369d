"""Rendering of Jinja templates: autoescape, filters for French formats, the guide's sentences."""

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
    formats.price,
    formats.quantity,
    formats.short_day,
    formats.size,
    formats.thousands,
)

PRECOMPILED = "templates_compiled"
"""The folder that a bundle has in place of `templates/`: templates compiled to Python, for a faster cold start."""


@cache
def environment() -> Environment:
    """Returns the Jinja environment of the process: HTML is escaped, text is not, a missing name raises."""
    jinja = Environment(
        loader=loader(),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters.update({one.__name__: one for one in FILTERS})
    jinja.globals["wording"] = guide
    return jinja


def loader() -> BaseLoader:
    compiled = Path(__file__).parent / PRECOMPILED
    return ModuleLoader(compiled) if compiled.is_dir() else PackageLoader("chalicelib")


def precompile(folder: Path) -> None:
    """Write every template into `folder` as a Python module. Raises jinja2.TemplateSyntaxError."""
    environment().compile_templates(folder, zip=None, ignore_errors=False)


def render(template: str, **context: Any) -> str:
    """Returns `template` (its path under templates/) filled with `context`.

    Raises jinja2.TemplateNotFound, or jinja2.UndefinedError when the template uses a name the context lacks.
    """
    return environment().get_template(template).render(context)

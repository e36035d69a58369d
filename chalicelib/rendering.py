"""Templates become text here: Jinja with autoescape, the French way of writing figures, and the fixed sentences."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from chalicelib import formats, wording

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


@cache
def environment() -> Environment:
    """The one Jinja environment of the process: HTML is escaped, text is not, a name that is missing raises."""
    made = Environment(
        loader=PackageLoader("chalicelib"),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update({shown.__name__: shown for shown in FILTERS})
    made.globals["wording"] = wording
    return made


def render(template: str, **context: Any) -> str:
    """Fill `template` (its path under templates/) with `context`.

    Raises jinja2.TemplateNotFound, or jinja2.UndefinedError when the template uses a name the context lacks.
    """
    return environment().get_template(template).render(context)

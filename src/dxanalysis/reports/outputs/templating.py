"""Templates of all pages: every value is escaped, whoever wrote it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dxanalysis.reports.text import clean


@cache
def environment() -> Environment:
    """Templates in which every value is escaped, and hidden characters are made visible before that."""
    made = Environment(
        loader=PackageLoader("dxanalysis.reports.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = files("dxanalysis.reports.outputs").joinpath("templates/page.css").read_text(encoding="utf-8")
    made.globals["style"] = Markup(style)
    return made


def _visible(value: object) -> object:
    return value if isinstance(value, Markup) else clean(str(value))

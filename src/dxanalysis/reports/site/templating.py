"""Templates of the site: the report's environment (everything escaped) with the site's own files before it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from dxanalysis.reports.outputs import templating
from dxanalysis.reports.site.search import policy, script
from dxanalysis.reports.site.tiles import COLUMNS, ROWS


@cache
def environment() -> Environment:
    """Templates in which every value is escaped, with the site's style, script and policies."""
    base = templating.environment()
    made = base.overlay(
        loader=ChoiceLoader(
            [PackageLoader("dxanalysis.reports.site", "templates"), *([base.loader] if base.loader else [])]
        )
    )
    own = files("dxanalysis.reports.site").joinpath("templates/site.css").read_text(encoding="utf-8")
    grid = "".join(f".c{n}{{grid-column:{n}}}" for n in range(1, COLUMNS + 1))
    grid += "".join(f".w{n}{{grid-template-columns:repeat({n},minmax(0,1fr))}}" for n in range(1, COLUMNS + 1))
    grid += "".join(f".r{n}{{grid-row:{n}}}" for n in range(1, ROWS + 1))
    made.globals = {
        **base.globals,
        "site_style": Markup(own + grid),  # our own file and whole numbers
        "script": script(),
        "policy": policy(scripted=False),
        "script_policy": policy(scripted=True),
    }
    return made

"""Search without a server: what can be found is embedded in the page, and one script of ours looks through it."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from dxanalysis.reports.text import clean

LONGEST: Final = 2_000
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def fold(text: str) -> str:
    """Letters without marks or capitals, words one space apart: ``Đắk Lắk`` is ``dak lak``. The script folds alike.

    What lies beyond ``LONGEST`` characters is not found: the index is read by telephones too.
    """
    letters = unicodedata.normalize("NFD", clean(text[:LONGEST]).replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def embedded(value: Mapping[str, object] | Sequence[object]) -> Markup:
    """JSON that may stand in a script element: pure ASCII, with no character that ends an element or begins one."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_ESCAPED))  # all that is special to HTML is escaped above


@cache
def script() -> Markup:
    """The page's only script."""
    return Markup(files(__package__).joinpath("templates/search.js").read_text(encoding="utf-8"))  # our own


@cache
def policy(*, scripted: bool) -> str:
    """Content security policy of a page: nothing from elsewhere, and no script but ours, by its digest."""
    rules = ["default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"]
    if scripted:
        hashed = base64.b64encode(hashlib.sha256(script().encode("utf-8")).digest()).decode("ascii")
        rules.append(f"script-src 'sha256-{hashed}'")
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])

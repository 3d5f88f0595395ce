"""The folder name of a set of parameters: readable, safe on every file system, and never shared by two sets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from dxanalysis.reports.files import canonical, digest
from dxanalysis.reports.planning.parameters import ParameterValue

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*")
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
LONGEST = 120


def slug(parameters: Mapping[str, ParameterValue]) -> str:
    """Name a set of parameters: ``{"region": "34-52", "language": "vi"}`` -> ``language-vi_region-34-52``.

    Names are sorted; a value that is not plain ASCII is simplified and gets ``~`` and a piece of its digest, so two
    different sets of one notebook never share a name. No name holds a separator, a dot segment or a control character.
    """
    if not parameters:
        return "default"
    name = "_".join(f"{key}-{_value(parameters[key])}" for key in sorted(parameters))
    if len(name) <= LONGEST:
        return name
    return f"{name[:LONGEST - 14].rstrip('.')}~~{digest(canonical(dict(parameters)))[:12]}"


def _value(value: ParameterValue) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _PLAIN.fullmatch(text):
        return text
    letters = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    ascii_only = "".join(c for c in letters if not unicodedata.combining(c))
    simple = _UNSAFE.sub("-", ascii_only).strip(".-")[:40]
    return f"{simple}~{digest(text.encode('utf-8', 'surrogatepass'))[:12]}"

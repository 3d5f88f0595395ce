"""The folder name of a set of parameters: readable, safe on every file system, and never shared by two sets."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

from dxanalysis.reports.files import digest
from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.text import is_hidden, one_line

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*")
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?: *\..*)?")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
LONGEST = 120
LONGEST_FILE = 255
"""Bytes of a file name that every common file system can hold."""


def portability_fault(name: str) -> str | None:
    """Why a name cannot be a file or folder on every common system (Windows, macOS, Linux, a USB stick), or None."""
    shown = repr(one_line(name, 60))
    if name in {"", ".", ".."}:
        return f"{shown} is no name"
    if _FORBIDDEN.search(name):
        return f"{shown} holds a character that file names cannot hold on Windows"
    if name[-1] in ". " or name[0] == " ":
        return f"{shown} begins with a space or ends in a space or a full stop, which Windows drops"
    if _DEVICE.fullmatch(name):
        return f"{shown} is the name of a device on Windows"
    if any(is_hidden(c) for c in name):
        return f"{shown} holds hidden characters"
    if unicodedata.normalize("NFC", name) != unicodedata.normalize("NFD", name):
        return f"{shown} has two spellings in Unicode, and file systems differ in which they keep"
    if len(name.encode("utf-8")) > LONGEST_FILE:
        return f"{shown} is longer than {LONGEST_FILE} bytes"
    return None


LANGUAGE = "language"
"""The parameter that changes words and no number: two reports may differ in it and still be one report in two languages."""


def twins(notebook: str, parameters: Mapping[str, ParameterValue]) -> str:
    """Name a report whatever its language: the same name is the same report in two languages."""
    return f"{notebook}/{slug({name: value for name, value in parameters.items() if name != LANGUAGE})}"


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
    # Not files.canonical: a name is also asked for sets that no check has seen, with halves of characters or infinities.
    whole = json.dumps(dict(parameters), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{name[: LONGEST - 14].rstrip('.')}~~{digest(whole.encode('utf-8', 'surrogatepass'))[:12]}"


def _value(value: ParameterValue) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _PLAIN.fullmatch(text):
        return text
    letters = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    ascii_only = "".join(c for c in letters if not unicodedata.combining(c))
    simple = _UNSAFE.sub("-", ascii_only).strip(".-")[:40]
    return f"{simple}~{digest(text.encode('utf-8', 'surrogatepass'))[:12]}"

"""Two fifths of what starting a warm process took were grammars that hardly a notebook needs."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Final

_PACKAGE: Final = "rfc3987_syntax"


@contextlib.contextmanager
def when_asked() -> Iterator[None]:
    """Let jsonschema be loaded without the 38 grammars of internationalized addresses: they are built when one is first checked.

    jsonschema (which reads every notebook's format) takes one function from a package that builds all of them as it is loaded, 3 s on a slow machine.
    """
    if _PACKAGE in sys.modules or importlib.util.find_spec(_PACKAGE) is None:
        yield
        return
    stand_in = ModuleType(_PACKAGE)
    vars(stand_in)["is_valid_syntax"] = _is_valid_syntax
    sys.modules[_PACKAGE] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_PACKAGE) is stand_in:
            del sys.modules[_PACKAGE]


def _is_valid_syntax(term: str, value: str) -> bool:
    return bool(importlib.import_module("rfc3987_syntax").is_valid_syntax(term, value))

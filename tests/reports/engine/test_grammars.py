"""Addresses are checked as ever, but nothing is built for it before one is."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

if importlib.util.find_spec("rfc3987_syntax") is None:  # found, not loaded: that alone takes seconds
    pytest.skip("jsonschema checks no internationalized addresses here", allow_module_level=True)

LOADED = """
import sys
from dxanalysis.reports.engine import grammars
with grammars.when_asked():
    import nbformat
    from jsonschema import FormatChecker, FormatError
print("rfc3987_syntax" in sys.modules, "lark" in sys.modules)
FormatChecker().check("https://vi.wikipedia.org/wiki/Kinh_tế_số", "iri")
try:
    FormatChecker().check("no address at all", "iri")
except FormatError as error:
    print("refused")
import rfc3987_syntax
print(hasattr(rfc3987_syntax, "syntax_helpers"))
"""


def test_grammars_are_built_when_an_address_is_checked() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "False", "refused", "True"], done.stdout + done.stderr


def test_what_is_loaded_already_stays() -> None:
    code = LOADED.replace("import sys\n", "import sys, rfc3987_syntax\n", 1)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "True", "refused", "True"], done.stdout + done.stderr

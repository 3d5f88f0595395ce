"""What a docstring points to exists: every :mod:, :func:, :class: and the like in the package leads somewhere."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import dxanalysis

SOURCE = Path(dxanalysis.__file__).parent
POINTER = re.compile(r":(?:mod|func|class|data|meth|attr|exc|obj):`~?([^`]+)`")


def docstrings(path: Path) -> str:
    """All docstrings of a module, those below its constants too."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def holds(owner: object, names: list[str]) -> bool:
    for name in names:
        if not hasattr(owner, name) and name not in getattr(owner, "__annotations__", {}):
            return False
        owner = getattr(owner, name, None)
    return True


def leads_somewhere(full: str) -> bool:
    parts = full.split(".")
    for n in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        return holds(module, parts[n:])
    return False


def is_found(target: str, module: ModuleType) -> bool:
    """Whole names; ``.module.name`` beside the module; a bare name in the module or one of its classes."""
    if target.startswith("."):
        return leads_somewhere(f"{module.__package__}{target}")
    classes = [one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == module.__name__]
    return leads_somewhere(target) or any(holds(owner, target.split(".")) for owner in (module, *classes))


def name_of(path: Path) -> str:
    return ".".join(("dxanalysis", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


POINTING = [path for path in sorted(SOURCE.rglob("*.py")) if POINTER.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", POINTING, ids=name_of)
def test_every_pointer_of_a_docstring_leads_somewhere(path: Path) -> None:
    module, targets = importlib.import_module(name_of(path)), sorted(set(POINTER.findall(docstrings(path))))
    assert [target for target in targets if not is_found(target, module)] == []

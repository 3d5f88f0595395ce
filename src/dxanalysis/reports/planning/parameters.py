"""The parameters a notebook declares in its cell tagged ``parameters``."""

from __future__ import annotations

import ast
import difflib
import json
import keyword
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning import secrets
from dxanalysis.reports.text import is_hidden, one_line

ParameterValue: TypeAlias = str | int | float | bool

_TYPES: Mapping[str, type[ParameterValue]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    secrets.TYPE_NAME: str,  # the name of an environment variable, see reports.planning.secrets
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSpec:
    """One declared parameter: ``region: str = "34-52"``.

    Attributes
    ----------
    type_name
        ``str``, ``int``, ``float``, ``bool`` or ``Secret``.
    default
        The literal in the cell, or None where the annotation stands alone and a value must be given.
    """

    name: str
    type_name: str
    default: ParameterValue | None

    @property
    def required(self) -> bool:
        """Whether a run must give a value."""
        return self.default is None


def name_fault(name: str) -> str | None:
    """Why a name cannot be a parameter, or None. The name becomes code in the notebook, so only identifiers pass."""
    if _NAME.fullmatch(name) is None or keyword.iskeyword(name):
        return f"{one_line(name, 60)!r} is not a parameter name: use letters, digits and _, not starting with a digit"
    if name.startswith("__"):
        return f"{name!r} is not a parameter name: what begins with __ belongs to Python"
    return None


def value_fault(spec: ParameterSpec, value: object) -> str | None:
    """Why a value does not suit a parameter, or None."""
    if spec.type_name == secrets.TYPE_NAME:
        return secrets.reference_fault(spec.name, value)
    if isinstance(value, str) and (fault := secrets.literal_fault(spec.name, value)):
        return fault  # before anything that would show the value
    wanted = _TYPES[spec.type_name]
    # True is an int for Python, and 2 a fine float for a person; a report plan means what it says.
    fits = (isinstance(value, wanted) and not (isinstance(value, bool) and wanted is not bool)) or (
        wanted is float and isinstance(value, int) and not isinstance(value, bool)
    )
    shown = one_line(repr(value), 80)
    if not fits:
        return f"{spec.name} must be {spec.type_name}, found {shown} ({type(value).__name__})"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{spec.name} must be a finite number, found {shown}"
    if isinstance(value, str):
        return _text_fault(spec.name, value)
    return None


def _text_fault(name: str, value: str) -> str | None:
    shown = one_line(repr(value), 80)
    if len(value) > LONGEST_VALUE:
        return f"{name} has {len(value)} characters, at most {LONGEST_VALUE} are allowed: {shown}"
    if any(is_hidden(c) or c in "\t\n" for c in value):
        return f"{name} holds control characters: {shown}"
    if re.search(r"[/\\]|^~|^[A-Za-z]:|^\.+$|\.\.", value):
        return f"{name} looks like a path: {shown}; give a plain value without / \\ or .."
    return None


def nearest(name: str, known: Mapping[str, object]) -> str:
    """Return `` (did you mean "region"?)`` or the list of what is known, to end a message with."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known: {', '.join(sorted(known))}" if known else ""


def read_parameters(notebook: Path) -> dict[str, ParameterSpec]:
    """Read the declared parameters of a notebook, without running it or importing a notebook library.

    Raises
    ------
    ParameterError
        The file is no notebook, holds a secret of the environment, has no cell or more than one cell tagged
        ``parameters``, or the cell holds anything but annotated literals of type str, int, float, bool or Secret.
    """
    where = notebook.name
    try:
        text = notebook.read_bytes().decode("utf-8")
        cells = json.loads(text)["cells"]
        tagged = [
            "".join(cell.get("source", ""))
            for cell in cells
            if cell.get("cell_type") == "code" and "parameters" in cell.get("metadata", {}).get("tags", [])
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError("the file is not a readable Jupyter notebook", where=where) from error
    if written := secrets.written_in(text):
        raise ParameterError(
            f"the notebook holds the secret that is in {', '.join(written)}",
            where=where,
            fix="Take it out and change the secret: whoever has the notebook has it; read it with reveal() instead",
        )
    if len(tagged) != 1:
        found = "no cell" if not tagged else f"{len(tagged)} cells"
        raise ParameterError(
            f"{found} tagged `parameters`",
            where=where,
            fix='Tag exactly one code cell with `parameters` and declare there, for instance: region: str = "34-52"',
        )
    return _declared(tagged[0], where)


def _declared(source: str, where: str) -> dict[str, ParameterSpec]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(f"the parameters cell is not Python (line {error.lineno})", where=where) from error
    specs: dict[str, ParameterSpec] = {}
    faults: list[str] = []
    for statement in statements:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a string standing alone is a comment
        spec = _spec(statement)
        if spec is None:
            faults.append(f"line {statement.lineno}: {_shown(statement)}")
        else:
            specs[spec.name] = spec
    if faults:
        raise ParameterError(
            "the parameters cell holds something else than declared parameters: " + "; ".join(faults),
            where=where,
            fix='Write each one as `name: type = literal` with type str, int, float, bool or "Secret": region: str = "34-52"',
        )
    return specs


def _spec(statement: ast.stmt) -> ParameterSpec | None:
    """Read one declaration, or None where it is anything else."""
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        return None
    type_name = _type_name(statement.annotation)
    if type_name is None:
        return None
    spec = ParameterSpec(name=statement.target.id, type_name=type_name, default=None)
    if statement.value is None:
        return spec if name_fault(spec.name) is None else None
    try:
        value = ast.literal_eval(statement.value)
    except ValueError:
        return None
    if name_fault(spec.name) or value_fault(spec, value):
        return None
    return ParameterSpec(name=spec.name, type_name=spec.type_name, default=value)


def _type_name(annotation: ast.expr) -> str | None:
    if isinstance(annotation, ast.Name) and annotation.id in _TYPES:
        return annotation.id
    # In quotes it needs no import, and a parameters cell has room for none.
    is_quoted = isinstance(annotation, ast.Constant) and annotation.value == secrets.TYPE_NAME
    return secrets.TYPE_NAME if is_quoted else None


def _shown(statement: ast.stmt) -> str:
    """Give a faulty line for a message, unless it may hold a secret."""
    if isinstance(statement, ast.AnnAssign | ast.Assign) and isinstance(statement.value, ast.Constant):
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        name, value = ast.unparse(target), statement.value.value
        type_name = _type_name(statement.annotation) if isinstance(statement, ast.AnnAssign) else None
        if type_name == secrets.TYPE_NAME and (fault := secrets.reference_fault(name, value)):
            return fault
        if isinstance(value, str) and (fault := secrets.literal_fault(name, value)):
            return fault
    return one_line(ast.unparse(statement), 80)

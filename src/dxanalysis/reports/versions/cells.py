"""The code of a notebook in one spelling: comments, blank lines and formatting do not change what a notebook computes."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dxanalysis.errors import ReportError

MAGIC: Final = "__ipython__"
"""The call that stands for a line only IPython understands; its one argument is the line."""

# Magics whose text is Python that runs in the notebook's own names.
PYTHON_MAGICS: Final = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun"})

_LINE = re.compile(r"(?P<indent>\s*)(?P<target>[A-Za-z_][\w.\[\], ]*=\s*)?(?P<magic>[%!].*)")
_HELP = re.compile(r"(?P<indent>\s*)(?P<magic>\?{1,2}[%\w.*]+|[%\w.*]+\?{1,2})\s*")
_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A code cell in one spelling.

    Attributes
    ----------
    text
        What counts for the digest.
    tree
        Its syntax with :data:`MAGIC` for magics, or None where the cell is no Python.
    """

    text: str
    tree: ast.Module | None


def parse(source: str | bytes) -> ast.Module | None:
    """Syntax tree of Python source, a cell's ``await`` allowed; None where it is no Python."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in somebody's string is not ours to complain of
        try:
            tree = compile(source, "<source>", "exec", flags, dont_inherit=True)
        except _BROKEN:
            return None
    return tree if isinstance(tree, ast.Module) else None


def normal_cell(source: str) -> Cell:
    """Put a code cell in one spelling.

    Python is written anew from its syntax tree. Lines that only IPython understands (``%magic``, ``!command``, ``name?``)
    are kept as they stand; a cell that still does not parse keeps its text without trailing blanks. A semicolon at the end
    counts, because it hides the cell's output.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "backslashreplace").decode()
    tree = parse(source)
    if tree is None:
        tree = _with_magics(source)
    text = None if tree is None else _unparsed(tree)
    if text is None:
        return Cell(text="\n".join(line.rstrip() for line in source.split("\n")).strip("\n"), tree=None)
    return Cell(text=f"{text};" if _hides_output(source) else text, tree=tree)


def read_cells(notebook: Path) -> tuple[Cell, ...]:
    """Code cells of a notebook file in order; those without code are left out.

    Outputs, narration, cell ids and metadata do not change what a notebook computes, so opening and saving it in an
    editor does not make its reports stale.

    Raises
    ------
    ReportError
        The file is not a notebook.
    """
    try:
        cells = json.loads(notebook.read_bytes().decode("utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReportError("the file is not a readable Jupyter notebook", where=notebook.name) from error
    return tuple(cell for source in sources if (cell := normal_cell(source)).text.strip())


def _unparsed(tree: ast.Module) -> str | None:
    try:
        return ast.unparse(tree)
    except _BROKEN:
        return None


def _with_magics(source: str) -> ast.Module | None:
    """Parse a cell with its magics replaced by calls of :data:`MAGIC`."""
    lines = source.strip("\n").split("\n")
    head: list[str] = []
    first = lines[0].strip()
    if first.startswith("%%"):
        if first[2:].split(maxsplit=1)[:1] and first[2:].split(maxsplit=1)[0] not in PYTHON_MAGICS:
            whole = "\n".join(line.rstrip() for line in lines)
            return parse(f"{MAGIC}({whole!r})")
        head, lines = [f"{MAGIC}({first!r})"], lines[1:]
    replaced = []
    for line in lines:
        found = _LINE.fullmatch(line) or _HELP.fullmatch(line)
        if found is None:
            replaced.append(line)
            continue
        target = found.groupdict().get("target") or ""
        replaced.append(f"{found['indent']}{target}{MAGIC}({found['magic'].strip()!r})")
    return parse("\n".join([*head, *replaced]))


def _hides_output(source: str) -> bool:
    if ";" not in source:
        return False
    last = ""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in skipped:
                last = token.string
    except (tokenize.TokenError, SyntaxError):
        return source.rstrip().endswith(";")
    return last == ";"

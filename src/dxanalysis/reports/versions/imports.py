"""What one piece of Python source refers to: the modules it imports, and what of them it uses.

Read from the syntax tree, nothing is run. Where the source leaves doubt, more is said to be used, never less.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from dxanalysis.reports.versions.cells import MAGIC, PYTHON_MAGICS, parse

_LOADERS: Final = frozenset(
    {
        "__import__",
        "import_module",
        "run_module",
        "run_path",
        "spec_from_file_location",
        "walk_packages",
        "iter_modules",
    }
)
_INTERPRETERS: Final = frozenset({"exec", "eval"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?::[\w.]+)?")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What a source refers to, as names ``package.module:name.of.it``; what stands before the colon is a module by its import.

    Attributes
    ----------
    imports
        Every name an import statement asks for, in functions too: ``from a import b`` asks for ``a:b``.
    within
        Those of them that stand in a function, or that bind no name of their own (``import a.b``).
    uses
        Chains that begin with an imported name: ``b.c.d`` is ``a:b.c.d``; just ``a:b`` where it is handed on whole.
    binds
        Name at the top level -> what an import binds it to (several where branches differ).
    defines
        Other names bound at the top level.
    acts
        Whether importing it does something to others: a call, a change of another module's attribute.
    hooks
        Whether its classes learn of their subclasses, so that a class may work by merely being defined.
    texts
        Texts in it that may be the name of a module.
    computed
        Whether it imports by a name that only the run knows; then one of ``texts``, if any is a module.
    doubtful
        Whether it may use what cannot be seen: ``exec``, a file that is run, source that is no Python.
    """

    imports: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    binds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    defines: tuple[str, ...] = ()
    acts: bool = False
    hooks: bool = False
    texts: tuple[str, ...] = ()
    computed: bool = False
    doubtful: bool = False

    def to_plain(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Uses:
        """Read what :meth:`to_plain` gave; KeyError, TypeError or ValueError where it is something else."""

        def names(key: str) -> tuple[str, ...]:
            if not isinstance(plain[key], list) or not all(isinstance(name, str) for name in plain[key]):
                raise TypeError(f"{key} is a list of names")
            return tuple(plain[key])

        return cls(
            imports=names("imports"),
            within=names("within"),
            uses=names("uses"),
            binds=tuple((str(name), tuple(map(str, targets))) for name, targets in plain["binds"]),
            defines=names("defines"),
            acts=bool(plain["acts"]),
            hooks=bool(plain["hooks"]),
            texts=names("texts"),
            computed=bool(plain["computed"]),
            doubtful=bool(plain["doubtful"]),
        )


UNREADABLE: Final = Uses(doubtful=True)


def uses_of(trees: Iterable[ast.Module | None], tops: Collection[str], *, package: str = "") -> Uses:
    """Read what some source refers to.

    Parameters
    ----------
    trees
        Its syntax trees (a notebook has one for each cell); None for a part that is no Python.
    tops
        Top-level names of the library: strings that name a module below them count as a use.
    package
        Package that relative imports start from.
    """
    found = list(trees)
    if any(tree is None for tree in found):
        return UNREADABLE
    body = [statement for tree in found if tree is not None for statement in tree.body]
    reader = _Reader(package, tops)
    reader.bind(body, deep=False)
    for statement in body:
        reader.visit(statement)
    top = list(_run_at_import(body))
    return Uses(
        imports=_sorted(reader.imports),
        within=_sorted(reader.within),
        uses=_sorted(reader.uses),
        binds=tuple(sorted((name, _sorted(targets)) for name, targets in reader.top.items())),
        defines=_sorted(_defined(top) - reader.top.keys()),
        acts=any(_acts(statement, reader) for statement in top),
        hooks=reader.hooks,
        computed=reader.dynamic,
        doubtful=reader.opaque,
        texts=_sorted(reader.texts),
    )


def top_of(name: str) -> str:
    """Top-level package of a name."""
    return re.split(r"[.:]", name, maxsplit=1)[0]


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _for_types(statement: ast.stmt) -> bool:
    """Whether a statement is ``if TYPE_CHECKING:``, whose body never runs."""
    if not isinstance(statement, ast.If):
        return False
    test = statement.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _parts(statement: ast.AST) -> list[ast.AST]:
    """Parts of a node that can run."""
    if isinstance(statement, ast.If) and _for_types(statement):
        return list(statement.orelse)
    return list(ast.iter_child_nodes(statement))


def _statements(statement: ast.AST) -> list[ast.AST]:
    """Statements in a node that can run, and what holds some: no expression holds an import."""
    return [part for part in _parts(statement) if isinstance(part, ast.stmt | ast.ExceptHandler | ast.match_case)]


def _run_at_import(body: Iterable[ast.AST]) -> Iterator[ast.stmt]:
    """Statements that run when the source is imported, class bodies included."""
    for node in body:
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, _FUNCTIONS):
            yield from _run_at_import(_statements(node))


def _defined(statements: Iterable[ast.stmt]) -> set[str]:
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return names


def _base(node: ast.AST) -> str:
    """Name that a chain of attributes, items and calls begins with; empty where it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _acts(statement: ast.stmt, reader: _Reader) -> bool:
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.With | ast.AsyncWith):
        return True
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Delete | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign | ast.Delete) else [statement.target]
        changed = [target for target in targets if isinstance(target, ast.Attribute | ast.Subscript)]
        return any(_base(target) in reader.bound for target in changed)
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return any(reader.is_ours(_base(decorator)) for decorator in statement.decorator_list)
    return False


class _Reader(ast.NodeVisitor):
    """Collects the import statements, then the chains that begin with what they bind."""

    def __init__(self, package: str, tops: Collection[str]) -> None:
        self.package, self.tops = package, frozenset(tops)
        self.bound: dict[str, set[str]] = {}
        self.top: dict[str, set[str]] = {}
        self.imports: set[str] = set()
        self.within: set[str] = set()
        self.uses: set[str] = set()
        self.texts: set[str] = set()
        self.hooks = self.dynamic = self.opaque = False

    def is_ours(self, name: str) -> bool:
        """Whether a name is bound to a part of the library."""
        return any(top_of(target) in self.tops for target in self.bound.get(name, ()))

    def bind(self, body: Iterable[ast.AST], *, deep: bool) -> None:
        """Collect what import statements bind; ``deep`` inside a function."""
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._bind(
                        alias.asname or alias.name.partition(".")[0],
                        alias.name if alias.asname else alias.name.partition(".")[0],
                        deep,
                    )
                    self.imports.add(alias.name)
                    if deep or (not alias.asname and "." in alias.name):
                        self.within.add(alias.name)
            elif isinstance(node, ast.ImportFrom):
                origin = self._origin(node)
                for alias in node.names:
                    if alias.name == "*":
                        self.imports.add(origin)
                        self.uses.add(origin)
                        continue
                    target = f"{origin}:{alias.name}"
                    self._bind(alias.asname or alias.name, target, deep)
                    self.imports.add(target)
                    if deep:
                        self.within.add(target)
            else:
                self.bind(_statements(node), deep=deep or isinstance(node, _FUNCTIONS))

    def _bind(self, name: str, target: str, deep: bool) -> None:
        self.bound.setdefault(name, set()).add(target)
        if not deep:
            self.top.setdefault(name, set()).add(target)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        parts = parts[: len(parts) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def visit_If(self, node: ast.If) -> None:
        """Pass over what stands there for type checkers only."""
        for part in _parts(node):
            self.visit(part)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Read a chain of attributes from its first name."""
        names: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            chain = ".".join(reversed(names))
            self.uses |= {f"{target}{'.' if ':' in target else ':'}{chain}" for target in self.bound.get(inner.id, ())}
        else:
            self.visit(inner)

    def visit_Name(self, node: ast.Name) -> None:
        """An imported name by itself may be used in any way."""
        if not isinstance(node.ctx, ast.Store):
            self.uses |= self.bound.get(node.id, set())

    def visit_Constant(self, node: ast.Constant) -> None:
        """A text that is the name of a module may be imported by it."""
        found = _DOTTED.fullmatch(node.value) if isinstance(node.value, str) else None
        if found and "." in found[1] and top_of(found[1]) in self.tops:
            self.texts.add(found[1])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Note the hook by which a class learns of its subclasses."""
        self.hooks |= node.name == "__init_subclass__"
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Note a class that is made by another one's rules."""
        self.hooks |= any(
            keyword.arg == "metaclass" and _base(keyword.value) not in {"ABCMeta", "abc"} for keyword in node.keywords
        )
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Note what loads code by a name that only the run knows, and read magics."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == MAGIC and node.args and isinstance(node.args[0], ast.Constant):
            self._magic(str(node.args[0].value))
            return
        known = node.args and isinstance(node.args[0], ast.Constant) and not str(node.args[0].value).startswith(".")
        self.dynamic |= name in _LOADERS and not known
        self.opaque |= isinstance(node.func, ast.Name) and name in _INTERPRETERS
        self.generic_visit(node)

    def _magic(self, text: str) -> None:
        name, _, code = text.lstrip("%").partition(" ")
        tree = parse(code.strip()) if text.startswith("%") and name in PYTHON_MAGICS else None
        if tree is not None:
            self.bind(tree.body, deep=True)
            for statement in tree.body:
                self.visit(statement)
            return
        words = set(_WORD.findall(text))
        self.uses |= {target for word in words & self.bound.keys() for target in self.bound[word]}
        # A file that is run, or a name of the library in a text we cannot read: anything may follow.
        self.opaque |= name in {"run", "load", "loadpy", "load_ext", "macro", "autoreload"} or bool(words & self.tops)

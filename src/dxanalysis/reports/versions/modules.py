"""The modules of the library that a notebook reaches: a change elsewhere does not make its reports stale.

The closure is static: imports are followed through the syntax trees, those in functions too, and nothing is run. A package
whose ``__init__`` gathers many modules does not make all of them reached: of ``from library import pages`` and
``pages.quality.show(...)`` only ``pages.quality`` is followed. Three rules keep that sound:

- a name that cannot be told from the source is taken for the whole package;
- a gathered module that does something when it is imported (a call, a change of another module) counts, named or not;
- a computed import, ``exec``, or a file that is no Python counts as everything.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import canonical, digest, read_json, replace
from dxanalysis.reports.versions.cells import Cell, read_cells
from dxanalysis.reports.versions.imports import Uses, top_of, uses_of
from dxanalysis.reports.versions.sources import Sources

MODULES: Final = "modules.json"
"""Name of the file that keeps what was read of the sources."""

CODES: Final = "codes.json"
"""Name of the file that keeps the code digests themselves."""

MAKERS: Final = ("dxanalysis.reports.batch.build", "dxanalysis.reports.outputs")
"""What makes every report, whatever its notebook; of a package, all that is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the reports of a notebook are made with: module, and data file, -> digest of what it says."""

    modules: Mapping[str, str]
    data: Mapping[str, str]


def reached(cells: Sequence[Cell], sources: Sources, *, makers: Sequence[str] = MAKERS) -> Reached:
    """What the code of a notebook reaches, together with what makes every report.

    Raises
    ------
    ReportError
        A file of the library cannot be read.
    """
    closure = _Closure(sources)
    for maker in makers:
        closure.follow(maker, whole=True)
    closure.read(uses_of([cell.tree for cell in cells], sources.tops))
    names = sorted(closure.close())
    modules = {name: said for name in names if (said := sources.digest(name))}
    data = {name: said for package in names for name, said in sources.data(package).items()}
    return Reached(modules=modules, data=data)


def report_code_digest(
    notebook: Path, sources: Sources, *, makers: Sequence[str] = MAKERS, extra: object = None
) -> str:
    """Digest of a notebook's code, of all that it reaches, and of plain JSON that belongs to it (words of the pages).

    Raises
    ------
    ReportError
        The notebook, or a file of the library, cannot be read.
    """
    cells = read_cells(notebook)
    found = reached(cells, sources, makers=makers)
    code = [cell.text for cell in cells]
    return digest(
        canonical({"notebook": code, "modules": dict(found.modules), "data": dict(found.data), "extra": extra})
    )


class CodeDigests:
    """Code digests of notebooks; while no file has changed since an earlier run, nothing is parsed.

    Parameters
    ----------
    packages
        Folders of the packages whose source may belong to a report.
    beside
        Folders where a notebook finds further modules: its working folder.
    folder
        Where to keep what was found (``<reports>/.cache``); None: nowhere.
    extra
        Plain JSON that belongs to the code of every report: the words of the pages.
    """

    def __init__(
        self,
        packages: Sequence[Path],
        *,
        beside: Sequence[Path] = (),
        folder: Path | None = None,
        makers: Sequence[str] = MAKERS,
        extra: object = None,
    ) -> None:
        self._sources = Sources(packages, beside=beside, cache=folder / MODULES if folder else None)
        self._file = folder / CODES if folder else None
        self._makers, self._extra = tuple(makers), extra
        self._of_all = digest(canonical([self._makers, extra, platform.python_version_tuple()[:2]]))
        self._known = self._kept()
        self._changed = False

    def of(self, notebook: Path) -> str:
        """Code digest of the reports of a notebook; see :func:`report_code_digest`.

        Raises
        ------
        ReportError
            The notebook, or a file of the library, cannot be read.
        """
        try:
            key = digest(notebook.read_bytes())
        except OSError as error:
            raise ReportError("the notebook cannot be read", where=notebook.name) from error
        if key not in self._known:
            self._known[key] = report_code_digest(notebook, self._sources, makers=self._makers, extra=self._extra)
            self._changed = True
        return self._known[key]

    def save(self) -> None:
        """Keep what was found for the next run; a folder that cannot be written to is no error."""
        self._sources.save()
        state = self._sources.state()
        if self._file is None or not self._changed or state is None:
            return
        found, absent = self._sources.beside()
        plain = {"of": self._of_all, "state": state, "found": found, "absent": absent, "codes": self._known}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace(self._file, canonical(plain))
        except OSError:
            return
        self._changed = False

    def _kept(self) -> dict[str, str]:
        """What an earlier run found, if everything is as it was then."""
        if self._file is None:
            return {}
        try:
            plain: dict[str, Any] = read_json(self._file)
            as_then = (
                plain["of"] == self._of_all
                and all(self._sources.find(str(name)) for name in plain["found"])
                and not any(self._sources.find(str(name)) for name in plain["absent"])
                and plain["state"] == self._sources.state()
            )
            return {str(key): str(code) for key, code in plain["codes"].items()} if as_then else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


class _Closure:
    """Follows names from module to module."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._reached: set[str] = set()
        self._run: set[str] = set()  # what the imports execute, named or not
        self._followed: set[tuple[str, bool]] = set()
        self._waiting: list[tuple[str, bool]] = []
        self._everything = False

    def follow(self, name: str, *, whole: bool) -> None:
        """Reach what a dotted name leads to; a package it ends at is meant whole, or only imported."""
        if (name, whole) not in self._followed:
            self._followed.add((name, whole))
            self._waiting.append((name, whole))

    def read(self, uses: Uses, *, gathers: bool = False) -> None:
        """Follow what a source refers to; of a package that gathers modules, not yet what it only offers to others."""
        named = [name for name in uses.texts if self._is_module(name)]
        self._everything |= uses.doubtful or (uses.computed and not named)
        self._execute([*uses.imports, *named])
        for name in named:
            self.follow(name, whole=False)
        for name in uses.within if gathers else uses.imports:
            self.follow(name, whole=False)
        for name in uses.uses:
            self.follow(name, whole=True)

    def close(self) -> set[str]:
        """Follow everything to its end."""
        while True:
            while self._waiting:
                self._resolve(*self._waiting.pop())
            if self._everything:
                return set(self._sources.modules)
            unnamed = sorted(self._run - self._reached)
            hooked = any(self._sources.uses(name).hooks for name in self._run)
            for name in unnamed:
                if hooked or self._sources.uses(name).acts:
                    self._reach(name)
            if not self._waiting and self._reached.issuperset(self._run if hooked else ()):
                return self._reached

    def _resolve(self, name: str, whole: bool) -> None:
        path, _, names = name.partition(":")
        here, *modules = path.split(".")
        if not self._sources.find(here):
            return  # not of the library: the environment's digest stands for it
        self._reach(here)
        for part in modules:
            if f"{here}.{part}" not in self._sources.modules:
                self._whole(here)
                return
            here = f"{here}.{part}"
            self._reach(here)
        rest = names.split(".") if names else []
        while rest and self._sources.is_package(here):
            part, *rest = rest
            inner, uses = f"{here}.{part}", self._sources.uses(here)
            offered = [target for target in dict(uses.binds).get(part, ()) if target != f"{here}:{part}"]
            for target in offered:
                self.follow(_joined(target, rest), whole=whole)
            if inner in self._sources.modules:
                here = inner
                self._reach(here)
            elif offered or part in uses.defines or (part.startswith("__") and part.endswith("__")):
                return
            elif "__getattr__" in uses.defines and (uses.within or any(map(self._is_module, uses.texts))):
                return  # a package that loads on demand: the modules it names are followed already
            else:
                self._whole(here)
                return
        if whole and self._sources.is_package(here):
            self._whole(here)

    def _reach(self, module: str) -> None:
        if module in self._reached:
            return
        self._reached.add(module)
        self.read(self._sources.uses(module), gathers=self._sources.is_package(module))

    def _whole(self, package: str) -> None:
        for module in list(self._sources.modules):
            if module.startswith(f"{package}."):
                self._reach(module)
        for _, targets in self._sources.uses(package).binds:
            for target in targets:
                self.follow(target, whole=False)

    def _is_module(self, name: str) -> bool:
        return self._sources.find(top_of(name)) and name in self._sources.modules

    def _execute(self, imports: Sequence[str]) -> None:
        """Note the modules that import statements execute, packages above them included, and what those import."""
        waiting = list(imports)
        while waiting:
            parts = re.split(r"[.:]", waiting.pop())
            if not self._sources.find(parts[0]):
                continue
            for end in range(1, len(parts) + 1):
                module = ".".join(parts[:end])
                if module not in self._sources.modules:
                    break
                if module not in self._run:
                    self._run.add(module)
                    inner = self._sources.uses(module)
                    waiting += [*inner.imports, *inner.texts]


def _joined(target: str, rest: Sequence[str]) -> str:
    """A name's target with what follows the name."""
    if not rest:
        return target
    return f"{target}{'.' if ':' in target else ':'}{'.'.join(rest)}"

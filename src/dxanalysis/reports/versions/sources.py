"""The source files of some packages, each read once: what it refers to, and the digest of what it says."""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import canonical, digest, read_json, replace
from dxanalysis.reports.versions.cells import parse
from dxanalysis.reports.versions.imports import UNREADABLE, Uses, uses_of

_SCHEMA: Final = 1
_SETTLED: Final = 2 * 10**9  # nanoseconds: a file changed so lately may change again without its time showing it
_NO_CONTENT: Final = frozenset({".pyc", ".pyo", ".md", ".rst", ".typed", ".orig", ".rej", ".swp", ".tmp", ".bak"})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it stands on the disk; times in nanoseconds, size in bytes."""

    path: str
    mtime: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of a file in the state that ``mtime`` and ``size`` describe; no ``uses`` for a data file."""

    mtime: int
    size: int
    digest: str
    uses: Uses | None


class Sources:
    """Modules and data files of packages, by the names Python knows them under.

    Parameters
    ----------
    packages
        Folders of packages, or single modules.
    beside
        Folders in which further modules are found by name (:meth:`find`).
    cache
        File to keep what was read in; one that is damaged or from elsewhere is passed over.
    """

    def __init__(self, packages: Iterable[Path], *, beside: Iterable[Path] = (), cache: Path | None = None) -> None:
        self._files: dict[str, File | None] = {}  # None: a package without __init__
        self._packages: set[str] = set()
        self._data: dict[str, dict[str, File]] = {}
        self._tops: list[str] = []
        self._absent: set[str] = set()
        self._beside = tuple(beside)
        self._cache = cache
        given = list(packages)
        for package in given:
            self._index(package)
        self._given = len(self._tops)
        places = "\0".join(str(path.absolute()) for path in (*given, *self._beside))
        self._home = digest(places.encode("utf-8", "surrogateescape"))  # only a digest: the cache tells of no machine
        self._read: dict[str, _Read] | None = (
            None  # the cache is loaded when something is asked that the disk cannot tell
        )
        self._began = time.time_ns()
        self._changed = False

    @property
    def tops(self) -> tuple[str, ...]:
        """Names of the packages themselves."""
        return tuple(self._tops)

    @property
    def modules(self) -> Set[str]:
        """Every module and package, by its dotted name."""
        return self._files.keys()

    def is_package(self, module: str) -> bool:
        """Whether a module is a package."""
        return module in self._packages

    def find(self, top: str) -> bool:
        """Whether there is a package or module of this name; one that stands beside is taken in."""
        if top in self._files:
            return True
        if top in self._absent:
            return False
        for folder in self._beside:
            for path in (folder / top, folder / f"{top}.py"):
                if top.isidentifier() and (path.is_file() or (path.is_dir() and any(path.rglob("*.py")))):
                    self._index(path)
                    return True
        self._absent.add(top)
        return False

    def uses(self, module: str) -> Uses:
        """What a module refers to.

        Raises
        ------
        ReportError
            Its file cannot be read.
        """
        file = self._files[module]
        return Uses() if file is None else self._known(file, module).uses or UNREADABLE

    def digest(self, module: str) -> str:
        """Digest of what a module says; comments and formatting do not count. Empty for a package without source."""
        file = self._files[module]
        return "" if file is None else self._known(file, module).digest

    def data(self, package: str) -> dict[str, str]:
        """Data files of a package (not those of packages below it) -> digest of their content, whatever its line ends."""
        return {name: self._known(file, None).digest for name, file in sorted(self._data.get(package, {}).items())}

    def state(self) -> str | None:
        """Digest of the names, times and sizes of all files; None while one is so new that it may change unseen."""
        files = self._all()
        if any(file.mtime >= self._began - _SETTLED for file in files):
            return None
        return digest(canonical([self._home, sorted([_key(file), file.mtime, file.size] for file in files)]))

    def beside(self) -> tuple[list[str], list[str]]:
        """Names that were looked for beside: those found, those not."""
        return self._tops[self._given :], sorted(self._absent)

    def save(self) -> None:
        """Keep what was read for the next time; a folder that cannot be written to is no error."""
        if self._cache is None or self._read is None or not self._changed:
            return
        keys = {_key(file) for file in self._all()}
        plain = {
            key: [read.mtime, read.size, read.digest, read.uses.to_plain() if read.uses else None]
            for key, read in self._read.items()
            if key in keys and read.mtime < self._began - _SETTLED
        }
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            replace(self._cache, canonical({"schema": _SCHEMA, "home": self._home, "files": plain}))
        except OSError:
            return
        self._changed = False

    def _all(self) -> list[File]:
        listed = [*self._files.values(), *(file for files in self._data.values() for file in files.values())]
        return [file for file in listed if file is not None]

    def _index(self, package: Path) -> None:
        name = package.stem if package.suffix == ".py" else package.name
        self._tops.append(name)
        try:
            if package.is_dir():
                self._walk(str(package), name, name, "")
            else:
                self._files[name] = _file(str(package), package.stat())
        except OSError as error:
            raise ReportError(f"the source cannot be read: {error.strerror}", where=package.name) from error

    def _walk(self, folder: str, name: str, owner: str, below: str) -> None:
        """List a folder; ``owner`` is the package its data files belong to, ``below`` the way from there."""
        with os.scandir(folder) as listed:
            entries = sorted((e for e in listed if not e.name.startswith(".")), key=lambda e: e.name)
        stems = {e.name.removesuffix(".py") for e in entries if e.name.endswith(".py") and e.is_file()}
        if stems or name == owner:  # a folder of modules is a package for Python, with __init__ or without
            owner, below = (name, "") if "__init__" in stems or name == owner else (owner, below)
            self._packages.add(name)
            self._files[name] = None
        for entry in entries:
            suffix = os.path.splitext(entry.name)[1]  # noqa: PTH122  # a Path for every file would cost more than reading it
            if entry.is_dir():
                if entry.name != "__pycache__":
                    self._walk(entry.path, f"{name}.{entry.name}", owner, f"{below}{entry.name}/")
            elif suffix == ".py":
                module = name if entry.name == "__init__.py" else f"{name}.{entry.name.removesuffix('.py')}"
                self._files[module] = _file(entry.path, entry.stat())
            elif suffix not in _NO_CONTENT and not entry.name.endswith("~"):
                place = f"{owner.replace('.', '/')}/{below}{entry.name}"
                self._data.setdefault(owner, {})[place] = _file(entry.path, entry.stat())

    def _known(self, file: File, module: str | None) -> _Read:
        if self._read is None:
            self._read = _kept(self._cache, self._home)
        key = _key(file)
        read = self._read.get(key)
        if read is None or (read.mtime, read.size) != (file.mtime, file.size):
            read = self._read[key] = self._anew(file, module)
            self._changed = True
        return read

    def _anew(self, file: File, module: str | None) -> _Read:
        try:
            content = Path(file.path).read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            where = module or Path(file.path).name
            raise ReportError(f"the source cannot be read: {error.strerror}", where=where) from error
        if module is None:
            return _Read(mtime=file.mtime, size=file.size, digest=digest(content), uses=None)
        tree = parse(content)
        if tree is None:
            return _Read(mtime=file.mtime, size=file.size, digest=digest(content), uses=UNREADABLE)
        package = module if module in self._packages else module.rpartition(".")[0]
        said = digest(ast.unparse(tree).encode("utf-8", "surrogatepass"))
        return _Read(mtime=file.mtime, size=file.size, digest=said, uses=uses_of([tree], self._tops, package=package))


def _key(file: File) -> str:
    """Name of a file in the cache, which must not tell of this machine."""
    return digest(file.path.encode("utf-8", "surrogateescape"))[:24]


def _file(path: str, status: os.stat_result) -> File:
    return File(path=path, mtime=status.st_mtime_ns, size=status.st_size)


def _kept(cache: Path | None, home: str) -> dict[str, _Read]:
    """What an earlier run kept; nothing where the file is absent, damaged or of other folders."""
    if cache is None:
        return {}
    try:
        plain = read_json(cache)
        if plain.get("schema") != _SCHEMA or plain.get("home") != home:
            return {}
        files: Any = plain["files"]
        return {str(key): _from_plain(entry) for key, entry in _items(files)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _items(value: object) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        raise TypeError("files are listed by name")
    return value.items()


def _from_plain(entry: Any) -> _Read:
    mtime, size, said, uses = entry
    if not (isinstance(mtime, int) and isinstance(size, int) and isinstance(said, str)):
        raise TypeError("not an entry of this cache")
    return _Read(mtime=mtime, size=size, digest=said, uses=None if uses is None else Uses.from_plain(uses))

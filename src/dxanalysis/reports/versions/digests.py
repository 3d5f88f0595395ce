"""What a report depends on, as digests: code, data, parameters, environment and seed, each kept apart.

Uses nothing but the standard library, so that asking costs nothing.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import canonical, digest
from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.versions.cells import read_cells

_SOURCES = frozenset({".py", ".toml", ".json", ".j2", ".css", ".html", ".typ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The five things that make a version what it is (SHA-256, hexadecimal)."""

    code: str
    data: str
    parameters: str
    environment: str
    seed: str

    def to_plain(self) -> dict[str, str]:
        """Give the digests by name."""
        return asdict(self)

    @property
    def version(self) -> str:
        """Digest of all five: the same digest is the same version."""
        return digest(canonical(self.to_plain()))


DIGEST_NAMES = tuple(f.name for f in fields(Digests))


def notebook_code(notebook: Path) -> list[str]:
    """Code cells of a notebook file, in order and in one spelling; see :func:`dxanalysis.reports.versions.cells.read_cells`."""
    return [cell.text for cell in read_cells(notebook)]


def package_digest(packages: Iterable[Path]) -> str:
    """Digest of the source files (code, texts, templates) below the given folders, whatever their line ends."""
    found: list[tuple[str, str]] = []
    for package in packages:
        for path in package.rglob("*"):
            if path.suffix in _SOURCES and "__pycache__" not in path.parts and path.is_file():
                name = f"{package.name}/{path.relative_to(package).as_posix()}"
                found.append((name, digest(path.read_bytes().replace(b"\r\n", b"\n"))))
    return digest(canonical(sorted(found)))


def code_digest(notebook: Path, package: str) -> str:
    """Digest of a notebook's code together with a digest of what it may import.

    :class:`dxanalysis.reports.versions.modules.CodeDigests` looks at what it does import.
    """
    return digest(canonical({"notebook": notebook_code(notebook), "package": package}))


def environment_digest(lock: Path) -> str:
    """Digest of the lock file and the Python minor version."""
    try:
        content = lock.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise ReportError(
            "the lock file cannot be read",
            where=lock.name,
            fix="Copy requirements.lock of the installation into the project: it says with what a report was made",
        ) from error
    python = ".".join(platform.python_version_tuple()[:2])
    return digest(canonical({"lock": digest(content), "python": python}))


def parameters_digest(parameters: Mapping[str, ParameterValue]) -> str:
    """Digest of canonical parameters."""
    return digest(canonical(dict(parameters)))


def data_digest(data_used: Mapping[str, str]) -> str:
    """Digest of the data slices a run declared."""
    return digest(canonical(dict(data_used)))


def seed_digest(seed: int) -> str:
    """Digest of the seed of random numbers."""
    return digest(canonical(seed))

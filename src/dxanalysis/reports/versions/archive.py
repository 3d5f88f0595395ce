"""What a version was made from, kept under the digest of its content, so that it can be made again.

``<reports>/.archive/stores/<digest>/`` holds copies of data stores, ``<reports>/.archive/code/<digest>.zip`` the source of the packages
and the notebooks. An entry is whole or absent, kept once however many versions share it, and checked against its name when it is opened.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import canonical, digest, replace, write
from dxanalysis.reports.versions.storage import discard

FOLDER: Final = ".archive"
PACKAGES: Final = "packages"
NOTEBOOKS: Final = "notebooks"
_STORES: Final = "stores"
_CODE: Final = "code"
# .html: what a template may end in; a package that kept none of these would run without its words.
_SOURCES: Final = frozenset({".py", ".toml", ".j2", ".css", ".typ", ".json", ".html", ".js", ".svg"})
_TEMPORARY: Final = ".tmp-"  # cleared by the next run, like everything unfinished in the reports folder
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644 << 16


def keep_store(reports: Path, store: Path) -> str:
    """Keep a copy of a data store's folder and return its digest; a copy that is there and sound is left alone.

    Raises
    ------
    ReportError
        When the store is not a folder with files, or the archive cannot be written.
    """
    files = _files_of(store)
    if not files:
        raise ReportError("there is no data store to keep", where=store.name, fix="Build it with: dxanalysis ingest")
    name = _digest(files)
    target = reports / FOLDER / _STORES / name
    if target.is_dir() and _digest(_files_of(target)) == name:
        return _used(target, name)
    written = target.parent / f"{_TEMPORARY}{secrets.token_hex(6)}"
    try:
        written.mkdir(parents=True)
        for path, content in files.items():
            (written / path).parent.mkdir(parents=True, exist_ok=True)
            write(written / path, content)
        _put(written, target, name)
    except OSError as error:
        raise _unwritable(error) from error
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return name


def store_folder(reports: Path, name: str) -> Path:
    """Folder of a kept data store.

    Raises
    ------
    ReportError
        When it was not kept, or a file of it is not as it was.
    """
    target = reports / FOLDER / _STORES / _checked(name)
    if not target.is_dir():
        raise ReportError("the data of that version were not kept", where=name[:12])
    if _digest(_files_of(target)) != name:
        raise _damaged("data store", name)
    return target


def keep_code(reports: Path, packages: Iterable[Path], notebooks: Path) -> str:
    """Keep the source of the packages and the notebooks of a folder, and return their digest; see :func:`code_of`."""
    files = code_of(packages, notebooks)
    name = _digest(files)
    target = reports / FOLDER / _CODE / f"{name}.zip"
    if target.is_file() and _is_sound(target, name):
        return _used(target, name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, _zipped(files))
    except OSError as error:
        raise _unwritable(error) from error
    return name


def code_of(packages: Iterable[Path], notebooks: Path) -> dict[str, bytes]:
    """Source files as they are kept: ``packages/<package>/...`` and ``notebooks/...``, line ends as on Unix."""
    found: dict[str, bytes] = {}
    for package in packages:
        for path in package.rglob("*"):
            if path.suffix in _SOURCES and "__pycache__" not in path.parts and path.is_file():
                found[f"{PACKAGES}/{package.name}/{path.relative_to(package).as_posix()}"] = _text(path)
    for path in notebooks.glob("*.ipynb"):
        found[f"{NOTEBOOKS}/{path.name}"] = _text(path)
    if not found:
        raise ReportError("there is no code to keep", where=notebooks.name)
    return dict(sorted(found.items()))


def code_name(packages: Iterable[Path], notebooks: Path) -> str:
    """Digest that :func:`keep_code` would return, without keeping anything."""
    return _digest(code_of(packages, notebooks))


def open_code(reports: Path, name: str, folder: Path) -> Path:
    """Unpack kept code into a new folder and return that folder; its ``packages`` goes on Python's path.

    Raises
    ------
    ReportError
        When it was not kept, or is not as it was.
    """
    source = reports / FOLDER / _CODE / f"{_checked(name)}.zip"
    if not source.is_file():
        raise ReportError("the code of that version was not kept", where=name[:12])
    files = _unzipped(source)
    if files is None or _digest(files) != name:
        raise _damaged("code", name)
    folder.mkdir(parents=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def _digest(files: Mapping[str, bytes]) -> str:
    """Digest of names and contents: neither the packing nor the machine counts."""
    return digest(canonical([[path, digest(content)] for path, content in sorted(files.items())]))


def _files_of(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


def _text(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            entry.create_system = 3  # else the bytes would say on which system they were packed
            archive.writestr(entry, content)
    return stream.getvalue()


def _unzipped(source: Path) -> dict[str, bytes] | None:
    """Files of a zip; None where it is damaged or holds a name that leads out of a folder."""
    try:
        with zipfile.ZipFile(source) as archive:
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error):
        return None
    safe = all(
        not PurePosixPath(path).is_absolute()
        and ".." not in PurePosixPath(path).parts
        and "\\" not in path
        and ":" not in path
        for path in files
    )
    return files if safe else None


def _is_sound(source: Path, name: str) -> bool:
    files = _unzipped(source)
    return files is not None and _digest(files) == name


def _used(target: Path, name: str) -> str:
    """Say by its time that an entry is in use again: what clears the archive spares what no version names yet."""
    with contextlib.suppress(OSError):
        os.utime(target)
    return name


def _put(written: Path, target: Path, name: str) -> None:
    """Move a whole copy to its place, unless another run was faster; a damaged one there gives way."""
    try:
        written.rename(target)
    except OSError:
        if _digest(_files_of(target)) == name:
            return
        discard(target)
        written.rename(target)


def _checked(name: str) -> str:
    """Refuse what is no digest: names come from manifests, and end in paths."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise ReportError("that version names no archived content", fix="It was made before an archive was kept")
    return name


def _damaged(what: str, name: str) -> ReportError:
    return ReportError(
        f"the archived {what} is damaged", where=name[:12], fix="Restore the folder reports/.archive from a backup"
    )


def _unwritable(error: OSError) -> ReportError:
    return ReportError(
        f"the archive cannot be written ({error.strerror or type(error).__name__})",
        where=f"reports/{FOLDER}",
        fix="Free space on the disk, or allow writing in the reports folder",
    )

"""The site's files, and what they were written from: what has not changed is neither read, rendered nor written again.

``<reports>/.site.json`` keeps, for the site and for each of its files, a digest of what it was made from. The evidence of a
change is the names, sizes and times of the files of every report, so that asking costs no reading.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dxanalysis.reports.files import canonical, digest, read_json

FILE: Final = ".site.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the site was made from when it was last written.

    Attributes
    ----------
    whole
        Digest of everything that the site depends on.
    parts
        File -> digest of what that file alone depends on; empty for a file that depends on everything.
    stamps
        File -> size and time of writing.
    """

    whole: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    stamps: Mapping[str, list[int]] = field(default_factory=dict)

    def stands(self, reports: Path, name: str) -> bool:
        """Whether a file is there as it was written."""
        return name in self.stamps and _stamp(reports / name) == self.stamps[name]

    def keep(self, reports: Path) -> None:
        """Keep for the next time."""
        files = [[name, part, self.stamps.get(name, [])] for name, part in self.parts.items()]
        swap(reports / FILE, canonical({"whole": self.whole, "files": files}))


def read_written(reports: Path) -> Written:
    """Read what the site was made from; nothing where that is not known."""
    try:
        plain = read_json(reports / FILE)
        whole, files = plain["whole"], plain["files"]
        if not isinstance(whole, str) or not isinstance(files, list):
            return Written()
        return Written(
            whole=whole,
            parts={str(name): str(part) for name, part, _ in files},
            stamps={str(name): [int(number) for number in stamp] for name, _, stamp in files},
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Written()


def stamps(reports: Path, names: list[str]) -> dict[str, list[int]]:
    """Sizes and times of files as they are now."""
    return {name: _stamp(reports / name) for name in names}


def _stamp(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def state(report: Path) -> str:
    """Digest of what there is of a report: its versions and what lies beside them, by names, sizes and times."""
    seen: list[object] = []
    # Names as ASCII: one that is no text must not stop the site.
    for entry in sorted(os.scandir(report), key=lambda one: one.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            seen.append([ascii(entry.name), *_folder(entry.path, deeper=entry.name == "changes")])
        else:
            seen.append([ascii(entry.name), *_of(entry)])
    return digest(canonical(seen))


def _folder(path: str, *, deeper: bool) -> list[object]:
    found: list[object] = []
    for entry in sorted(os.scandir(path), key=lambda one: one.name):
        if deeper and entry.is_dir():
            found.append([ascii(entry.name), *_folder(entry.path, deeper=False)])
        else:
            found.append([ascii(entry.name), *_of(entry)])
    return found


def _of(entry: os.DirEntry[str]) -> list[int]:
    try:
        found = entry.stat()
    except OSError:  # gone meanwhile, or a link to nowhere
        return []
    return [found.st_size, found.st_mtime_ns]


def write_page(path: Path, text: str) -> None:
    """Write a page unless it is there already, word for word."""
    content = text.encode("utf-8")
    if not path.is_file() or path.read_bytes() != content:
        swap(path, content)


def swap(path: Path, content: bytes) -> None:
    """Replace a file in one step.

    Unlike a version, a page of the site can be made again at any time, so nobody waits for the disk.
    """
    beside = path.with_name(f".tmp-{secrets.token_hex(6)}")
    beside.write_bytes(content)
    beside.replace(path)

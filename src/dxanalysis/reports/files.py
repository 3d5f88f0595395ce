"""Files that are whole or absent, whatever kills the process."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

TEMPORARY: Final = ".tmp-"
"""How the name of everything unfinished in a reports folder begins."""


def canonical(value: object) -> bytes:
    """Plain JSON in one spelling: sorted keys, no spaces, UTF-8, NaN refused."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, data: str | bytes) -> None:
    """Write a new file and push it to the disk."""
    content = data.encode("utf-8") if isinstance(data, str) else data
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_json(path: Path, value: Mapping[str, object]) -> None:
    """Write readable JSON; NaN is refused."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n")


def replace(path: Path, data: str | bytes) -> None:
    """Replace a file in one step: a reader sees the old content or the new, never a part."""
    beside = path.with_name(temporary_name())
    try:
        write(beside, data)
        beside.replace(path)
    except BaseException:  # a full disk, an interruption: no half of a file is left behind
        beside.unlink(missing_ok=True)
        raise


@cache
def this_place() -> str:
    """Short digest that tells this machine from others writing to the same network folder; it names nobody."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    return digest(f"{platform.node()} {machine}".encode())[:8]


def temporary_name() -> str:
    """Name for what is not finished: hidden, never used twice, and it shows whether it was begun on this machine."""
    return f"{TEMPORARY}{this_place()}-{secrets.token_hex(6)}"


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON object; ValueError where the file is not one."""
    value = json.loads(path.read_bytes().decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} holds no JSON object")  # noqa: TRY004  # one kind of error for a damaged file
    return value

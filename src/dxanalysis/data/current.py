"""Is the store in force made from data/raw as it is now? Asked at every run, so it loads no data library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dxanalysis.data import slices
from dxanalysis.data.sources import Resource, check_files, file_hash, read_descriptor, resources
from dxanalysis.errors import Fault

STORE: Final = "store.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What an ingest did. ``digest`` names the store in force; ``files_read`` were new or changed."""

    digest: str
    changed: bool
    files_read: tuple[str, ...]
    files_reused: tuple[str, ...]
    n_observations: int
    n_targets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawState:
    """data/raw as it is: its files, what is wrong with them, and the digests of a store made from them.

    Attributes
    ----------
    code
        Digest of the code that reads and stores figures: a store made by other code is made again.
    digest
        Name of the store.
    """

    descriptor: Mapping[str, Any]
    listed: tuple[Resource, ...]
    faults: tuple[Fault, ...]
    code: str
    digest: str


def raw_state(raw: Path) -> RawState:
    """Look at the raw files.

    Raises
    ------
    DataError
        The descriptor is absent or unreadable.
    """
    descriptor = read_descriptor(raw)
    listed, faults = resources(descriptor)
    code = _code_digest()
    return RawState(
        descriptor=descriptor,
        listed=listed,
        faults=(*faults, *check_files(raw, listed)),
        code=code,
        digest=slices.content_digest([code, descriptor, sorted((r.path, r.sha256) for r in listed)]),
    )


def up_to_date(state: RawState, processed: Path) -> Ingested | None:
    """What an ingest would say where the store in force is made from these files and whole; None where it must be made."""
    in_force = slices.current_store(processed)
    summary = sound(in_force) if in_force is not None and in_force.name == state.digest else None
    if state.faults or summary is None:
        return None
    return Ingested(
        digest=state.digest,
        changed=False,
        files_read=(),
        files_reused=tuple(summary["files"]),
        n_observations=summary["observations"],
        n_targets=summary["targets"],
    )


def sound(store: Path) -> dict[str, Any] | None:
    """Summary of a store whose files are as they were written; None where one is absent or altered, so that it is built again."""
    try:
        summary: dict[str, Any] = json.loads((store / STORE).read_text(encoding="utf-8"))
        written = summary["sha256"].items()
        return summary if written and all(file_hash(store / name) == digest for name, digest in written) else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _code_digest() -> str:
    here = Path(__file__).parent
    return slices.content_digest(
        [[p.relative_to(here).as_posix(), p.read_text(encoding="utf-8")] for p in sorted(here.rglob("*.py"))]
    )

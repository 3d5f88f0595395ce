"""data/raw -> data/processed: all or nothing, and the same bytes whoever builds it.

The store is built in a folder of its own, named by the digest of what it is made from, and comes into force when one small
pointer file is replaced. Killed at any moment, the old store or the new one is in force, never a mixture.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dxanalysis.data import slices
from dxanalysis.data.current import STORE, Ingested, raw_state, up_to_date
from dxanalysis.data.readers import catalogue as catalogue_reader
from dxanalysis.data.readers import observations as observation_reader
from dxanalysis.data.readers import targets as target_reader
from dxanalysis.data.readers.catalogue import Catalogue
from dxanalysis.data.readers.tidy import Layout, Row, read_rows
from dxanalysis.data.schema import OBSERVATION_KEY, Target
from dxanalysis.data.sources import DESCRIPTOR, Resource, file_hash
from dxanalysis.data.turns import turn
from dxanalysis.errors import DataError, Fault

OBSERVATIONS: Final = "observations.parquet"
CATALOGUE: Final = "catalogue.json"
PARTS: Final = "parts"
_BUILDING: Final = ".building-"


def ingest(raw: Path, processed: Path) -> Ingested:
    """Build the store from the raw files, unless the one in force is already made from them.

    Two that find it out of date at once, such as the kernels of two notebooks, take turns: the second finds it made.

    Raises
    ------
    DataError
        With every fault of every file; the store is untouched.
    """
    known = up_to_date(raw_state(raw), processed)
    if known is not None:
        return known
    with turn(processed, "ingest"):
        return _ingest(raw, processed)


def _ingest(raw: Path, processed: Path) -> Ingested:
    state = raw_state(raw)
    known = up_to_date(state, processed)
    if known is not None:
        return known
    unreadable = {fault.file for fault in state.faults}
    readable = [r for r in state.listed if r.path not in unreadable]
    builder = _Builder(raw, processed / PARTS, state.code)
    built = builder.build(readable, state.faults)
    _install(processed, state.digest, builder, built)
    return Ingested(
        digest=state.digest,
        changed=True,
        files_read=tuple(builder.read),
        files_reused=tuple(builder.reused),
        n_observations=len(built.observations),
        n_targets=len(built.targets),
    )


@dataclass(frozen=True, slots=True)
class _Built:
    observations: pd.DataFrame
    targets: tuple[Target, ...]
    catalogue: Catalogue


class _Builder:
    """Reads files or their earlier parts. A part is one file's typed content, kept under the digest of all it depends on."""

    def __init__(self, raw: Path, parts: Path, code: str) -> None:
        self._raw = raw
        self._parts = parts
        self._code = code
        self._faults: list[Fault] = []
        self.read: list[str] = []
        self.reused: list[str] = []
        self.fresh_parts: dict[str, pd.DataFrame | list[Any]] = {}
        self.kept_parts: set[str] = set()

    def build(self, readable: Sequence[Resource], faults: Sequence[Fault]) -> _Built:
        self._faults = list(faults)
        registries = [r for r in readable if r.path in catalogue_reader.LAYOUTS]
        tables = {r.path: self._rows(r, catalogue_reader.LAYOUTS[r.path]) for r in registries}
        for name in catalogue_reader.LAYOUTS:
            if name not in tables and not any(fault.file == name for fault in self._faults):
                self._faults.append(
                    Fault(
                        file=name,
                        found="no such file",
                        expected=f"the registry {name} in data/raw, listed in {DESCRIPTOR}",
                        hint="Restore it from version control.",
                    )
                )
        if any(not tables.get(name) for name in catalogue_reader.LAYOUTS):
            self._stop()  # what every figure names is not known: each of them would seem at fault
        found, catalogue_faults = catalogue_reader.read_catalogue(tables)
        self._faults += catalogue_faults
        named = {source.id: source for resource in readable for source in resource.sources}
        found = replace(found, sources={**named, **found.sources})
        context = slices.content_digest([[(r.path, r.sha256) for r in registries], sorted(named)])
        frames: dict[str, pd.DataFrame] = {}
        targets: dict[str, tuple[str, Target]] = {}
        for resource in readable:
            if resource.path in tables:
                continue
            if resource.path.startswith("observations/"):
                frames[resource.path] = self._observations(resource, found, context)
            elif resource.path.startswith("targets"):
                for target in self._targets(resource, found):
                    self._add_target(targets, resource.path, target)
            else:
                self._faults.append(
                    Fault(
                        file=resource.path,
                        found="a file in no known place",
                        expected="observations/NAME.csv, targets.csv, or a registry: "
                        + ", ".join(catalogue_reader.LAYOUTS),
                        hint="Register it with: dxanalysis add FILE",
                    )
                )
        self._check_keys(frames)
        self._stop()
        whole = pd.concat(frames.values(), ignore_index=True) if frames else observation_reader.empty()
        return _Built(
            whole.sort_values(list(OBSERVATION_KEY), na_position="first", ignore_index=True),
            tuple(target for _, target in sorted(targets.values(), key=lambda pair: pair[1].id)),
            found,
        )

    def _stop(self) -> None:
        if self._faults:
            raise DataError(
                f"{len(self._faults)} {'fault' if len(self._faults) == 1 else 'faults'} in data/raw; nothing was stored",
                fix="Correct the data at the source and ingest again",
                faults=self._faults,
            )

    def _rows(self, resource: Resource, layout: Layout) -> tuple[Row, ...]:
        part = self._part(resource, "", "json")
        if part.is_file():
            self._reuse(resource, part)
            return tuple(Row(line, cells) for line, cells in json.loads(part.read_text(encoding="utf-8")))
        rows, faults = read_rows(self._raw / resource.path, resource, layout)
        self._note(resource, faults, part, [[row.line, row.cells] for row in rows])
        return rows

    def _observations(self, resource: Resource, catalogue: Catalogue, context: str) -> pd.DataFrame:
        part = self._part(resource, context, "parquet")
        if part.is_file():
            self._reuse(resource, part)
            return observation_reader.typed(pd.read_parquet(part).set_index("line"))
        rows, faults = read_rows(self._raw / resource.path, resource, observation_reader.LAYOUT)
        frame, more = observation_reader.read_observations(rows, resource, catalogue)
        self._note(resource, (*faults, *more), part, frame)
        return frame

    def _targets(self, resource: Resource, catalogue: Catalogue) -> tuple[Target, ...]:
        targets, faults = target_reader.read_targets(self._rows(resource, target_reader.LAYOUT), resource, catalogue)
        self._faults += faults
        return targets

    def _add_target(self, targets: dict[str, tuple[str, Target]], path: str, target: Target) -> None:
        if target.id in targets:
            self._faults.append(
                Fault(
                    file=path,
                    column="target",
                    found=repr(target.id),
                    expected="each target id once",
                    hint=f"It stands in {targets[target.id][0]} too: give one of them another id.",
                )
            )
        targets[target.id] = (path, target)

    def _check_keys(self, frames: dict[str, pd.DataFrame]) -> None:
        seen: dict[tuple[Any, ...], tuple[str, int, Any]] = {}
        columns = [*OBSERVATION_KEY, "value"]
        for path, frame in frames.items():
            for line, *key, value in frame[columns].astype({"released_from": "str", "released_to": "str"}).itertuples():
                identity = tuple(key)
                if identity not in seen:
                    seen[identity] = (path, int(line), value)
                    continue
                other_path, other_line, other = seen[identity]
                same = other == value or (pd.isna(other) and pd.isna(value))
                self._faults.append(
                    Fault(
                        file=path,
                        row=int(line),
                        column="indicator" if same else "value",
                        found=f"{key[0]} of {key[1]}-{key[2]} for {key[3]} again" if same else f"{value:g}",
                        expected="each indicator, region, period and release once"
                        if same
                        else f"one value a release; {other_path}, row {other_line} has {other:g}",
                        hint=f"Remove this row: {other_path}, row {other_line} has it."
                        if same
                        else "If one is a later release, correct its dates; if it has another scope, it is another indicator.",
                    )
                )

    def _part(self, resource: Resource, context: str, suffix: str) -> Path:
        key = [self._code, resource.path, resource.sha256, resource.encoding, resource.delimiter, resource.decimal]
        return self._parts / f"{slices.content_digest([*key, str(resource.retrieved), context])}.{suffix}"

    def _reuse(self, resource: Resource, part: Path) -> None:
        self.reused.append(resource.path)
        self.kept_parts.add(part.name)

    def _note(self, resource: Resource, faults: Sequence[Fault], part: Path, content: pd.DataFrame | list[Any]) -> None:
        self.read.append(resource.path)
        self._faults += faults
        if not faults:
            self.fresh_parts[part.name] = content


def _install(processed: Path, digest: str, builder: _Builder, built: _Built) -> None:
    parts = processed / PARTS
    parts.mkdir(parents=True, exist_ok=True)
    for name, content in builder.fresh_parts.items():
        temporary = parts / f".{os.getpid()}-{name}"
        if isinstance(content, pd.DataFrame):
            _write_parquet(content.rename_axis("line").reset_index(), temporary)
        else:
            _write_json(content, temporary)
        temporary.replace(parts / name)
    building = processed / f"{_BUILDING}{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    write_store(building, built.observations, _plain_catalogue(built), sorted([*builder.read, *builder.reused]))
    if (processed / digest).is_dir():
        shutil.rmtree(processed / digest)
    building.rename(processed / digest)
    pointer = processed / f".{slices.POINTER}-{os.getpid()}"
    pointer.write_text(digest + "\n", encoding="utf-8", newline="\n")
    pointer.replace(processed / slices.POINTER)
    _clean(processed, digest, builder.kept_parts | set(builder.fresh_parts))


def write_store(folder: Path, observations: pd.DataFrame, catalogue: Mapping[str, Any], files: Sequence[str]) -> None:
    """Write the files of a store into an empty folder.

    Parameters
    ----------
    observations
        Rows of the observation contract, sorted by :data:`dxanalysis.data.schema.OBSERVATION_KEY`, undated releases first.
    catalogue
        Plain JSON: ``indicators`` and ``sources`` by id, ``regions``, ``mergers``, ``spellings``, and ``targets`` sorted by id.
    files
        Raw files the store is made from.
    """
    _write_parquet(observations, folder / OBSERVATIONS)
    _write_json(catalogue, folder / CATALOGUE)
    regions = {"regions": [catalogue["regions"], catalogue["mergers"], catalogue["spellings"]]}
    _write_json(
        slices.build_index(
            plain_rows(observations),
            catalogue["targets"],
            {"indicator": catalogue["indicators"], "source": catalogue["sources"], "regions": regions},
        ),
        folder / slices.FILE,
    )
    summary = {
        "files": list(files),
        "observations": len(observations),
        "targets": len(catalogue["targets"]),
        "sha256": {name: file_hash(folder / name) for name in (OBSERVATIONS, CATALOGUE, slices.FILE)},
    }
    _write_json(summary, folder / STORE)


def plain_rows(observations: pd.DataFrame) -> list[dict[str, Any]]:
    """Observations as plain JSON rows, as their digests are made of."""
    rows: list[dict[str, Any]] = json.loads(
        observations.to_json(orient="records", date_format="iso", date_unit="s", double_precision=15)
    )
    for row in rows:
        row["released_to"] = row["released_to"][:10]
        row["released_from"] = row["released_from"][:10] if row["released_from"] else None
    return rows


def _plain_catalogue(built: _Built) -> dict[str, Any]:
    regions_known = built.catalogue.registry
    plain = {
        "indicators": {identity: asdict(item) for identity, item in sorted(built.catalogue.indicators.items())},
        "sources": {identity: asdict(item) for identity, item in sorted(built.catalogue.sources.items())},
        "regions": [asdict(region) for region in regions_known.regions],
        "mergers": [asdict(merger) for merger in regions_known.mergers],
        "spellings": {identity: list(names) for identity, names in sorted(regions_known.spellings.items())},
        "targets": [{**asdict(target), "deadline": target.deadline.text} for target in built.targets],
    }
    found: dict[str, Any] = json.loads(json.dumps(plain, ensure_ascii=False, default=str))
    return found


def _clean(processed: Path, digest: str, parts: set[str]) -> None:
    """Remove what no store in force needs. Only leftovers go, so a kill in here harms nothing."""
    for path in processed.iterdir():
        if path.name in {digest, PARTS, slices.POINTER} or (path.is_file() and not path.name.startswith(".")):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f".{slices.POINTER}-"):
            with contextlib.suppress(OSError):
                path.unlink()
    for path in (processed / PARTS).iterdir():
        if path.name not in parts:
            with contextlib.suppress(OSError):
                path.unlink()


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    # Metadata would name library versions and make equal content unequal bytes.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


def _write_json(content: object, path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")

"""Comparisons of versions made and kept: ``changes/VERSION/`` beside the versions, whole or absent."""

from __future__ import annotations

import json
import secrets
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dxanalysis import i18n
from dxanalysis.data.changes import DataChange, changes_between, read_catalogue
from dxanalysis.errors import DxError, ReportError
from dxanalysis.reports.compare.causes import causes
from dxanalysis.reports.compare.comparison import Comparison, comparison_from_plain, side
from dxanalysis.reports.compare.differences import differences
from dxanalysis.reports.compare.markdown import markdown
from dxanalysis.reports.compare.page import Links, page
from dxanalysis.reports.compare.places import PAGE, PLAIN, SUMMARY, folder_of, is_whole
from dxanalysis.reports.compare.shares import Attribution
from dxanalysis.reports.compare.shown import RELATIVE
from dxanalysis.reports.files import read_json, write, write_json
from dxanalysis.reports.outputs.labels import Labels, catalogue
from dxanalysis.reports.recording.record import Record, collect
from dxanalysis.reports.versions.archive import FOLDER as ARCHIVE
from dxanalysis.reports.versions.archive import NOTEBOOKS
from dxanalysis.reports.versions.storage import CHANGES, RECORD, Manifest, discard, read_manifest


def read_version_record(version: Path) -> Record:
    """Read what a version recorded; ReportError where it is absent or damaged."""
    try:
        plain: dict[str, Any] = read_json(version / RECORD)
        entries = [
            {"item": "meta", **plain["meta"]},
            *plain["items"],
            {"item": "data-used", "digests": plain["data_used"]},
            {"item": "sources", "rows": plain["sources"]},
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"the record cannot be read ({type(error).__name__})", where=version.name) from error
    return collect(entries)


def compare(
    old: Path,
    new: Path,
    *,
    tolerance: float = RELATIVE,
    attributions: Sequence[Attribution] = (),
    names_from: Path | None = None,
) -> Comparison:
    """Compare two versions' folders, the older one first.

    Data stores and source code that the archive of the reports keeps (``.archive/`` beside the notebooks' folders) are compared
    too, so that the causes name figures and files; without them the causes name what the manifests know.

    Parameters
    ----------
    names_from
        A data store whose catalogue names indicators, places and sources that the archive does not.

    Raises
    ------
    ReportError
        A version is damaged, or no version.
    """
    manifests = read_manifest(old), read_manifest(new)
    records = read_version_record(old), read_version_record(new)
    kept = [version.resolve().parents[2] / ARCHIVE for version in (old, new)]
    stores = [_kept(place / "stores", one.store) for place, one in zip(kept, manifests, strict=True)]
    codes = [_kept(place / "code", one.package, ".zip") for place, one in zip(kept, manifests, strict=True)]
    found = causes(*manifests, _data_changes(stores, manifests), modules=_edited(codes, manifests[1].notebook))
    meta = records[1].meta
    known = {
        one
        for cause in found
        for fact in cause.facts
        for one in (fact.indicator, fact.region_id, fact.source, *fact.what.split(":"))
    }
    return Comparison(
        old=side(manifests[0]),
        new=side(manifests[1]),
        title=meta.title,
        subtitle=meta.subtitle,
        group=meta.group,
        publisher=meta.publisher,
        language=meta.language,
        differences=differences(*records, tolerance=tolerance),
        causes=found,
        attributions=tuple(attributions),
        names=names_of([names_from, *stores], meta.language, known),
    )


def _kept(folder: Path, digest: str, ending: str = "") -> Path | None:
    path = folder / f"{digest}{ending}"
    return path if digest and path.exists() else None


def _data_changes(stores: Sequence[Path | None], manifests: tuple[Manifest, Manifest]) -> tuple[DataChange, ...]:
    old, new = stores
    if old is None or new is None or old == new:
        return ()
    before, after = (one.data_used for one in manifests)
    keys = [key for key in after if before.get(key) != after[key]]
    try:
        return changes_between(old, new, keys)
    except (OSError, ValueError, KeyError, DxError):  # a damaged archive costs the details, not the comparison
        return ()


def _edited(codes: Sequence[Path | None], notebook: str) -> tuple[str, ...]:
    """Source files that differ between two archived packages; of the notebooks only the report's own counts."""
    old, new = codes
    if old is None or new is None or old == new:
        return ()
    try:
        before, after = (_files(path) for path in (old, new))
    except (OSError, zipfile.BadZipFile):
        return ()
    edited = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    others = f"{NOTEBOOKS}/"
    return tuple(name for name in edited if not name.startswith(others) or name == f"{others}{notebook}.ipynb")


def _files(archive: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(archive) as opened:
        return {one.filename: (one.CRC, one.file_size) for one in opened.infolist() if not one.is_dir()}


def names_of(stores: Iterable[Path | None], language: str, wanted: Collection[str]) -> dict[str, str]:
    """What readers call indicators, places and sources, from the stores that are kept; the newer one has the last word."""
    names: dict[str, str] = {}
    for store in stores:
        if store is None:
            continue
        try:
            plain = read_catalogue(store)
        except (OSError, ValueError):
            continue
        for entry in plain.get("indicators", {}).values():
            names[entry["id"]] = entry[f"name_{language}"]
        for entry in plain.get("sources", {}).values():
            names[entry["id"]] = entry["title"]
        names.update(_place_names(plain.get("regions", []), language))
    return {identity: name for identity, name in names.items() if identity in wanted}


def _place_names(regions: Sequence[Mapping[str, Any]], language: str) -> dict[str, str]:
    """Names of places; namesakes of other times are told apart by their first or last day."""
    t = i18n.texts(language)
    called = [str(region[f"name_{language}"]) for region in regions]
    names = {}
    for region, name in zip(regions, called, strict=True):
        bounds, code = region["boundary_set"], region["code"]
        shown = name
        if called.count(name) > 1 and region["valid_to"]:
            shown = t("changes.place_until", name=name, day=t.day(date.fromisoformat(region["valid_to"])))
        elif called.count(name) > 1 and region["valid_from"]:
            shown = t("changes.place_from", name=name, day=t.day(date.fromisoformat(region["valid_from"])))
        names[str(code) if bounds == code else f"{bounds}-{code}"] = shown
    return names


def write_changes(
    comparison: Comparison, folder: Path, labels: Labels | None = None, *, links: Links | None = None
) -> Path:
    """Write the page, the summary and the plain JSON of a comparison into a folder, which appears whole or not at all.

    A comparison that is there already is replaced. ``links`` default to those of :func:`folder_of`.

    Raises
    ------
    ReportError
        The folder holds something else, which would be lost.
    """
    words = labels if labels is not None else catalogue()
    strangers = {path.name for path in folder.iterdir()} - {PAGE, PLAIN, SUMMARY} if folder.is_dir() else set()
    if strangers:
        raise ReportError(
            f"the folder holds {sorted(strangers)[0]!r}, which is no part of a comparison",
            where=folder.name,
            fix="Name a new folder: it is replaced whole",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the versions a killed run's leavings are swept up by the next one.
    place = folder.parent.parent if folder.parent.name == CHANGES else folder.parent
    written = place / f".tmp-{secrets.token_hex(6)}"
    written.mkdir()
    try:
        write(written / PAGE, page(comparison, words, links))
        write(written / SUMMARY, markdown(comparison))
        write_json(written / PLAIN, comparison.to_plain())
        discard(folder)
        try:
            written.rename(folder)
        except OSError:
            if not is_whole(folder):  # else another run was faster: it wrote the same
                raise
    finally:
        discard(written)
    return folder


def read_changes(folder: Path) -> Comparison:
    """Read a kept comparison back; ReportError where it is absent or damaged."""
    try:
        return comparison_from_plain(read_json(folder / PLAIN))
    except (OSError, ValueError, json.JSONDecodeError) as error:
        raise ReportError(f"the comparison cannot be read ({type(error).__name__})", where=folder.name) from error


def kept_splits(old: Path, new: Path) -> tuple[Attribution, ...]:
    """Splits over the causes that were kept for this very pair of versions; none where there are none."""
    try:
        kept = read_changes(folder_of(new))
    except ReportError:
        return ()
    return kept.attributions if (kept.old.id, kept.new.id) == (old.name, new.name) else ()

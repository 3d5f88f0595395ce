"""A version made again from what it was made from, and compared with what it recorded, to the last digit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.counterfactual import Code, Run, Setting, code_of_version, present_code, record_of
from dxanalysis.reports.compare.worlds import day_of
from dxanalysis.reports.files import read_json
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.archive import store_folder
from dxanalysis.reports.versions.storage import RECORD, read_manifest

WithCode = Literal["then", "now"]
# A picture's lines may be drawn otherwise by another plotting library; the numbers behind it may not differ.
_DRAWN: Final = frozenset({"wide_svg", "narrow_svg"})
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What came of making a version again.

    Attributes
    ----------
    version
        Its id.
    differences
        One line each: what is recorded otherwise now; empty where everything is equal.
    code
        ``same`` where the present code is that of the version, else whose code was run.
    same_environment
        Whether the lock file and Python are those of the version.
    """

    version: str
    differences: tuple[str, ...]
    code: Literal["same", "then", "now"]
    same_environment: bool

    @property
    def equal(self) -> bool:
        """Whether every number, cell and sentence is as it was."""
        return not self.differences

    def lines(self) -> list[str]:
        """Tell the outcome, for a terminal."""
        lines = [f"{self.version}: " + ("equal" if self.equal else f"{len(self.differences)} differences")]
        if self.code == "then":
            lines.append("Run with the archived code of that version; the present code is another.")
        elif self.code == "now":
            lines.append("Run with the present code, which is not that of the version.")
        if not self.same_environment:
            lines.append("The environment is another than that of the version (lock file or Python).")
        return lines + [f"  {line}" for line in self.differences]


def reproduce(
    version: Path, setting: Setting, *, packages: tuple[Path, ...], notebooks: Path, code: WithCode = "then"
) -> Reproduction:
    """Run a version again with the data, parameters, seed and day of then, and compare what is recorded.

    Parameters
    ----------
    version
        Its folder.
    packages, notebooks
        The present code.
    code
        ``then``: the version's own code, from the archive where the present one differs; ``now``: the present code.

    Raises
    ------
    ReportError
        When the version cannot be read, what it was made from was not kept or is damaged, or the notebook fails.
    """
    manifest = read_manifest(version)
    present = present_code(packages, notebooks)
    with tempfile.TemporaryDirectory(prefix="dx-code-", ignore_cleanup_errors=True) as work:
        chosen = present if code == "now" else _own_code(manifest.package, present, setting, Path(work))
        record = record_of(
            Run(
                notebook=manifest.notebook,
                code=chosen,
                store=store_folder(setting.reports, manifest.store),
                parameters=dict(manifest.parameters),
                seed=manifest.seed,
                today=day_of(manifest),
            ),
            setting,
        )
    return Reproduction(
        version=manifest.id,
        differences=tuple(differences(read_json(version / RECORD), record.to_plain())),
        code="same" if manifest.package == present.name else code,
        same_environment=manifest.digests.environment == setting.environment,
    )


def _own_code(name: str, present: Code, setting: Setting, work: Path) -> Code:
    try:
        return code_of_version(name, present, setting.reports, work)
    except ReportError as error:
        raise ReportError(
            error.what, where=error.where, fix="To run it with the present code, give: --code now"
        ) from error


def differences(recorded: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    """Lines on everything that two records, as plain JSON, do not have in common; pictures count by their numbers."""
    for name in sorted({*recorded["meta"], *again["meta"]}):
        yield from _unequal(f"title page, {name}", recorded["meta"].get(name), again["meta"].get(name))
    before, after = _named(recorded["items"]), _named(again["items"])
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield f"{name}: no longer recorded"
        elif name not in before:
            yield f"{name}: recorded now, not then"
        else:
            yield from _fields(name, before[name], after[name])
    for key in sorted({*recorded["data_used"], *again["data_used"]}):
        yield from _unequal(f"data slice {key}", recorded["data_used"].get(key), again["data_used"].get(key))


def _named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Items by what a person calls them; those without a name by their place among their kind."""
    found: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for item in items:
        kind = item["item"]
        counts[kind] = counts.get(kind, 0) + 1
        found[f"{kind} {item.get('name', counts[kind])}"] = item
    return found


def _fields(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for field in sorted(set(before) - _DRAWN, key=lambda field: (field != "value", field)):
        was, is_now = before[field], after.get(field)
        where = name if field in ("value", "text", "rows") else f"{name}, {field}"
        if field in ("rows", "values", "units") and len(was) == len(is_now or ()):
            for number, (old, new) in enumerate(zip(was, is_now or (), strict=True), start=1):
                yield from _cells(f"{where}, row {number}", old, new)
        else:
            yield from _unequal(where, was, is_now)


def _cells(where: str, before: Any, after: Any) -> Iterator[str]:
    if len(before) != len(after):
        yield from _unequal(where, before, after)
        return
    for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
        yield from _unequal(f"{where}, column {number}", old, new)


def _unequal(where: str, was: Any, is_now: Any) -> Iterator[str]:
    was, is_now = _plain(was), _plain(is_now)
    if was != is_now:
        yield one_line(f"{where}: {_short(was)} then, {_short(is_now)} now")


def _plain(value: Any) -> Any:
    """A record as it is after a round through JSON, where a tuple is a list."""
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value


def _short(value: Any) -> str:
    if isinstance(value, list):
        return one_line(", ".join(map(str, value)), _SHOWN)
    return one_line(str(value), _SHOWN)

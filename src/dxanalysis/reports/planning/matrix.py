"""One entry of the plan becomes many combinations: lists are crossed, wildcards stand for what the caller knows, exclusions go."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.parameters import ParameterValue, nearest
from dxanalysis.reports.planning.schedule import schedule_fault
from dxanalysis.reports.text import one_line

Expander = Callable[[str], Sequence[str] | None]
"""Values that a wildcard such as ``34:*`` stands for; None where a text is no wildcard but a value."""

RESERVED = ("notebook", "exclude", "schedule")
"""Keys of an entry that are no parameters of its notebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """The combinations of one entry, in the order written, and what is wrong with it."""

    combinations: tuple[dict[str, ParameterValue], ...]
    faults: tuple[str, ...]


def crossed(
    entry: Mapping[str, object],
    *,
    expanders: Mapping[str, Expander] | None = None,
    widen: Mapping[str, Sequence[str]] | None = None,
    defaults: Mapping[str, ParameterValue | None] | None = None,
) -> Crossed:
    """Cross the lists of an entry.

    Parameters
    ----------
    entry
        ``{"notebook": "n", "region": ["34:*", "VN"], "language": ["vi", "en"], "exclude": [{"region": "VN"}]}``.
    expanders
        For a parameter name, what its wildcards stand for.
    widen
        For a parameter name, all its values. An entry that has at least one of them for each of the names gets them all; another
        entry stays as it is.
    defaults
        The notebook's parameters with their defaults: what an entry means by leaving a parameter out.
    """
    faults: list[str] = []
    matrix: dict[str, list[object]] = {}
    for key, value in entry.items():
        if key in RESERVED:
            continue
        values, more = _values(str(key), value, (expanders or {}).get(str(key)))
        matrix[str(key)] = values
        faults += more
    seeds = matrix.get("seed", [])
    if len(seeds) > 1:
        faults.append("seed is a list: a seed is no part of a report's name, so give one")
    matrix = _widened(matrix, widen or {}, defaults or {})
    found = [dict(zip(matrix, row, strict=True)) for row in itertools.product(*matrix.values())]
    kept, more = _without(found, entry.get("exclude", []), matrix, expanders or {})
    faults += more
    if "schedule" in entry:
        fault = schedule_fault(entry["schedule"])
        faults += [fault] if fault else []
    # Every value is checked against the type the notebook declares, so it need not be one that a parameter can have yet.
    return Crossed(combinations=tuple(kept), faults=tuple(faults))  # type: ignore[arg-type]


def _values(name: str, value: object, expander: Expander | None) -> tuple[list[object], list[str]]:
    written = list(value) if isinstance(value, list) else [value]
    if not written:
        return [], [f"{name} is an empty list"]
    if expander is None:
        return written, []
    values: list[object] = []
    faults: list[str] = []
    wild: set[str] = set()
    for one in written:
        try:
            meant = expander(one) if isinstance(one, str) else None
        except ParameterError as error:
            faults.append(str(error))
            continue
        if meant is None:
            if not (isinstance(one, str) and one in wild):
                values.append(one)
        elif not meant:
            faults.append(f"{name} {one_line(repr(one), 60)} stands for nothing")
        else:  # a wildcard and one of its own values beside it mean the value once
            values += [text for text in meant if text not in values]
            wild.update(meant)
    return values, faults


def _widened(
    matrix: dict[str, list[object]],
    widen: Mapping[str, Sequence[str]],
    defaults: Mapping[str, ParameterValue | None],
) -> dict[str, list[object]]:
    own = {name: matrix.get(name, [defaults.get(name)]) for name in widen}
    if not all(name in defaults and any(value in widen[name] for value in own[name]) for name in widen):
        return matrix
    more = {name: [*own[name], *(value for value in widen[name] if value not in own[name])] for name in widen}
    return {**matrix, **more}


def _without(
    found: list[dict[str, object]],
    exclude: object,
    matrix: Mapping[str, Sequence[object]],
    expanders: Mapping[str, Expander],
) -> tuple[list[dict[str, object]], list[str]]:
    if not isinstance(exclude, list) or not all(isinstance(one, Mapping) and one for one in exclude):
        return found, ['exclude must be a list of tables; write exclude = [{region = "63-64", language = "en"}]']
    faults: list[str] = []
    left = found
    for one in exclude:
        shown = one_line(", ".join(f"{key} = {value!r}" for key, value in one.items()), 120)
        unknown = [str(key) for key in one if key not in matrix]
        if unknown:
            faults += [
                f'exclude names "{one_line(key, 60)}", which the job does not give{nearest(key, matrix)}'
                for key in unknown
            ]
            continue
        wanted: dict[str, list[object]] = {}
        for key, value in one.items():
            wanted[key], more = _values(key, value, expanders.get(key))
            faults += [f"exclude: {fault}" for fault in more]
        if not any(_fits(row, wanted) for row in found):
            faults.append(f"exclude {{{shown}}} fits none of the job's combinations")
        left = [row for row in left if not _fits(row, wanted)]
    if found and not left:
        faults.append("exclude leaves no combination")
    return left, faults


def _fits(row: Mapping[str, object], wanted: Mapping[str, Sequence[object]]) -> bool:
    return all(any(_same(row[key], value) for value in values) for key, values in wanted.items())


def _same(left: object, right: object) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)

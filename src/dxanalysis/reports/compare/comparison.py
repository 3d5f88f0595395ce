"""Two versions of a report beside each other: what differs, why, and how each number's change splits over the causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.causes import Cause
from dxanalysis.reports.compare.differences import Differences
from dxanalysis.reports.compare.plain import rebuild
from dxanalysis.reports.compare.shares import Attribution
from dxanalysis.reports.recording.items import Plain
from dxanalysis.reports.versions.storage import Manifest

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A version as a comparison needs it.

    Attributes
    ----------
    finished
        UTC time in ISO form.
    today
        ISO day that deadlines were held against; empty where it was not kept.
    """

    number: int
    id: str
    finished: str
    notebook: str
    today: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two versions, and why.

    Attributes
    ----------
    title, subtitle, group, publisher, language
        Of the newer version's report.
    names
        What readers call the indicators, places and sources that the causes name: id -> name; the id itself where absent.
    """

    old: Side
    new: Side
    title: str
    language: str
    differences: Differences
    causes: tuple[Cause, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    subtitle: str = ""
    group: str = ""
    publisher: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {one.name for one in self.differences.values}
        stray = [one.name for one in self.attributions if one.name not in known]
        if stray:
            raise ReportError(
                f"the change of {stray[0]} is split, but it did not change", fix="Split only values that moved"
            )

    def to_plain(self) -> Plain:
        """Return everything as plain JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    def name(self, identity: str) -> str:
        """What readers call an indicator, place or source."""
        return self.names.get(identity, identity)


def comparison_from_plain(plain: Mapping[str, object]) -> Comparison:
    """Read a comparison back; ReportError where it is not what :meth:`Comparison.to_plain` writes."""
    if plain.get("schema") != SCHEMA:
        raise ReportError(f"a comparison of schema {plain.get('schema')!r}, expected {SCHEMA}")
    return rebuild(Comparison, {key: part for key, part in plain.items() if key != "schema"}, "comparison")


def side(manifest: Manifest) -> Side:
    """Give of a version's manifest what a comparison needs."""
    return Side(
        number=manifest.number,
        id=manifest.id,
        finished=manifest.finished,
        notebook=manifest.notebook,
        today=manifest.today,
    )

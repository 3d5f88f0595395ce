"""The change of one headline number, split over its causes: the shape in which the split is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from dxanalysis.errors import ReportError
from dxanalysis.reports.recording.items import Plain, check_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one cause did to a number.

    Attributes
    ----------
    cause
        Id of the cause, the same in every language.
    label
        The cause in the report's words; hostile until escaped.
    amount
        Its part of the change, in the number's own unit.
    """

    cause: str
    label: str
    amount: float

    def __post_init__(self) -> None:
        check_text(self.cause, "the cause of a part")
        check_text(self.label, f"the label of cause {self.cause}")
        _check_finite(self.amount, f"the part of cause {self.cause}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The change of one recorded number and its parts, which add up to it.

    Attributes
    ----------
    name, unit
        The recorded value and its unit.
    old, new
        The number in the older and in the newer version.
    parts
        One per cause, in the order told.
    runs
        Number of runs that the split is made from.
    exact
        Whether every combination of causes was run; else the parts are estimated from some of them.
    note
        What a reader must know about this split, in the report's language; may be empty.
    """

    name: str
    unit: str
    old: float
    new: float
    parts: tuple[Part, ...]
    runs: int
    exact: bool
    note: str = ""

    def __post_init__(self) -> None:
        check_text(self.name, "the name of a split number")
        check_text(self.unit, f"the unit of {self.name}", empty=True)
        check_text(self.note, f"the note of {self.name}", empty=True)
        for what, number in (("old", self.old), ("new", self.new)):
            _check_finite(number, f"the {what} value of {self.name}")
        found, wanted = math.fsum(part.amount for part in self.parts), self.new - self.old
        if self.parts and not math.isclose(
            found, wanted, rel_tol=1e-9, abs_tol=1e-9 * max(abs(self.old), abs(self.new), 1e-300)
        ):
            raise ReportError(
                f"the parts of {self.name} add up to {found!r}, its change is {wanted!r}",
                fix="Give parts that leave nothing over, or no parts",
            )

    def to_plain(self) -> Plain:
        """Return the split as plain JSON."""
        return asdict(self)


def attribution_from_plain(plain: Mapping[str, object]) -> Attribution:
    """Read a split back; ReportError where it is not what :meth:`Attribution.to_plain` writes."""
    try:
        parts = tuple(Part(**part) for part in plain["parts"])  # type: ignore[attr-defined]  # refused below
        return Attribution(**{**plain, "parts": parts})  # type: ignore[arg-type]  # the class checks its fields
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"a split number is damaged: {error}") from error


def _check_finite(number: object, what: str) -> None:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ReportError(f"{what} is {number!r}", fix="Give a finite number")

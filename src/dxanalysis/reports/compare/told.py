"""Causes and remarks of a split in the words of the report's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dxanalysis import i18n
from dxanalysis.data.changes import DataChange
from dxanalysis.errors import ParameterError
from dxanalysis.reports.compare.players import Player

NoteKind = Literal[
    "notebooks",
    "no_data",
    "no_code",
    "cannot_run",
    "old_code",
    "grouped",
    "joined",
    "unexplained",
    "not_recorded",
]
_FIGURES: Final[Mapping[str, str]] = {
    "revised": "revised",
    "new period": "new_period",
    "new series": "new_series",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells causes in one language.

    Attributes
    ----------
    language
        ``vi`` or ``en``; a report in another language is told of in English.
    names
        What readers call indicators and places: id -> name; the id itself where absent.
    """

    language: str
    names: Mapping[str, str]

    def note(self, kind: NoteKind, **values: str) -> str:
        """A remark on a split."""
        return self._t(f"split.note.{kind}", **values)

    def label(self, player: Player) -> str:
        """A cause in a few words."""
        if player.kind in _FIGURES:
            return self._figures(player)
        if player.kind == "data":
            return self._t("split.cause.data", count=self._count(len(player.changes)))
        if player.kind == "together":
            named = [self._t(f"split.member.{_FIGURES.get(kind, kind)}") for kind in player.members]
            return self._t("split.cause.together", causes=self._texts.listing(named))
        return self._t(f"split.cause.{player.kind}")

    def _figures(self, player: Player) -> str:
        kind = _FIGURES[player.kind]
        if len(player.changes) == 1:
            return self._one(kind, player.changes[0])
        indicators = {change.indicator for change in player.changes}
        places = {change.region_id for change in player.changes}
        count = self._count(len(player.changes))
        if len(indicators) > 1:
            return self._t(f"split.any.{kind}", count=count)
        subject = self._name(indicators.pop())
        if len(places) == 1:
            subject = self._t("split.subject.series", name=subject, place=self._name(places.pop()))
        return self._t(f"split.several.{kind}", subject=subject, count=count)

    def _one(self, kind: str, change: DataChange) -> str:
        subject = self._t(
            "split.subject.figure",
            name=self._name(change.indicator),
            place=self._name(change.region_id),
            period=self._period(change.period),
        )
        old, new = (self._amount(value, change.unit) for value in (change.old, change.new))
        if kind == "revised" and change.old == change.new:
            return self._t("split.one.confirmed", subject=subject, new=new)
        if kind in ("new_period", "new_series"):
            return self._t("split.one.added", subject=subject, new=new)
        if kind == "withdrawn":
            return self._t("split.one.withdrawn", subject=subject, old=old, new=new)
        return self._t("split.one.revised", subject=subject, old=old, new=new)

    def _amount(self, value: float | None, unit: str) -> str:
        return self._t("split.subject.none") if value is None else str(self._texts.quantity(value, unit))

    def _period(self, text: str) -> str:
        try:
            return self._texts.period(text)
        except (ParameterError, ValueError, KeyError):
            return text

    def _name(self, identity: str) -> str:
        return self.names.get(identity, identity)

    def _count(self, number: int) -> str:
        return str(self._texts.number(number, 0))

    @property
    def _texts(self) -> i18n.Texts:
        return i18n.texts(self.language if self.language in i18n.LANGUAGES else "en")

    def _t(self, key: str, **values: str) -> str:
        return self._texts(key, **values)

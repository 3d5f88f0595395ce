"""Text for readers, in Vietnamese and English: catalogues of sentences, and numbers, dates and periods by locale.

Results carry facts, never sentences; a sentence is made here from a key and named values::

    t = texts("vi")
    t("pages.place.merged", name="Gia Lai")

Catalogues are ``NAME.vi.toml`` and ``NAME.en.toml`` beside this file; a key is ``NAME.table.entry``.
"""

from __future__ import annotations

import string
import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from dxanalysis.errors import ParameterError

LANGUAGES: Final = ("vi", "en")
_NBSP: Final = "\u00a0"
_ROMAN: Final = ("", "I", "II", "III", "IV")


class Number(str):
    """A formatted number that remembers what was formatted, so that a spreadsheet gets a number and not its picture.

    It is the text in every way; joined to other text it becomes plain text and forgets.

    Attributes
    ----------
    value, unit
        The number before rounding, and its unit (``percent``; empty where it has none or it is not known).
    """

    __slots__ = ("unit", "value")
    value: float
    unit: str

    def __new__(cls, text: str, value: float, unit: str = "") -> Number:
        """Make the text of a number."""
        made = super().__new__(cls, text)
        made.value, made.unit = float(value), unit
        return made

    def __getnewargs__(self) -> tuple[str, float, str]:  # type: ignore[override]
        """Let copies and other processes keep the number."""
        return str(self), self.value, self.unit


@dataclass(frozen=True, slots=True)
class Texts:
    """Sentences and formats of one language. Get one with :func:`texts`."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Sentence of a key with its named values put in.

        Raises
        ------
        ParameterError
            When the key does not exist, or the values are not those the sentence names.
        """
        if key not in self.entries:
            raise ParameterError(
                f"no text has the key {key!r} in {self.language!r}", fix="Add it to the catalogues in i18n/"
            )
        sentence = self.entries[key]
        wanted = placeholders(sentence)
        if wanted != set(values):
            raise ParameterError(
                f"text {key!r} names {sorted(wanted)}, given were {sorted(values)}",
                fix="Give just the values the text names",
            )
        return sentence.format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is a text with the key."""
        return key in self.entries

    def number(self, value: float, decimals: int | None = None, *, sign: bool = False) -> Number:
        """Number by locale: ``1.234,5`` or ``1,234.5``.

        ``decimals=None`` keeps the digits that are there, up to two, or four below one: more is seldom known and never read.
        """
        most = 2 if abs(value) >= 1 else 4
        pattern = "#,##0." + ("#" * most if decimals is None else "0" * decimals)
        rounded = round(float(value), most if decimals is None else decimals)
        text: str = format_decimal(abs(rounded), format=pattern.rstrip("."), locale=self.language)
        mark = "−" if rounded < 0 else ("+" if sign and rounded > 0 else "")
        return Number(mark + text, value)

    def percent(self, value: float, decimals: int | None = 2, *, sign: bool = False) -> Number:
        """A percentage that is given in percent: ``12,66 %`` in Vietnamese, ``12.66%`` in English."""
        text = self.number(value, decimals, sign=sign) + (f"{_NBSP}%" if self.language == "vi" else "%")
        return Number(text, value, "percent")

    def percent_tick(self, value: float) -> str:
        """A percentage on an axis: no decimals where none are needed."""
        return self.percent(value, 0 if float(value).is_integer() else 1)

    def quantity(self, value: float, unit: str, decimals: int | None = None) -> Number:
        """A value with its unit as readers write it."""
        if unit == "percent":
            return self.percent(value, decimals)
        text = self.number(value, decimals)
        key = f"common.unit.{unit}"
        label = self.entries.get(key, "")
        return Number(f"{text}{_NBSP}{label}" if label else text, value, unit)

    def day(self, day: date) -> str:
        """A day: ``06/01/2025`` or ``6 Jan 2025``."""
        text: str = format_date(day, "dd/MM/yyyy" if self.language == "vi" else "d MMM yyyy", locale=self.language)
        return text

    def release(self, first: date | None, last: date) -> str:
        """A release date as exactly as it is known: a day, a month, or bounds."""
        if first == last:
            return self.day(last)
        if first is None:
            return self("common.release.undated")  # the latest possible day is only the day we got the page
        if first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1]):
            return self("common.period.month", month=self._month(first.month), year=str(first.year))
        return self("common.release.between", first=self.day(first), last=self.day(last))

    def period(self, text: str) -> str:
        """A period as readers write it: ``2024-H1`` is ``6 tháng đầu năm 2024`` or ``first half of 2024``."""
        year, _, rest = text.partition("-")
        if not rest:
            return year
        if rest.startswith("H"):
            return self(f"common.period.half{rest[1]}", year=year)
        if rest.startswith("Q"):
            number = _ROMAN[int(rest[1])] if self.language == "vi" else rest[1]
            return self("common.period.quarter", quarter=number, year=year)
        if len(rest) == len(year):
            return self("common.period.span", first=year, last=rest)
        return self("common.period.month", month=self._month(int(rest)), year=year)

    def listing(self, items: list[str]) -> str:
        """Items joined as in a sentence: ``a, b và c``."""
        if len(items) <= 1:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('common.and')} {items[-1]}"

    def _month(self, number: int) -> str:
        if self.language == "vi":
            return str(number)
        name: str = format_date(date(2000, number, 1), "LLLL", locale=self.language)
        return name


@cache
def texts(language: str) -> Texts:
    """Texts of a language.

    Raises
    ------
    ParameterError
        When there are none for it.
    """
    if language not in LANGUAGES:
        raise ParameterError(f"there are no texts in {language!r}", fix=f"Use one of: {', '.join(LANGUAGES)}")
    entries: dict[str, str] = {}
    for item in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(f".{language}.toml"):
            name = item.name.split(".")[0]
            entries.update(_flat(tomllib.loads(item.read_text(encoding="utf-8")), name))
    return Texts(language, entries)


def placeholders(sentence: str) -> set[str]:
    """Names of the values a sentence takes."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}.{key}"
        if isinstance(value, Mapping):
            found.update(_flat(value, name))
        else:
            found[name] = str(value)
    return found

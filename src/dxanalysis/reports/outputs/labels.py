"""Words of the pages by key, with dates and numbers in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dxanalysis import i18n
from dxanalysis.errors import ReportError

Labels = Mapping[str, Mapping[str, str]]
"""Language -> key -> text with ``{placeholders}``; the first language is the main one."""

_PREFIX = "reports."
_OPTIONAL = frozenset({"publisher"})
"""Labels the package has no words for: whose reports these are, in the citation and at the head of the index."""
_GROUPED_FROM = 10_000  # a year is not 2.024


def catalogue(**changed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Labels as they come with the package, Vietnamese first.

    Parameters
    ----------
    **changed
        Language -> labels that replace the package's own: ``catalogue(vi={"site_title": "…"}, en={…})``.
    """
    found: dict[str, dict[str, str]] = {}
    for language in i18n.LANGUAGES:
        entries = i18n.texts(language).entries
        own = {key.removeprefix(_PREFIX): text for key, text in entries.items() if key.startswith(_PREFIX)}
        unknown = sorted(set(changed.get(language, {})) - set(own) - _OPTIONAL)
        if unknown:
            raise ReportError(f"there is no label {unknown[0]!r}", fix="See i18n/reports.en.toml for the keys")
        found[language] = {**own, **changed.get(language, {})}
    return found


def index_file(language: str, languages: Sequence[str]) -> str:
    """Name of the index in a language: ``index.html`` for the first one, ``index.en.html`` for the others."""
    return "index.html" if language == languages[0] else f"index.{language}.html"


class Texts:
    """Words of one language."""

    def __init__(self, labels: Labels, language: str) -> None:
        if language not in labels:
            raise ReportError(
                f"the report's language is {language!r}", fix=f"Languages with labels: {', '.join(labels)}"
            )
        self._labels = labels[language]
        self._formats = i18n.texts(language)

    def __call__(self, key: str, **values: object) -> str:
        """Give the text of a key; ReportError where the label is missing or wants other values."""
        try:
            return self._labels[key].format(**values)
        except (KeyError, IndexError, ValueError) as error:
            raise ReportError(f"label {key!r} is missing or its placeholders are wrong ({error})") from error

    @property
    def publisher(self) -> str:
        """Whose reports these are, or empty."""
        return self._labels.get("publisher", "")

    def date(self, text: str) -> str:
        """Give an ISO date or time as a day: 06/01/2025, 6 Jan 2025."""
        return self._formats.day(datetime.fromisoformat(text).date())

    def date_or_text(self, text: str) -> str:
        """Give an ISO date as a day; any other text (a year, a month) stays as it is."""
        try:
            return self.date(text)
        except ValueError:
            return text

    def number(self, value: float) -> str:
        """Give a number with at most six decimals: ``12.66`` is ``12,66`` in Vietnamese."""
        if isinstance(value, int) and abs(value) < _GROUPED_FROM:
            return str(value).replace("-", "\N{MINUS SIGN}")
        return self._formats.number(value)

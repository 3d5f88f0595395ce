"""Words of the site's pages that take no values; those that do are asked for where the values are."""

from __future__ import annotations

from functools import cache
from typing import Final

from dxanalysis import i18n

_KEYS: Final = (
    "site.any",
    "site.downloads",
    "site.evidence",
    "site.failures",
    "site.feed",
    "site.feed_text",
    "site.filter_place",
    "site.filter_status",
    "site.filter_topic",
    "site.filter_until",
    "site.find",
    "site.history_date",
    "site.history_status",
    "site.history_version",
    "site.history_why",
    "site.legend",
    "site.map",
    "site.map_elsewhere",
    "site.map_text",
    "site.no_match",
    "site.no_report",
    "site.place_subtitle",
    "site.results",
    "site.reset",
    "site.result_none",
    "site.result_one",
    "site.search",
    "site.search_hint",
    "site.since",
    "site.since_first",
    "site.to_results",
    "site.turn_gone",
    "site.turn_new",
    "site.turn_now",
    "site.turn_was",
    "site.values",
    "site.whats_changed",
    "site.why",
)


@cache
def words(language: str) -> dict[str, str]:
    """Give the words of a language by the last part of their keys."""
    texts = i18n.texts(language)
    return {key.removeprefix("site."): texts(key) for key in _KEYS}

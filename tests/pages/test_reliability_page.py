"""What readers are told of how often the forecasts were right: on every attainment page, and nothing where nothing was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dxanalysis.forecast.reliability import Reliability, Replayed, measured
from dxanalysis.i18n import texts
from dxanalysis.pages import Page, open_page, reliability
from dxanalysis.reports.recording.items import Figure, Heading, Item, Paragraph, Table
from forecast.replayed import FOUND, panel
from pages.conftest import LANGUAGES, REGIONS, Made
from trial import Archive


def items(archive: Archive, language: str, found: Reliability) -> list[Item]:
    page: Page = open_page("34-52", language, project=Path(archive.project.root))
    page.recorder.meta(title="-", language=language)
    reliability.show_reliability(page, found)
    return list(page.recorder.record().items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_said_stands_beside_what_came_true(archive: Archive, language: str) -> None:
    t = texts(language)
    heading, answer, alone, by_panel, table, figure = items(archive, language, FOUND)
    assert isinstance(heading, Heading)
    assert isinstance(answer, Paragraph)
    for told in (
        t.number(4000),
        t.percent(82, 0),
        t.percent(96, 0),
        t.number(0.14, 3),
        t.number(0.253, 3),
    ):
        assert told in answer.text
    assert t.listing([t("pages.panel.internet_users_pct"), t("pages.panel.basic_water_pct")]) in answer.text
    assert isinstance(alone, Paragraph)
    assert t.percent(78, 0) in alone.text
    assert isinstance(by_panel, Paragraph)
    assert isinstance(table, Table)
    assert len(table.rows) == 10
    assert table.rows[0] == (
        t("pages.aim.range", low="0", high=t.percent(10, 0)), t.percent(5, 0), t.percent(8, 0), "400",
    )  # fmt: skip
    assert isinstance(figure, Figure)
    assert figure.data is not None
    assert len(figure.data.rows) == 10
    assert "400" in figure.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_panels_that_err_in_opposite_directions_are_told_one_by_one(archive: Archive, language: str) -> None:
    """Put together they look right: 30 % came true 10 % of the time on one and 50 % on the other."""
    t = texts(language)
    low, high = panel("papi_sc63", 63, 1000), panel("fixed_broadband_per_100", 150, 1000)

    def missed(whole: Replayed, by: float) -> Replayed:
        bins = tuple(replace(one, said=50.0, met=50.0 + by) for one in whole.bins)
        return replace(whole, bins=bins)

    found = Reliability(panels=(missed(low, -20.0), missed(high, 20.4)))
    assert all(abs(one.said - one.met) < 1 for one in found.pooled().bins)
    told = items(archive, language, found)[2]
    assert isinstance(told, Paragraph)
    for one in found.panels:
        name = t(f"pages.panel.{one.name}")
        gap = t("pages.reliability.gap", name=name, points="20", n=t.number(one.questions))
        assert gap in told.text


def test_one_panel_alone_is_not_told_twice(archive: Archive) -> None:
    assert (
        sum(isinstance(item, Paragraph) for item in items(archive, "vi", Reliability(panels=(panel("papi", 63, 100),))))
        == 1
    )


def test_an_empty_bin_is_left_out(archive: Archive) -> None:
    whole = panel("papi", 63, 100)
    last = replace(whole.bins[-1], n=0)
    few = Reliability(panels=(replace(whole, bins=(*whole.bins[:-1], last)),))
    table = next(item for item in items(archive, "vi", few) if isinstance(item, Table))
    assert len(table.rows) == 9


def test_nothing_is_told_where_nothing_was_measured(archive: Archive) -> None:
    assert items(archive, "vi", Reliability()) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_every_attainment_page_tells_it(make_page: Callable[[str, str, str], Made], region: str, language: str) -> None:
    made = make_page("attainment", region, language)
    assert ("reliability" in made.tables) == bool(measured().panels)

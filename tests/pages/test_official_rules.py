"""Every official rule has its line beside the probability, in both languages, and every class its sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from dxanalysis import forecast
from dxanalysis.forecast.official import (
    AarrClass,
    AnticipatedClass,
    Assessed,
    EurostatClass,
    EurostatTrendClass,
    NotApplicableReason,
    OecdClass,
    Rule,
    SdsnClass,
    StatusClass,
    UnClass,
)
from dxanalysis.i18n import texts
from dxanalysis.pages.official import official_rule
from pages.conftest import LANGUAGES, REGIONS, Made

SPAN = {"base": 2015, "latest": 2024}


def every_class() -> list[Assessed]:
    growth = {"actual_growth": 0.0123, **SPAN}
    return [
        *(
            forecast.EurostatProgress(assessment=c, ratio=0.5, required_growth=0.0246, **growth)
            for c in get_args(EurostatClass)
        ),
        *(
            forecast.EurostatTrend(assessment=c, term=term, **growth)
            for c in get_args(EurostatTrendClass)
            for term in ("short", "long")
        ),
        *(forecast.UnProgress(assessment=c, score=0.5, expected=12.0, **growth) for c in get_args(UnClass)),
        forecast.UnProgress(assessment="met_or_on_track", score=None, expected=None, actual_growth=None, **SPAN),
        *(forecast.UnTrend(assessment=c, **growth) for c in get_args(UnClass)),
        *(forecast.CurrentStatus(assessment=c, status=3.25, expected=6.0, **SPAN) for c in get_args(StatusClass)),
        *(
            forecast.AnticipatedProgress(
                assessment=c, gap=0.42, predicted=27.34, depends_on_weights=doubt, first=2001, **SPAN
            )
            for c in get_args(AnticipatedClass)
            for doubt in (False, True)
        ),
        *(
            forecast.SdsnTrend(assessment=c, recent_change=-1.25, needed_change=2.5, recent_from=2020, **SPAN)
            for c in get_args(SdsnClass)
        ),
        *(
            forecast.AarrProgress(assessment=c, rate=0.0123, required_rate=0.0378, n_points=5, **SPAN)
            for c in get_args(AarrClass)
        ),
        *(
            forecast.OecdDistance(assessment=c, distance=1.87, deviation=2.1, n_peers=33, latest=2024)
            for c in get_args(OecdClass)
        ),
    ]


def said(language: str, result: Assessed | forecast.NotApplicable) -> tuple[Rule, str]:
    t = texts(language)
    return official_rule(
        t, result, value=lambda number: t.percent(number, 1), change=lambda number: t.number(number, 2, sign=True)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_of_every_rule_is_said_in_its_own_words(language: str) -> None:
    results = every_class()
    lines = [said(language, result) for result in results]
    assert [rule for rule, _ in lines] == [result.to_facts()["rule"] for result in results]
    assert {rule for rule, _ in lines} == set(get_args(Rule))
    assert len(set(lines)) == len(lines)
    assert all("2024" in line for _, line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said(language: str) -> None:
    lines = {said(language, forecast.NotApplicable(rule="oecd", reason=r))[1] for r in get_args(NotApplicableReason)}
    assert len(lines) == len(get_args(NotApplicableReason))


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("vi", "Vàng · Cần tăng tốc: dự kiến 27,3\u00a0% tại thời hạn, còn thiếu 42\u00a0% chặng đường"),
        ("en", "Yellow · Accelerate progress: 27.3% predicted at the deadline, 42% of the way"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language: str, line: str) -> None:
    (result,) = (one for one in every_class() if isinstance(one, forecast.AnticipatedProgress)
                 and one.assessment == "accelerate" and not one.depends_on_weights)  # fmt: skip
    assert said(language, result)[1].startswith(line)


@pytest.mark.parametrize(
    ("gap", "vi", "en"),
    [
        (0.0, "đi hết chặng đường từ năm gốc", "the whole way from the base year made"),
        (0.0042, "còn thiếu 0,42\u00a0% chặng đường từ năm gốc", "0.42% of the way from the base year missing"),
        (0.0449, "còn thiếu 4\u00a0% chặng đường từ năm gốc", "4% of the way from the base year missing"),
    ],
)
def test_nothing_missing_is_not_told_as_a_percentage(gap: float, vi: str, en: str) -> None:
    result = forecast.AnticipatedProgress(
        assessment="maintain", gap=gap, predicted=31.2, depends_on_weights=False, first=2021, **SPAN
    )
    for language, way in (("vi", vi), ("en", en)):
        line = said(language, result)[1]
        assert f", {way} (" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_stands_beside_the_probability(language: str, make_page: Callable[[str, str, str], Made]) -> None:
    t = texts(language)
    labels = {t(f"pages.outlook.{rule}") for rule in get_args(Rule)}
    assert len(labels) == len(get_args(Rule))
    shown = [
        table
        for region in REGIONS
        for name, table in make_page("attainment", region, language).tables.items()
        if name.startswith("chance_")
    ]
    assert shown
    for table in shown:
        assert labels <= {row[0] for row in table.rows}

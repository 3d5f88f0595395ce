"""The page of a backtest: the verdict in words, the tables, the pictures, and what it says of a panel that is too small."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from dxanalysis.forecast.backtest.panel_of_years import TooSmall
from dxanalysis.forecast.backtest.replay import Backtest, backtest, replay
from dxanalysis.i18n import texts
from dxanalysis.pages import backtest as page
from dxanalysis.pages import open_page
from dxanalysis.project import Project
from dxanalysis.reports.recording.items import Figure, Headline, Note, Paragraph, Table, Value
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.recording.recorder import Recorder
from forecast.replays import Answers, diffusion, random_walk
from pages.conftest import Made

LANGUAGES = ("vi", "en")


@cache
def replayed(kind: str) -> Backtest:
    if kind == "none":
        return backtest(random_walk(), first=2007, engine=Answers(lambda *_: 50.0, spread=40), compare=())
    panel = diffusion()
    above = panel.assign(value=panel["value"].where(panel["value"] < 95, 101.0))
    known = panel.set_index(["region", "year"])["value"].to_dict()
    engine = Answers(lambda region, year: known.get((region, year), 50.0), leave_out=("r05", "r07"))
    return backtest(above, first=2007, engine=engine, compare=("naive", "traffic-light"))


def shown(found: Backtest | TooSmall, language: str) -> Record:
    recorder = Recorder()
    recorder.meta(title="-", language=language)
    page.show(recorder, texts(language), found)
    return recorder.record()


def of(record: Record, kind: type) -> dict[str, object]:
    return {item.name: item for item in record.items if isinstance(item, kind)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_is_the_first_answer(language: str) -> None:
    for kind, tone in (("skill", "good"), ("none", "warn")):
        found = replayed(kind)
        assert found.verdict == ("skill" if kind == "skill" else "no skill")
        headline = of(shown(found, language), Headline)["verdict"]
        assert isinstance(headline, Headline)
        assert headline.tone == tone
        t = texts(language)
        for name in ("brier", "brier_base_rate", "brier_drift"):
            assert t.number(float(found.summary()[name]), 3) in headline.text  # type: ignore[arg-type]
        assert t.number(len(found.questions)) in headline.text
    assert "**Chưa thấy mô hình dự báo tốt hơn" in of(shown(replayed("none"), "vi"), Headline)["verdict"].text  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_and_pictures_hold_the_results(language: str) -> None:
    found, t = replayed("skill"), texts(language)
    record = shown(found, language)
    tables, figures, values = of(record, Table), of(record, Figure), of(record, Value)
    scores = tables["scores"]
    assert isinstance(scores, Table)
    assert len(scores.rows) == len(found.scores)
    assert scores.rows[0][1] == t.number(found.scores.loc[0, "brier"], 3)
    assert scores.rows[1][-2] == scores.rows[2][-1] == "–"  # no one is held against itself
    held = tables["coverage"]
    assert isinstance(held, Table)
    assert held.rows[1][1] == t.percent(
        found.coverage.query("method == 'model' and level == 80 and horizon == 1")["held"].item(), 1
    )
    drawn = figures["reliability"]
    assert isinstance(drawn, Figure)
    counts = found.reliability[found.reliability["method"] == "model"]["n"]
    assert all(t.number(int(n)) in drawn.alt for n in counts)
    pit = figures["pit"]
    assert isinstance(pit, Figure)
    assert pit.data is not None
    assert sum(row[-1] for row in pit.data.rows) == found.pit["n"].sum()  # type: ignore[misc]
    assert isinstance(values["brier"], Value)
    assert values["brier"].value == pytest.approx(found.scores.loc[0, "brier"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_left_out_and_cut_is_told(language: str) -> None:
    found, t = replayed("skill"), texts(language)
    notes = [item.text for item in shown(found, language).items if isinstance(item, Note)]
    assert found.unanswered
    assert found.beyond_bounds
    assert t("pages.backtest.unanswered", n=t.number(found.unanswered)) in notes
    assert t("pages.backtest.cut", n=t.number(found.beyond_bounds)) in notes
    assert len([item for item in shown(replayed("none"), language).items if isinstance(item, Note)]) == 1


@pytest.mark.parametrize(
    ("rows", "first", "reason", "said"),
    [
        (lambda p: p[p["region"] < "r10"], 2007, "regions", "Có 10 địa phương dùng được, với ít nhất 6 năm liền có số liệu; cần 20."),
        (lambda p: p, 2018, "origins", "Số liệu mới nhất là của năm 2018."),
        (lambda p: p[p["year"] <= 2002], 2001, "decided", "cần 31 để biết tỷ lệ nền."),
    ],
)  # fmt: skip
def test_a_panel_that_is_too_small_is_an_answer(rows: Callable, first: int, reason: str, said: str) -> None:  # type: ignore[type-arg]
    found = replay(rows(diffusion()), first=first, horizons=(1,))
    assert isinstance(found, TooSmall)
    assert found.reason == reason
    headline = of(shown(found, "vi"), Headline)["verdict"]
    assert isinstance(headline, Headline)
    assert said in headline.text
    assert headline.tone == "warn"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rows", "first"),
    [(lambda p: p[p["region"] < "r10"], 2007), (lambda p: p, 2018), (lambda p: p[p["year"] <= 2002], 2001)],
)
def test_what_is_missing_is_told_once(rows: Callable, first: int, language: str) -> None:  # type: ignore[type-arg]
    found = replay(rows(diffusion()), first=first, horizons=(1,))
    assert isinstance(found, TooSmall)
    record = shown(found, language)
    (headline,) = record.headlines
    (paragraph,) = (item.text for item in record.items if isinstance(item, Paragraph))
    assert paragraph not in headline.text
    assert not set(re.split(r"(?<=[.;])\s", headline.text)) & set(re.split(r"(?<=[.;])\s", paragraph))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", ["1990-01-01", "2013-12-31", "2019-12-31"])
def test_before_any_figure_the_page_says_what_is_missing(real_project: Project, day: str, language: str) -> None:
    report = open_page("VN", language, as_of=day, project=real_project.root)
    report.start("backtest")
    found = page.replay_provinces(report, "grdp_growth", first=2021, seed=1)
    assert isinstance(found, TooSmall)
    assert (found.reason, found.regions, found.n_values, found.least) == ("regions", 0, 0, page.LEAST)
    page.show(report.recorder, report.t, found)
    report.finish()
    (headline,) = report.recorder.record().headlines
    assert headline.tone == "warn"
    assert found.needed == 20
    assert report.t("pages.backtest.short_regions", found="0", needed="20", least="6") in headline.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_says_what_the_archive_lacks(make_page: Callable[[str, str, str], Made], language: str) -> None:
    made = make_page("backtest", "VN", language)
    assert isinstance(made.names["found"], TooSmall)
    words = {"vi": "Chưa đủ số liệu để kiểm tra dự báo.", "en": "Not enough data to test the forecasts."}
    assert words[language] in made.headlines["verdict"]
    assert made.record.sources
    assert any(key.startswith("observations:grdp_growth:") for key in made.record.data_used)

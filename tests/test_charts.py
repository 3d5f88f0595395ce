"""Every kind of picture: valid, the same each time, in Vietnamese, and with the numbers it shows."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dxanalysis import charts
from dxanalysis.charts import Chart, canvas
from dxanalysis.errors import ParameterError
from dxanalysis.forecast import Evidence, Predictive
from dxanalysis.i18n import texts

T = texts("vi")
# Every Vietnamese letter with every tone, and the signs that texts use: a glyph that the font lacks is a warning, so an error.
ALPHABET = "aàáảãạ ăằắẳẵặ âầấẩẫậ eèéẻẽẹ êềếểễệ iìíỉĩị oòóỏõọ ôồốổỗộ ơờớởỡợ uùúủũụ ưừứửữự yỳýỷỹỵ đ – − → · % “ ”"

FAN_WORDS = {
    "history": "Đã công bố", "median": "Giữa khoảng dự báo", "range80": "Khoảng 80 %", "range95": "Khoảng 95 %",
    "year": "Năm", "value": "Giá trị", "kind": "Loại", "p2.5": "Phân vị 2,5 %", "p10": "Phân vị 10 %",
    "p90": "Phân vị 90 %", "p97.5": "Phân vị 97,5 %",
}  # fmt: skip


def percent(value: float) -> str:
    return T.percent(value, 1)


def ladder(shift: float = 0.0, label: str = "Gia Lai (sau sáp nhập), 2025") -> Chart:
    rows = pd.DataFrame(
        {
            "label": [ALPHABET, label, "Hà Nội"],
            "value": [21.5, 6.9 + shift, 9.0],
            "low": [21.5, 4.9, 9.0],
            "high": [21.5, 9.0, 9.0],
            "kind": ["Số công bố", "Ước tính (khoảng 95 %)", "Số công bố"],
            "strong": [False, True, False],
        }
    )
    words = {"label": "Địa phương", "kind": "Loại số liệu", "value": "Tỷ trọng", "low": "Cận dưới", "high": "Cận trên"}
    lines = [(30.0, "mục tiêu 30 % vào 2030")]
    return charts.ladder(rows, lines=lines, number=percent, ticks=T.percent_tick, axis=ALPHABET, headings=words)


def bars(shift: float = 0.0, label: str = "Mức số hóa") -> Chart:
    rows = pd.DataFrame({"label": [label, ALPHABET], "value": [72.4 + shift, 12.0]})
    return charts.bars(rows, number=percent, axis=ALPHABET, headings={"label": "Giả định", "value": "Phần"})


def stacked(shift: float = 0.0, label: str = "bình quân 2020–2024") -> Chart:
    rows = pd.DataFrame(
        {
            "label": [label, ALPHABET],
            "Nông nghiệp": [0.05, 0.13],
            "Dịch vụ": [8.1 + shift, 8.3],
            "Công nghiệp": [4.2, 5.1],
        }
    )
    return charts.stacked(
        rows, parts=["Nông nghiệp", "Dịch vụ", "Công nghiệp"], number=percent, ticks=T.percent_tick, axis=ALPHABET,
        headings={"label": "Kỳ số liệu"},
    )  # fmt: skip


def vintages(shift: float = 0.0, label: str = "06/01/2025") -> Chart:
    rows = pd.DataFrame(
        {
            "year": [2021, 2022, 2021, 2022, 2023],
            "value": [11.91, 12.67, 11.9, 12.83 + shift, 12.87],
            "release": ["04/12/2023"] * 2 + [label] * 3,
        }
    )
    words = {"year": "Năm", "value": "Tỷ trọng", "release": "Ngày công bố"}
    return charts.vintages(rows, number=percent, axis=ALPHABET, headings=words)


def fan(shift: float = 0.0, label: str = "Mục tiêu: từ 30 % trở lên") -> Chart:
    history = pd.DataFrame({"period": [2021, 2022, 2023], "value": [11.9, 12.8, 12.9 + shift]})
    ahead = pd.DataFrame(
        {"period": [2024, 2025], "p2.5": [12.0, 11.5], "p10": [12.5, 12.3], "p50": [13.1, 13.4], "p90": [13.8, 14.6],
         "p97.5": [14.2, 15.9]}
    )  # fmt: skip
    return charts.fan(history, ahead, target=("2025", 20.0, label), number=percent, axis=ALPHABET, words=FAN_WORDS)


def forecast_of(periods: tuple[str, ...], observed: tuple[tuple[str, float], ...], shift: float = 0.0) -> Predictive:
    """Paths that fan out evenly from 13, up to 2 and 4 away from it."""
    draws = 13 + shift + np.linspace(-2, 2, 101)[:, None, None] * np.arange(1, 1 + len(periods))
    evidence = [Evidence(region="VN", observed=observed)]
    return Predictive.of_draws(draws, regions=["VN"], periods=periods, evidence=evidence, unit="percent", seed=3)


def fan_of(shift: float = 0.0, label: str = "Mục tiêu") -> Chart:
    made = forecast_of(("2024", "2025"), (("2022", 12.8), ("2023", 12.9)), shift)
    words = {**FAN_WORDS, "target": label}
    return charts.fan_of(made, target=20.0, at=2025, number=percent, axis=ALPHABET, words=words)


def coverage(shift: float = 0.0, label: str = "Kinh tế số") -> Chart:
    years = range(2015, 2026)
    counts = pd.DataFrame(
        {year: [year - 2015 + int(shift), 0] for year in years}, index=pd.Index([label, ALPHABET], name="topic")
    )
    return charts.coverage(counts, words={"year": "Năm", "topic": "Lĩnh vực"})


def reliability(shift: float = 0.0, label: str = "Mô hình") -> Chart:
    rows = pd.DataFrame(
        {
            "kind": [label, label, ALPHABET, ALPHABET],
            "forecast": [12.5, 87.0, 20.0, 60.0],
            "met": [10.5, 91.0 - shift, 40.0, 45.0],
            "n": [310, 42, 200, 152],
        }
    )
    words = {
        "kind": "Cách dự báo", "forecast": "Xác suất đã nêu", "met": "Tỷ lệ xảy ra", "n": "Số câu hỏi", "honest": ALPHABET,
    }  # fmt: skip
    return charts.reliability(rows, count=T.number, ticks=T.percent_tick, words=words)


def pit(shift: float = 0.0, label: str = "Tỷ lệ dự báo") -> Chart:
    rows = pd.DataFrame(
        {"low": [0.0, 50.0], "high": [50.0, 100.0], "share": [40.0 + shift, 60.0 - shift], "n": [8, 12]}
    )
    words = {"low": "Từ", "high": "Đến", "share": label, "n": "Số dự báo", "level": ALPHABET, "even": "Khoảng đúng"}
    return charts.pit(rows, number=percent, ticks=T.percent_tick, words=words)


def methods(shift: float = 0.0, label: str = "ADB 2021") -> Chart:
    rows = pd.DataFrame(
        {
            "definition": [label, label, ALPHABET],
            "method": ["Trực tiếp", "ADB", "Trực tiếp"],
            "share": [5.5, 7.1 + shift, 17.5],
            "low": [5.5, 6.2, 17.5],
            "high": [5.5, 8.4 + shift, 17.5],
            "bound": ["", "", "upper"],
        }
    )
    words = {
        "definition": "Định nghĩa",
        "method": "Phương pháp",
        "share": "Tỷ trọng",
        "low": "Từ",
        "high": "Đến",
        "bound": "Chặn",
    }
    return charts.methods(rows, number=percent, ticks=T.percent_tick, axis=ALPHABET, headings=words)


def waterfall(shift: float = 0.0, label: str = "Năm 2022") -> Chart:
    rows = pd.DataFrame(
        {
            "label": [label, ALPHABET, "Cơ cấu", "Năm 2023"],
            "value": [12.6, 0.9 + shift, -0.3, 13.2 + shift],
            "kind": ["level", "change", "change", "level"],
        }
    )
    return charts.waterfall(
        rows, number=percent, change=percent, axis=ALPHABET, headings={"label": "Phần", "value": "Điểm"}
    )


def heat(shift: float = 0.0, label: str = "Viễn thông") -> Chart:
    values = pd.DataFrame({"Liên kết ngược": [1.2, 0.7], "Liên kết xuôi": [0.9 + shift, 1.4]}, index=[label, ALPHABET])
    return charts.heat(values, number=percent, axis=ALPHABET, words={"row": "Ngành"}, middle=1.0)


def path(shift: float = 0.0, label: str = "Ước tính") -> Chart:
    rows = pd.DataFrame(
        {
            "period": ["2023-Q4", "2024-Q1", "2024-Q2"],
            "value": [3.1, 3.3 + shift, 3.5],
            "low": [3.0, 3.2, 3.2],
            "high": [3.2, 3.4 + shift, 3.8],
            "known": [True, True, False],
        }
    )
    words = {
        "period": "Quý", "value": "Giá trị", "low": "Từ", "high": "Đến", "range": "Khoảng 95 %", "estimate": label,
        "ahead": "Ngoài năm cuối",
    }  # fmt: skip
    return charts.path(rows, number=percent, axis=ALPHABET, words=words)


KINDS: dict[str, Callable[..., Chart]] = {
    "ladder": ladder, "bars": bars, "stacked": stacked, "vintages": vintages, "fan": fan, "coverage": coverage,
    "reliability": reliability, "pit": pit, "methods": methods, "waterfall": waterfall, "heat": heat, "path": path,
    "fan_of": fan_of,
}  # fmt: skip
every_kind = pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)


@cache
def drawn(draw: Callable[..., Chart]) -> Chart:
    """The picture of a kind, drawn once for the tests that only look at it."""
    return draw()


def svgs(chart: Chart) -> tuple[str, str]:
    return chart.wide_svg, chart.narrow_svg


def width(svg: str) -> float:
    return float(ET.fromstring(svg).attrib["viewBox"].split()[2])


def test_every_public_picture_is_tested() -> None:
    made = {
        name for name, item in vars(charts).items() if getattr(item, "__annotations__", {}).get("return") == "Chart"
    }
    assert {name for name in made if not name.startswith("_")} == set(KINDS)


@every_kind
def test_pictures_are_valid_svg_for_both_screens(draw: Callable[..., Chart]) -> None:
    chart = drawn(draw)
    for svg in svgs(chart):
        root = ET.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        paths = root.findall(".//{http://www.w3.org/2000/svg}path")
        assert len(paths) > 20
        assert "nan" not in svg.lower()
    assert width(chart.narrow_svg) < 0.6 * width(chart.wide_svg)


@every_kind
def test_a_picture_asks_for_nothing_from_elsewhere(draw: Callable[..., Chart]) -> None:
    for svg in svgs(drawn(draw)):
        root = ET.fromstring(svg)
        for element in root.iter():
            for name, value in element.attrib.items():
                if name.endswith("href"):
                    assert value.startswith("#")
                assert "url(http" not in value
        assert not re.search(r"<(?:\w+:)?(?:image|script|foreignObject|date)\b", svg)


@every_kind
def test_the_same_numbers_give_the_same_bytes(draw: Callable[..., Chart]) -> None:
    assert svgs(draw()) == svgs(drawn(draw))


@every_kind
def test_other_numbers_give_another_picture(draw: Callable[..., Chart]) -> None:
    for one, other in zip(svgs(drawn(draw)), svgs(draw(shift=3.0)), strict=True):
        assert one != other


@every_kind
def test_no_figure_stays_open(draw: Callable[..., Chart]) -> None:
    drawn(draw)
    assert plt.get_fignums() == []


@every_kind
def test_a_letter_that_the_font_lacks_would_be_an_error(draw: Callable[..., Chart]) -> None:
    """That Vietnamese passes without a warning says something only because this does not."""
    with pytest.raises(UserWarning, match="Glyph"):
        draw(label="数字")


@every_kind
def test_headings_of_the_data_are_the_reader_s_words(draw: Callable[..., Chart]) -> None:
    columns = [str(column) for column in drawn(draw).data.columns]
    assert columns
    assert not {
        "label",
        "value",
        "low",
        "high",
        "kind",
        "year",
        "release",
        "topic",
        "p10",
        "share",
        "row",
        "period",
    } & set(columns)


@pytest.mark.parametrize(
    ("draw", "shown"),
    [
        (ladder, {21.5, 6.9, 4.9, 9.0}),
        (bars, {72.4, 12.0}),
        (stacked, {0.05, 0.13, 8.1, 8.3, 4.2, 5.1}),
        (vintages, {11.91, 12.67, 11.9, 12.83, 12.87, 2021, 2022, 2023}),
        (
            fan,
            {
                11.9,
                12.8,
                12.9,
                13.1,
                13.4,
                12.0,
                11.5,
                12.5,
                12.3,
                13.8,
                14.6,
                14.2,
                15.9,
                2021,
                2022,
                2023,
                2024,
                2025,
            },
        ),
        (fan_of, {2022, 2023, 2024, 2025, 12.8, 12.9, 13.0, 11.1, 11.4, 14.6, 14.9, 9.2, 9.8, 16.2, 16.8}),
        (coverage, set(range(11))),
        (reliability, {12.5, 87.0, 20.0, 60.0, 10.5, 91.0, 40.0, 45.0, 310, 42, 200, 152}),
        (pit, {0.0, 50.0, 100.0, 40.0, 60.0, 8, 12}),
        (methods, {5.5, 7.1, 17.5, 6.2, 8.4}),
        (waterfall, {12.6, 0.9, -0.3, 13.2}),
        (heat, {1.2, 0.7, 0.9, 1.4}),
        (path, {3.1, 3.3, 3.5, 3.0, 3.2, 3.4, 3.8}),
    ],
)
def test_the_data_behind_a_picture_are_its_numbers(draw: Callable[..., Chart], shown: set[float]) -> None:
    data = drawn(draw).data
    numbers = {
        round(float(cell), 9) for cell in data.to_numpy().ravel() if isinstance(cell, int | float) and cell == cell
    }
    assert numbers == shown


@pytest.mark.parametrize("draw", [ladder, bars, stacked, coverage, reliability, methods, waterfall, heat])
def test_the_data_name_what_the_picture_shows(draw: Callable[..., Chart]) -> None:
    chart = draw(label="Một tên riêng")
    assert "Một tên riêng" in chart.data.iloc[:, 0].tolist()
    assert ALPHABET in chart.data.iloc[:, 0].tolist()


def test_the_fan_has_no_invented_range_in_the_past() -> None:
    data = drawn(fan).data
    past = data[data["Loại"] == "Đã công bố"]
    assert len(past) == 3
    assert past["Phân vị 10 %"].isna().all()
    assert data[data["Loại"] == "Giữa khoảng dự báo"]["Phân vị 10 %"].notna().all()


def test_a_picture_of_one_row_and_no_target_is_drawn() -> None:
    rows = pd.DataFrame(
        {"label": ["Cả nước"], "value": [12.66], "low": [12.66], "high": [12.66], "kind": ["a"], "strong": [True]}
    )
    chart = charts.ladder(rows, lines=[], number=percent, ticks=T.percent_tick, axis="%", headings={})
    assert [ET.fromstring(svg).tag for svg in svgs(chart)] == ["{http://www.w3.org/2000/svg}svg"] * 2


def test_an_axis_is_not_written_as_the_values_are() -> None:
    """Values under 1 % read "< 1 %"; the zero of the axis is 0 %."""
    written: list[float] = []

    def ticks(value: float) -> str:
        written.append(value)
        return T.percent_tick(value)

    rows = pd.DataFrame({"label": ["a", "b"], "value": [60.0, 0.7]})
    charts.bars(
        rows, number=lambda value: percent(value) if value >= 1 else "< 1 %", ticks=ticks, axis="%", headings={}
    )
    assert 0.0 in written
    assert 0.7 not in written


@pytest.mark.parametrize(
    ("names", "lines"), [(["Hà Nội"] * 6, 1), (["Thành phố Hồ Chí Minh (trước sáp nhập), 2022"] * 6, 3)]
)
def test_names_of_several_lines_have_room_on_a_telephone(names: list[str], lines: int) -> None:
    rows = pd.DataFrame({"label": names, "value": 9.0, "low": 9.0, "high": 9.0, "kind": "a", "strong": False})
    chart = charts.ladder(rows, lines=[], number=percent, ticks=T.percent_tick, axis="%", headings={})
    height = float(ET.fromstring(chart.narrow_svg).attrib["viewBox"].split()[3])
    around, of_a_line = 1.7 * 72, 8.5 * 1.2  # in points: what is not the ladder, and letters of 8.5 with their leading
    assert height - around >= len(names) * lines * of_a_line


def test_a_series_that_does_not_change_is_drawn() -> None:
    rows = pd.DataFrame({"year": [2021, 2022], "value": [5.0, 5.0], "release": ["a", "a"]})
    chart = charts.vintages(rows, number=percent, axis="%", headings={})
    assert chart.data["value"].tolist() == [5.0, 5.0]


def test_a_picture_is_what_matplotlib_would_save() -> None:
    """It is drawn once less; not a byte may differ."""

    def draw(ax: Axes, narrow: bool) -> None:
        for number in range(3):
            ax.plot([2020, 2022, 2025], [number, 2 * number, 1.5], label=f"Chuỗi {number}")
        ax.set_ylabel("Phần trăm")
        canvas.number_axis(ax.xaxis, lambda year: f"{year:.0f}")
        canvas.legend(ax, narrow, 3)

    drawn = canvas.draw_twice(draw, 3.0, 4.0, pd.DataFrame())
    for svg, size, narrow in ((drawn.wide_svg, (7.6, 3.0), False), (drawn.narrow_svg, (4.0, 4.0), True)):
        with mpl.rc_context(sns.axes_style("whitegrid") | dict(canvas._STYLE)):
            figure = Figure(figsize=size, layout="constrained")
            ax = figure.subplots()
            draw(ax, narrow)
            sns.despine(ax=ax, left=True)
            stream = io.StringIO()
            figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
        saved = stream.getvalue()
        assert svg == saved[saved.index("<svg") :]


def test_a_chart_shows_itself_and_says_in_a_line_what_it_holds() -> None:
    chart = drawn(bars)
    assert repr(chart) == "Chart(2 rows: Giả định, Phần)"
    assert chart._repr_svg_() == chart.wide_svg


def test_a_forecast_is_drawn_as_it_is_in_english_with_and_without_a_target() -> None:
    made = forecast_of(("2024-Q4", "2025-Q1"), (("2024-Q2", 12.8), ("2024-Q3", 12.9)))
    plain = charts.fan_of(made)
    assert list(plain.data.columns) == ["year", "kind", "value", "2.5 %", "10 %", "90 %", "97.5 %"]
    assert plain.data["year"].tolist() == ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
    aimed = charts.fan_of(made, target=15, at="2025-Q1")
    assert plain.wide_svg != aimed.wide_svg
    assert charts.fan_of(made, target=15, at="2025Q1").wide_svg == aimed.wide_svg  # as attainment reads it


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"region": "SE"}, r"region 'SE' was not forecast\. Name one of: VN"),
        ({"target": 15}, r"a target needs a value and a deadline\. Give both target= and at=, or neither"),
        ({"at": 2025}, "a target needs a value and a deadline"),
    ],
)
def test_a_forecast_that_cannot_be_drawn_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        charts.fan_of(forecast_of(("2024", "2025"), (("2023", 12.9),)), **options)


def test_of_several_regions_one_is_named() -> None:
    draws, known = np.ones((3, 2, 1)), [Evidence(region=name, observed=(("2023", 1.0),)) for name in "AB"]
    made = Predictive.of_draws(draws, regions=["A", "B"], periods=["2024"], evidence=known)
    with pytest.raises(ParameterError, match=r"the forecast is of 2 regions\. Name one of: A, B"):
        charts.fan_of(made)


def test_pictures_are_drawn_without_loading_the_forecasts() -> None:
    code = "import sys, dxanalysis.charts\nassert 'dxanalysis.forecast' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

"""Records made by hypothesis, and records and comparisons made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from dxanalysis import i18n
from dxanalysis.data.changes import DataChange
from dxanalysis.reports.compare.causes import Cause, Fact
from dxanalysis.reports.compare.comparison import Comparison, Side
from dxanalysis.reports.compare.differences import differences
from dxanalysis.reports.compare.shares import Attribution, Part
from dxanalysis.reports.recording.items import (
    Column,
    Figure,
    FigureData,
    Heading,
    Headline,
    Item,
    Note,
    Paragraph,
    Table,
    Value,
)
from dxanalysis.reports.recording.record import Meta, Record, SourceRow

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><text>{}</text></svg>"
WORDS = st.lists(st.sampled_from(["mot", "hai", "ba", "bon", "nam"]), min_size=1, max_size=4).map(" ".join)
NUMBERS = st.one_of(st.integers(-50, 50).map(float), st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False))
TONES = st.sampled_from(["neutral", "good", "warn", "bad"])


def value(name: str, number: float | str | None, unit: str = "percent", *, text: str = "", title: str = "") -> Value:
    shown = text or (i18n.texts("vi").quantity(number, unit) if isinstance(number, int | float) else str(number))
    return Value(name=name, value=number, unit=unit, text=shown, title=title)


def table(name: str, rows: Sequence[Sequence[str]], *, keys: Sequence[str] = (), caption: str = "Bảng") -> Table:
    names = list(keys) or [f"c{n}" for n in range(len(rows[0]))]
    return Table(
        name=name,
        caption=caption,
        columns=tuple(Column(key=key, label=key.upper()) for key in names),
        rows=tuple(tuple(row) for row in rows),
    )


def figure(name: str, rows: Sequence[Sequence[object]], *, drawing: str = "a", columns: Sequence[str] = ()) -> Figure:
    names = tuple(columns) or tuple(f"c{n}" for n in range(len(rows[0])))
    data = FigureData(columns=names, rows=tuple(tuple(row) for row in rows))  # type: ignore[arg-type]  # plain cells
    return Figure(name=name, wide_svg=SVG.format(drawing), narrow_svg="", alt="Hình", caption="Hình", data=data)


def record(*items: Item, language: str = "vi", title: str = "Báo cáo", sources: Sequence[str] = ()) -> Record:
    return Record(
        meta=Meta(title=title, language=language, group="Gia Lai", data_until="2025-01-06"),
        items=items,
        sources=tuple(SourceRow(title=one) for one in sources),
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any small record in Vietnamese."""
    names = st.sampled_from("abcd")
    items: list[Item] = [
        value(name, draw(st.one_of(NUMBERS, WORDS, st.none())), draw(st.sampled_from(["percent", "count"])))
        for name in draw(st.lists(names, unique=True))
    ]
    answers = draw(st.lists(st.sampled_from("hij"), unique=True))
    items += [Headline(name=name, text=draw(WORDS), tone=draw(TONES)) for name in answers]
    for name in draw(st.lists(st.sampled_from("tu"), unique=True)):
        width = draw(st.integers(1, 3))
        rows = draw(st.lists(st.tuples(*[st.text("xy1 ", max_size=3)] * width), min_size=1, max_size=5))
        items.append(table(name, rows, keys=draw(st.permutations(["p", "q", "r"]))[:width]))
    for name in draw(st.lists(st.sampled_from("fg"), unique=True)):
        cells = st.one_of(st.integers(2020, 2023), st.none(), st.text("xy", max_size=1), NUMBERS)
        rows = draw(st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
        items.append(figure(name, rows, drawing=draw(st.sampled_from("ab"))))
    kinds = draw(st.lists(st.sampled_from([Heading, Paragraph, Note]), max_size=5))
    items += [kind(text=draw(WORDS)) for kind in kinds]
    return record(*items, title=draw(WORDS), sources=draw(st.lists(WORDS, max_size=3)))


def change(**fields: object) -> DataChange:
    known = {
        "kind": "revised",
        "key": "observations:share:VN",
        "indicator": "share",
        "region_id": "VN",
        "period": "2024",
        "old": 12.66,
        "new": 13.1,
        "unit": "percent",
        "source": "office",
        "released": "2026-01-05",
    }
    return DataChange(**{**known, **fields})  # type: ignore[arg-type]  # the fields of the class


def compared(old: Record, new: Record, *causes: Cause, attributions: Sequence[Attribution] = ()) -> Comparison:
    """Two records beside each other as versions 1 and 2."""
    return Comparison(
        old=Side(number=1, id="0001-aaaaaaaa", finished="2026-01-03T01:00:00+00:00", notebook="n"),
        new=Side(number=2, id="0002-bbbbbbbb", finished="2026-02-03T01:00:00+00:00", notebook="n"),
        title=new.meta.title,
        subtitle=new.meta.subtitle,
        group=new.meta.group,
        publisher=new.meta.publisher,
        language=new.meta.language,
        differences=differences(old, new),
        causes=causes,
        attributions=tuple(attributions),
        names={"share": "Tỷ trọng kinh tế số", "VN": "Việt Nam", "office": "Niên giám 2025"},
    )


REVISED = Cause(
    kind="revised",
    facts=(
        Fact(
            what="observations:share:VN", indicator="share", region_id="VN", period="2024",
            old=12.66, new=13.1, unit="percent", source="office", released="2026-01-05",
        ),
    ),
)  # fmt: skip
CODE = Cause(kind="code", facts=(Fact(what="packages/a/model.py"),))
BOTH = (
    record(value("chance.T1", 0.04, "probability", text="khoảng 4 %", title="Xác suất đạt “30 %, năm 2030”")),
    record(value("chance.T1", 0.02, "probability", text="khoảng 2 %", title="Xác suất đạt “30 %, năm 2030”")),
)


def split_in_two(language: str = "vi") -> Comparison:
    """A probability that fell by two points, three down for a revision and one up for the model."""
    old, new = (replace(one, meta=replace(one.meta, language=language)) for one in BOTH)
    parts = (Part(cause="revised", label="Số 2024", amount=-0.03), Part(cause="code", label="Mô hình", amount=0.01))
    split = Attribution(name="chance.T1", unit="probability", old=0.04, new=0.02, parts=parts, runs=4, exact=True)
    return compared(old, new, REVISED, CODE, attributions=[split])

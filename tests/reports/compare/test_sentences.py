"""The comparison in plain words, in both languages: what moved most and why, figures before and after, the split of a change."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from dxanalysis import i18n
from dxanalysis.errors import ReportError
from dxanalysis.reports.compare import amounts, reasons, sentences
from dxanalysis.reports.compare.causes import Cause, CauseKind, Fact
from dxanalysis.reports.compare.shares import Attribution, Part, attribution_from_plain
from dxanalysis.reports.recording.items import Headline, Paragraph
from reports.compare.records_made import CODE, REVISED, compared, record, split_in_two, table, value

NB = "\u00a0"
CALENDAR = Cause(kind="calendar", facts=(Fact(what="2025-12-31", old="ahead", new="passed"),))


def test_the_first_sentence_says_what_moved_most_and_the_last_why() -> None:
    vi = sentences.opening(split_in_two("vi"))
    assert vi[0] == "**Xác suất đạt “30 %, năm 2030”: khoảng 4 % → khoảng 2 %** (−2 điểm phần trăm)."
    assert vi[1] == "Nguyên nhân lớn nhất: Số 2024 (−3 điểm phần trăm)."
    assert vi[-1] == "Nguyên nhân: số liệu đã công bố được điều chỉnh; cách tính hoặc cách trình bày được sửa."
    en = sentences.opening(split_in_two("en"))
    assert en[0].endswith("khoảng 4 % → khoảng 2 %** (−2 percentage points).")
    assert en[-1] == "Why: published figures were revised; the method or the presentation was changed."


def test_the_split_is_told_in_one_line_whose_parts_add_up() -> None:
    (split,) = sentences.splits(split_in_two("en"))
    assert split.line.endswith("of the change of −2 percentage points: Số 2024 −3; Mô hình +1.")
    assert split.parts == (("Số 2024", "−3 percentage points"), ("Mô hình", "+1 percentage points"))
    (vi,) = sentences.splits(split_in_two("vi"))
    assert vi.line.endswith("trong mức thay đổi −2 điểm phần trăm: Số 2024 −3; Mô hình +1.")


def test_a_change_that_could_not_be_split_says_why() -> None:
    one = split_in_two("en")
    bare = replace(one, attributions=(replace(one.attributions[0], parts=(), note="The old code was not kept."),))
    assert sentences.splits(bare) == ()
    (line,) = sentences.unsplit(bare)
    assert line == "Not split over the causes: Xác suất đạt “30 %, năm 2030”. The old code was not kept."


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_changed_says_so_and_for_what_it_was_made_again(language: str) -> None:
    same = record(value("x", 1.0), language=language)
    t = i18n.texts(language)
    assert sentences.opening(compared(same, same)) == (t("changes.opening.nothing"),)
    told = sentences.opening(compared(same, same, CODE))
    assert told[0] == t("changes.opening.same")
    assert t("changes.why.code") in told[1]
    (_, calendar) = sentences.opening(compared(same, same, CALENDAR))
    assert calendar == t("changes.why.calendar_only")


def test_a_change_without_any_cause_is_called_unexplained() -> None:
    told = sentences.opening(compared(record(Paragraph(text="cũ")), record(Paragraph(text="mới hẳn"))))
    assert told[0] == "**Không con số chính nào thay đổi.** Phần có thay đổi: 2 đoạn văn."
    assert "chưa rõ nguyên nhân" in told[-1]


def test_what_is_hidden_by_rounding_is_counted_and_does_not_lead() -> None:
    old = record(value("x", 12.661, title="Tỷ trọng"), Headline(name="h", text="a", tone="good"))
    new = record(value("x", 12.662, title="Tỷ trọng"), Headline(name="h", text="b", tone="good"))
    told = sentences.opening(compared(old, new, CODE))
    assert told[0] == "**Không con số chính nào thay đổi.** Phần có thay đổi: 1 kết quả chính."
    assert told[1] == "Có 1 con số thay đổi ít hơn mức mà báo cáo hiển thị."


def test_one_promise_of_several_documents_is_one_number_for_readers() -> None:
    old, new = (
        record(
            *[value(f"chance.T{n}", p, "probability", text=text, title="Xác suất") for n in range(3)],
            table("t", [(text, "1")]),
        )
        for p, text in ((0.04, "4 %"), (0.02, "2 %"))
    )
    told = sentences.opening(compared(old, new, CODE))
    assert told[0].startswith("**Xác suất: 4 % → 2 %**")
    assert told[1] == "Ngoài ra còn 1 bảng thay đổi."


def test_a_revised_figure_is_told_with_both_values_source_and_day() -> None:
    (told,) = reasons.told(compared(record(), record(value("x", 1.0)), REVISED))
    assert told.heading == "Số liệu đã công bố được điều chỉnh"
    assert told.lines == (
        f"**Tỷ trọng kinh tế số, Việt Nam, 2024**: 12,66{NB}% → 13,1{NB}% (+0,44 điểm phần trăm). "
        "Nguồn: Niên giám 2025, công bố ngày 05/01/2026.",
    )
    english = compared(record(language="en"), record(value("x", 1.0), language="en"), REVISED)
    (en,) = reasons.told(english)
    assert en.lines[0].endswith(
        "12.66% → 13.1% (+0.44 percentage points). Source: Niên giám 2025, published 5 Jan 2026."
    )


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (Fact(what="k", indicator="share", old=None, new=13.0, unit="percent"), "**Tỷ trọng kinh tế số**: 13%."),
        (Fact(what="k", indicator="i", old=13.0, new=None, unit="percent"), "**i**: 13% is no longer there."),
        (Fact(what="k", indicator="i", old=13.0, new=13.0, unit="percent"), "**i**: a new release confirms 13%."),
        (Fact(what="k", indicator="i", region_id="*"), "**i, all places**."),
        (Fact(what="k", indicator="*", region_id="VN"), "**all indicators, Việt Nam**."),
        (Fact(what="k", source="office"), "**Niên giám 2025**."),
        (Fact(what="34-52"), "**34-52**."),
        (
            Fact(what="k", indicator="i", period="2024-H1", old=0, new=1, unit="yes_no"),
            "**i, first half of 2024**: 0 → 1 (+1).",
        ),
    ],
)
def test_every_form_of_a_fact_has_its_sentence(fact: Fact, line: str) -> None:
    comparison = compared(
        record(language="en"), record(value("x", 1.0), language="en"), Cause(kind="revised", facts=(fact,))
    )
    assert reasons.told(comparison)[0].lines == (line,)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", get_args(CauseKind))
def test_every_kind_of_cause_can_be_told_with_and_without_facts(kind: CauseKind, language: str) -> None:
    base = record(language=language), record(value("x", 1.0), language=language)
    many = tuple(Fact(what=f"observations:a{n}:VN", old=n, new=n + 1) for n in range(20))
    for facts in ((), many):
        (told,) = reasons.told(compared(*base, Cause(kind=kind, facts=facts)))
        assert told.heading
        assert len(told.lines) + len(told.code) <= 2 * reasons.LIMIT
        assert sentences.because(compared(*base, Cause(kind=kind, facts=facts)))
    assert told.more or kind in {"reads", "code"}


def test_settings_code_and_deadlines_are_told_as_they_are() -> None:
    found = (
        CALENDAR,
        Cause(
            kind="parameters", facts=(Fact(what="draws", old=20000, new=40000), Fact(what="as_of", old="", new=None))
        ),
        CODE,
        Cause(kind="environment", facts=(Fact(what="numpy", old="2.4.5", new="2.4.6"), Fact(what="new", new="1"))),
    )
    told = reasons.told(compared(record(language="en"), record(value("x", 1.0), language="en"), *found))
    assert [one.lines for one in told] == [
        ("The deadline of **31 Dec 2025** has passed.",),
        ("**draws**: 20000 → 40000.", "**as_of** (removed): none."),
        (),
        ("**numpy**: 2.4.5 → 2.4.6.", "**new** (added): 1."),
    ]
    assert (told[2].lead, told[2].code) == ("1 file edited:", ("packages/a/model.py",))


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (0.44, "percent", "+0.44 percentage points"),
        (-0.0054, "probability", "−0.5 percentage points"),
        (3, "count", "+3"),
        (0.5, "percent a year", "+0.5 percentage points"),
        (0.5, "percentage points a year", "+0.5 percentage points"),
        (1234.0, "bn_vnd", "+1,234 bn VND"),
        (0.0, "percent", "0 percentage points"),
        (1e300, "count", "+1.00e+300"),
        (0.00012, "score", "+0.0001"),
    ],
)
def test_a_difference_is_told_in_the_unit_of_its_number(amount: float, unit: str, text: str) -> None:
    t = i18n.texts("en")
    label = t("common.unit.bn_vnd")
    assert amounts.difference(t, amount, unit).replace(NB, " ") == text.replace("bn VND", label)


def test_parts_that_leave_something_over_are_refused() -> None:
    part = Part(cause="a", label="A", amount=0.5)
    with pytest.raises(ReportError, match=r"the parts of x add up to 0\.5, its change is 1\.0"):
        Attribution(name="x", unit="", old=0.0, new=1.0, parts=(part,), runs=2, exact=True)
    whole = Attribution(name="x", unit="", old=0.0, new=0.5, parts=(part,), runs=2, exact=True)
    assert attribution_from_plain(whole.to_plain()) == whole
    with pytest.raises(ReportError, match="a split number is damaged"):
        attribution_from_plain({"name": "x"})
    with pytest.raises(ReportError, match="the part of cause a is nan"):
        Part(cause="a", label="A", amount=float("nan"))
    with pytest.raises(ReportError, match="split, but it did not change"):
        compared(record(value("x", 1.0)), record(value("x", 1.0)), attributions=[whole])

"""Rules for continuous integration: what they mean, when a cause lifts them, and how a wrong one is answered."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.compare.causes import Cause
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.compare.rules import EVENTS, EXAMPLES, broken, read_rule
from dxanalysis.reports.recording.items import Headline, Paragraph, Value
from reports.compare.records_made import CODE, REVISED, compared, figure, record, table, value
from trial import ROOT

OLD = record(
    value("chance.A", 0.30, "probability", text="30 %"),
    value("share", 10.0, "percent"),
    value("figures", 100.0, "count", text="100"),
    value("none", 0.0, "count", text="0"),
    Headline(name="h", text="a", tone="good"),
)
NEW = record(
    value("chance.A", 0.18, "probability", text="18 %"),
    value("share", 10.4, "percent"),
    value("figures", 103.0, "count", text="103"),
    value("none", 2.0, "count", text="2"),
    Headline(name="h", text="b", tone="warn"),
)


def breaks(rule: str, *causes: Cause, comparison: Comparison | None = None) -> bool:
    return bool(broken(comparison or compared(OLD, NEW, *causes), [read_rule(rule)]))


@pytest.mark.parametrize(
    ("rule", "is_broken"),
    [
        ("chance.*>10 points", True),
        ("chance.* > 12.5 points", False),
        ("chance.A>0.1", True),
        ("chance.A>=0.13", False),
        ("chance.A<-0.1", True),
        ("chance.A<-10points", True),
        ("chance.A<-13 points", False),
        ("share<-0.1", False),
        ("share>0.3", True),
        ("share>0.5 points", False),
        ("share>3%", True),
        ("share>5 %", False),
        ("share > .39", True),
        ("figures>2.9%", True),
        ("figures>10 points", False),
        ("any>30%", True),
        ("any>50 points", False),
        ("none>1000%", True),
        ("none>1", True),
        ("none<=-1", False),
        ("other>0", False),
        ("tone", True),
        ("vanished", False),
        ("appeared", False),
        ("anything", True),
        ("texts", False),
    ],
)
def test_a_rule_is_broken_by_what_it_names(rule: str, is_broken: bool) -> None:
    assert breaks(rule, CODE) is is_broken


@pytest.mark.parametrize(
    ("rule", "causes", "is_broken"),
    [
        ("chance.*>10 points without new data", (CODE,), True),
        ("chance.*>10 points without new data", (CODE, REVISED), False),
        ("chance.*>10 points without new data", (Cause(kind="figures"),), False),
        ("chance.*>10 points without revised", (Cause(kind="new period"),), True),
        ("chance.*>10 points without revised or new period", (Cause(kind="new period"),), False),
        ("tone without code", (CODE,), False),
        ("tone without code", (REVISED,), True),
        ("any>5% without new data or code", (), True),
        ("unexplained", (), True),
        ("unexplained", (CODE,), False),
    ],
)
def test_a_cause_lifts_a_rule(rule: str, causes: tuple[Cause, ...], is_broken: bool) -> None:
    assert breaks(rule, *causes) is is_broken


def test_what_came_and_went_is_an_event() -> None:
    old = record(value("a", 1.0), table("t", [("x", "1")]), figure("f", [(1, 2)]), Paragraph(text="cũ"))
    new = record(value("b", 1.0), table("t", [("x", "2")]), figure("f", [(1, 3)]), Paragraph(text="khác hẳn"))
    comparison = compared(old, new, CODE)
    assert [one.found for one in broken(comparison, [read_rule(event) for event in EVENTS])] == [
        ("a",),
        ("b",),
        ("paragraph", "paragraph"),
        ("t",),
        ("f",),
        ("a", "b", "t", "f", "paragraph"),
    ]


def test_a_change_without_a_size_breaks_a_rule_on_its_size() -> None:
    old = record(value("kind", "a", ""), value("unit", 1.0, "percent"))
    new = record(value("kind", "b", ""), value("unit", 1.0, "count", text="1"))
    comparison = compared(old, new, CODE)
    assert breaks("kind>0", comparison=comparison)
    assert breaks("unit>5%", comparison=comparison)
    assert not breaks("unit<-1", comparison=comparison)


def test_equal_reports_break_no_rule() -> None:
    calm = compared(OLD, OLD)
    assert broken(calm, [read_rule(text) for text in (*EXAMPLES, *EVENTS, "any>0")]) == ()


def test_a_broken_rule_says_by_what() -> None:
    many = record(*[Value(name=f"v{n}", value=float(n), unit="", text=str(n)) for n in range(9)])
    more = record(*[Value(name=f"v{n}", value=float(n) + 1, unit="", text=str(n + 1)) for n in range(9)])
    (one,) = broken(compared(many, more, CODE), [read_rule("any>0.5")])
    assert str(one) == ("any>0.5: v0 0.0 -> 1.0; v1 1.0 -> 2.0; v2 2.0 -> 3.0; v3 3.0 -> 4.0; v4 4.0 -> 5.0 and 4 more")


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "the name of a value"),
        ("  ", 3, "the name of a value"),
        (">5", 1, "the name of a value"),
        ("any", 4, "a comparison such as >5%"),
        ("chance", 7, "one of > >= < <="),
        ("chance = 5", 7, "one of > >= < <="),
        ("any>", 5, "a number such as 10"),
        ("any>x%", 5, "a number such as 10"),
        ("any>-5", 5, "a size, which is not negative (a fall is written any<-5)"),
        ("any<5", 5, "a negative number: the rule any<-1"),
        ("any>5 kilometres", 7, "points, %, without, or nothing more"),
        ("any>5% with data", 8, "points, %, without, or nothing more"),
        ("any>5% without", 8, "points, %, without, or nothing more"),
        ("any>5% without luck", 16, "a cause: new data, new period"),
        ("any>5% without new data or", 25, "or with another cause"),
        ("any>5% without new data or luck", 28, "a cause: new data"),
        ("any>5% without new data and code", 25, "or with another cause"),
        ("tone x", 6, "points, %, without, or nothing more"),
    ],
)
def test_a_wrong_rule_is_answered_with_its_place_and_examples(text: str, position: int, expected: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_rule(text)
    message = str(caught.value)
    assert f"at position {position} " in message
    assert expected in message
    assert all(example in message for example in EXAMPLES)


@given(st.text(max_size=25))
def test_any_text_is_a_rule_or_a_clear_fault(text: str) -> None:
    with contextlib.suppress(ParameterError):
        assert read_rule(text).text == text.strip()


def test_the_examples_and_the_documented_rules_can_be_read() -> None:
    page = (ROOT / "docs/how-to/compare.md").read_text(encoding="utf-8")
    rules = [*EXAMPLES, *re.findall(r'--fail-on "([^"]+)"', page), *re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)]
    assert len(rules) >= 15
    for text in rules:
        assert read_rule(text.replace("\\|", "|")).text


def test_the_grammar_names_every_event_and_the_page_explains_it() -> None:
    page = Path(ROOT / "docs/how-to/compare.md").read_text(encoding="utf-8")
    assert all(f"| `{event}" in page for event in EVENTS)

"""What a recorder shows in a notebook: answers in words, tables as the report sets them, sources, and numbers on record folded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.engine.execute import execute
from dxanalysis.reports.recording import shown
from dxanalysis.reports.recording.items import Column, Headline, Table, Tone, Value, to_plain
from dxanalysis.reports.recording.record import Meta, Record, SourceRow, collect, read_record
from dxanalysis.reports.recording.recorder import Recorder

CELLS = (
    """from dxanalysis.reports.recording.items import Value
from dxanalysis.reports.recording.recorder import Recorder
r = Recorder()
r.meta(title="Targets", language="en")""",
    """r.headline("share", "**30% by 2030**: about 2%", "bad")
r.value("inner", 0.02, "probability", "about 2%", title="Probability")
r.values(Value(name=f"chance.T{n}", value=0.02, unit="probability", text="about 2%", title="Probability") for n in range(60))""",
    """r.value("share", 14.02, "percent", "14.02%", label="Share now")
r.sources([{"title": "Yearbook", "publisher": "NSO", "url": "https://example.org/book"}])
r.data_used({"observations:a": "1", "observations:b": "2"}, until="2026-01-05")""",
)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("shown")
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    made["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, folder / "in.ipynb")
    execution = execute(folder / "in.ipynb", folder / "out.ipynb", {}, cwd=folder)
    assert execution.failure is None, execution.failure
    found: dict[str, Any] = json.loads((folder / "out.ipynb").read_text(encoding="utf-8"))
    return found


def _html(notebook: dict[str, Any], cell: int) -> list[str]:
    outputs = notebook["cells"][cell]["outputs"]
    return ["".join(one["data"]["text/html"]) for one in outputs if "text/html" in one["data"]]


def _plain(notebook: dict[str, Any], cell: int) -> list[str]:
    outputs = notebook["cells"][cell]["outputs"]
    return ["".join(one["data"]["text/plain"]) for one in outputs if "text/plain" in one["data"]]


@pytest.mark.slow
def test_an_answer_comes_first_and_is_not_buried_under_numbers_on_record(notebook: dict[str, Any]) -> None:
    assert len(notebook["cells"][1]["outputs"]) == 3
    answer, folded = _html(notebook, 1)
    assert "<strong>30% by 2030</strong>" in answer
    assert "✕ Of concern" in answer
    assert "[bad]" not in answer
    assert folded.count("<tr>") == 1, "what reads alike stands once"
    assert folded.startswith("<details>")
    assert "Numbers on record (1)" in folded
    assert _plain(notebook, 1) == ["✕ Of concern: 30% by 2030: about 2%", "Numbers on record (1)"]


@pytest.mark.slow
def test_a_notebook_ends_with_its_sources_and_nothing_internal(notebook: dict[str, Any]) -> None:
    figure, sources, until = _html(notebook, 2)
    assert figure == "<p>Share now: <strong>14.02%</strong></p>"
    assert sources.startswith("<h2>Sources</h2>")
    assert ">Yearbook</a>. NSO." in sources
    assert 'href="https://example.org/book"' in sources
    assert "Data released up to 5 Jan 2026" in until
    assert "slice" not in "".join(_html(notebook, 2))


@pytest.mark.slow
def test_what_was_recorded_at_once_is_read_back_one_by_one(notebook: dict[str, Any]) -> None:
    record = read_record(notebook)
    values = [item for item in record.items if isinstance(item, Value)]
    assert [one.name for one in values] == ["inner", *(f"chance.T{n}" for n in range(60)), "share"]
    assert record.meta.data_until == "2026-01-05"
    assert len(record.data_used) == 2


@pytest.mark.parametrize("tone", ["neutral", "good", "warn", "bad"])
def test_a_tone_has_a_sign_and_a_word_in_the_language(tone: Tone) -> None:
    headline = Headline(name="a", text="b", tone=tone)
    told = [shown.tone(headline, language) for language in ("vi", "en")]
    assert told[0] != told[1]
    assert {one[0] for one in told} == {shown.SIGNS[tone]}
    assert tone not in told[0]
    assert len(set(shown.SIGNS.values())) == 4


def test_columns_are_set_as_in_the_report() -> None:
    columns = (Column(key="a", label="Nguồn"), Column(key="b", label="Số", align="number"))
    path = "data/raw/observations/of_a_long_name.csv"
    html = shown.table_html(Table(name="t", caption="**Bảng**", columns=columns, rows=(("x", "1,5"), (path, "2"))))
    assert '<th scope="col" style="text-align:left">Nguồn</th>' in html
    assert '<td style="text-align:left">x</td>' in html
    assert '<th scope="col" style="text-align:right">Số</th>' in html
    assert '<td style="text-align:right">1,5</td>' in html
    assert f'<td style="text-align:left;overflow-wrap:anywhere">{path}</td>' in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b.org", ""])
def test_only_an_address_that_is_safe_to_follow_is_a_link(url: str) -> None:
    html = shown.sources_html([SourceRow(title="<b>", url=url)], "vi")
    assert "<a " not in html
    assert "&lt;b&gt;" in html
    assert html.startswith("<h2>Nguồn số liệu</h2>")


def test_values_recorded_at_once_share_no_name_with_others() -> None:
    recorder = Recorder()
    recorder.meta(title="a", language="vi")
    one = Value(name="a", value=1, unit="", text="1")
    recorder.values([one])
    with pytest.raises(ReportError, match="two recorded items of kind value are called 'a'"):
        recorder.values([Value(name="b", value=1, unit="", text="1"), one])
    recorder.values([])
    assert recorder.record().items == (one,)


@pytest.mark.parametrize("rows", [None, "x", [1], [{"item": "note", "text": "a"}]])
def test_damaged_values_are_a_report_error(rows: object) -> None:
    with pytest.raises(ReportError, match="values recorded at once must be a list of values"):
        collect([{"item": "meta", "title": "-", "language": "-"}, {"item": "values", "rows": rows}])


def test_values_recorded_at_once_are_those_recorded_one_by_one() -> None:
    value = Value(name="a", value=1, unit="", text="1")
    found = collect([{"item": "meta", "title": "-", "language": "-"}, {"item": "values", "rows": [to_plain(value)]}])
    assert found == Record(meta=Meta(title="-", language="-"), items=(value,))

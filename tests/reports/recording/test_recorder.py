from __future__ import annotations

import datetime as dt
import subprocess

import numpy as np
import pandas as pd
import pytest
from jupyter_client.manager import KernelManager

from dxanalysis.errors import ReportError
from dxanalysis.reports.recording.items import FigureData, Table, Value
from dxanalysis.reports.recording.record import read_record
from dxanalysis.reports.recording.recorder import MIME, Recorder


@pytest.fixture
def recorder() -> Recorder:
    made = Recorder()
    made.meta(title="Báo cáo", language="vi", data_until=dt.date(2025, 1, 6))
    return made


def test_a_frame_becomes_a_table_of_text(recorder: Recorder) -> None:
    frame = pd.DataFrame({"year": np.array([2023, 2024]), "share": [12.33, 13.17], "note": ["a", "b"]})
    recorder.table(
        "t",
        frame,
        "Bảng 1",
        labels={"year": "Năm"},
        number_columns=["share"],
        formatters={"share": lambda v: f"{v:.2f}".replace(".", ",")},
    )
    table = recorder.record().items[0]
    assert isinstance(table, Table)
    assert table.rows == (("2023", "12,33", "a"), ("2024", "13,17", "b"))
    assert [(c.key, c.label, c.align) for c in table.columns] == [
        ("year", "Năm", "text"),
        ("share", "share", "number"),
        ("note", "note", "text"),
    ]


def test_a_number_without_a_formatter_is_refused_with_its_place(recorder: Recorder) -> None:
    with pytest.raises(ReportError, match=r"table t, row 2, column v: 1\.5 is not text\. Pass a formatter"):
        recorder.table("t", [{"v": "a"}, {"v": 1.5}], "c")


@pytest.mark.parametrize("missing", [None, np.nan, pd.NaT, True])
def test_a_missing_cell_needs_words(recorder: Recorder, missing: object) -> None:
    with pytest.raises(ReportError, match=r"table t, row 1, column v: .* is not text"):
        recorder.table("t", [{"v": missing}], "c")


def test_an_unknown_column_is_named(recorder: Recorder) -> None:
    with pytest.raises(ReportError, match=r"table t has no column 'w'\. Columns: v"):
        recorder.table("t", [{"v": "a"}], "c", number_columns=["w"])


def test_no_rows_and_uneven_rows_are_refused(recorder: Recorder) -> None:
    with pytest.raises(ReportError, match="Record a note that says why"):
        recorder.table("t", [], "c")
    with pytest.raises(ReportError, match="row 2 has the columns"):
        recorder.table("t", [{"a": "1"}, {"b": "1"}], "c")


def test_figure_data_keeps_numbers_and_dates(recorder: Recorder) -> None:
    data = pd.DataFrame({"Ngày": [pd.Timestamp("2025-01-06")], "%": [np.float64(12.83)], "n": [np.int64(3)], "x": [np.True_]})
    recorder.figure("f", wide_svg="<svg/>", alt="a", caption="c", data=data)
    assert recorder.record().items[0].data == FigureData(columns=("Ngày", "%", "n", "x"), rows=(("2025-01-06", 12.83, 3, True),))


def test_figure_data_refuses_nan(recorder: Recorder) -> None:
    with pytest.raises(ReportError, match="figure data, row 1, column v is nan"):
        recorder.figure("f", wide_svg="<svg/>", alt="a", caption="c", data=pd.DataFrame({"v": [np.nan]}))


def test_a_numpy_number_is_a_plain_one(recorder: Recorder) -> None:
    recorder.value("v", np.int64(3), "count", "3")
    item = recorder.record().items[0]
    assert isinstance(item, Value)
    assert type(item.value) is int


def test_names_are_unique_within_a_kind_and_refused_where_they_are_given(recorder: Recorder) -> None:
    recorder.headline("share", "a")
    recorder.value("share", 1, "", "1")
    with pytest.raises(ReportError, match=r"two recorded items of kind headline are called 'share'"):
        recorder.headline("share", "b")
    assert len(recorder.record().items) == 2, "what was refused is not kept"


def test_the_title_is_given_once_and_is_needed(recorder: Recorder) -> None:
    with pytest.raises(ReportError, match="title was recorded twice"):
        recorder.meta(title="a", language="vi")
    with pytest.raises(ReportError, match=r"recorded no title\. Call meta"):
        Recorder().record()


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ReportError, match=r"data_until is 'tháng 1'\. Give an ISO date"):
        Recorder().meta(title="a", language="vi", data_until="tháng 1")


def test_data_and_sources_add_up(recorder: Recorder) -> None:
    recorder.data_used({"a": "1"})
    recorder.data_used({"b": "2"})
    for _ in range(2):
        recorder.sources([{"title": "Niên giám", "url": "https://www.nso.gov.vn"}])
    assert recorder.record().data_used == {"a": "1", "b": "2"}
    assert len(recorder.record().sources) == 1
    with pytest.raises(ReportError, match="Keys: title, publisher, url"):
        recorder.sources([{"titel": "x"}])
    with pytest.raises(ReportError, match="data_used must map"):
        recorder.data_used({"a": 1})  # type: ignore[dict-item]


def test_a_record_is_read_back_from_outputs(recorder: Recorder) -> None:
    recorder.note("b", "method")
    entries = [entry for _, _, entry in recorder._entries]
    outputs = [{"output_type": "display_data", "data": {MIME: entry}} for entry in entries]
    notebook = {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [{"output_type": "stream"}, *outputs]}]}
    assert read_record(notebook) == recorder.record()


@pytest.mark.slow
def test_running_a_cell_again_by_hand_replaces_what_it_recorded() -> None:
    """The kernel is told which cell it runs, as JupyterLab does."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)

        def run(cell: str, code: str) -> str:
            content = {"code": code, "silent": False, "store_history": True, "user_expressions": {"out": "out"}}
            message = client.session.msg("execute_request", content, metadata={"cellId": cell})
            client.shell_channel.send(message)
            answer = client.get_shell_msg(timeout=30)
            while answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                answer = client.get_shell_msg(timeout=30)  # a slow kernel still answers what it was asked while it started
            reply = answer["content"]
            assert reply["status"] == "ok" or reply["ename"] == "ReportError", reply
            return str(reply["user_expressions"]["out"]["data"]["text/plain"]) if reply["status"] == "ok" else reply["evalue"]

        start = "from dxanalysis.reports.recording.recorder import Recorder\nr = Recorder(); out = 0; r.meta(title='a', language='vi')"
        count = "; out = [i.text for i in r.record().items]"
        assert run("one", start) == "0"
        assert run("two", "r.headline('share', 'first'); r.note('n')" + count) == "['first', 'n']"
        assert run("two", "r.headline('share', 'second')" + count) == "['second']"
        assert "are called 'share'" in run("three", "r.headline('share', 'third')" + count)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.destroy()


def test_key_figures_put_probabilities_first_and_one_figure_for_two_purposes_once() -> None:
    recorder = Recorder()
    recorder.meta(title="a", language="vi")
    for name, text, unit, title in (
        ("latest.A", "14,02 %", "percent", "Số mới nhất của A"),
        ("latest.B", "14,02 %", "percent", "Số mới nhất của B"),
        ("chance.A", "dưới 1 %", "probability", "Xác suất đạt A"),
        ("chance.B", "dưới 1 %", "probability", "Xác suất đạt B"),
        ("inner", "3", "", ""),
    ):
        recorder.value(name, 1, unit, text, title=title)
    recorder.value("share", 2, "percent", "2 %", label="Tỷ trọng")
    assert [one.name for one in recorder.record().key_figures] == ["chance.A", "chance.B", "latest.A", "share"]

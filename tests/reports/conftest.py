"""Fixtures: tiny notebooks, settings, a record with every kind of item."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis.reports.versions.digests import Digests
from dxanalysis.reports.recording.items import Column, Figure, FigureData, Heading, Headline, Note, Paragraph, Table, Value
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.record import Meta, Record, SourceRow
from dxanalysis.reports.batch.run import Settings
from dxanalysis.reports.versions.storage import Manifest

MakeNotebook = Callable[..., Path]
PARAMETERS = 'region: str = "VN"\nlanguage: str = "vi"'


def notebook_json(*cells: str, parameters: str | None = PARAMETERS) -> dict[str, object]:
    sources = [] if parameters is None else [(parameters, ["parameters"])]
    sources += [(cell, []) for cell in cells]
    return {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {"tags": tags},
                "source": source.splitlines(keepends=True),
                "outputs": [],
                "execution_count": None,
            }
            for number, (source, tags) in enumerate(sources)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def make_notebook(tmp_path: Path) -> MakeNotebook:
    def make(name: str, *cells: str, parameters: str | None = PARAMETERS) -> Path:
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.ipynb"
        path.write_text(json.dumps(notebook_json(*cells, parameters=parameters)), encoding="utf-8")
        return path

    return make


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    package = tmp_path / "package"
    package.mkdir()
    (package / "code.py").write_text("x = 1\n", encoding="utf-8")
    return Settings(
        project=tmp_path,
        notebooks=tmp_path / "notebooks",
        reports=tmp_path / "reports",
        environment="lock-1",
        labels=catalogue(),
        packages=(package,),
        timeout=60,
    )


def _record(text: str = "Tỷ trọng **12,66 %**", language: str = "vi", url: str = "https://www.nso.gov.vn/so-lieu") -> Record:
    return Record(
        meta=Meta(
            title=text,
            subtitle=text,
            short_title=text,
            group=text,
            group_id="34-52",
            language=language,
            data_until="2025-01-06",
            publisher=text,
        ),
        items=(
            Headline(name="share", text=text, tone="good"),
            Headline(name="target", text=text, tone="bad"),
            Paragraph(text=text),
            Heading(text=text, level=2),
            Value(name="median", value=7.1, unit=text, text=text, label=text),
            Value(name="hidden", value=None, unit="", text="chưa công bố"),
            Heading(text=text, level=4),
            Table(
                name=text,
                caption=text,
                columns=(Column(key=text, label=text), *(Column(key=f"c{n}", label=text, align="number") for n in range(6))),
                rows=((text,) * 7, ("Gia Lai",) * 7),
                note=text,
            ),
            Figure(
                name=text,
                wide_svg="<svg xmlns='http://www.w3.org/2000/svg'><text>wide</text></svg>",
                narrow_svg="<svg xmlns='http://www.w3.org/2000/svg'><text>narrow</text></svg>",
                alt=text,
                caption=text,
                data=FigureData(columns=("Năm", text), rows=((2024, 12.66), (2025, None), (text, text))),
            ),
            Note(text=text, kind="caution"),
        ),
        data_used={"a": "1"},
        sources=(SourceRow(title=text, publisher=text, url=url, licence=text, note=text, retrieved=text),),
    )


@pytest.fixture
def make_record() -> Callable[..., Record]:
    return _record


@pytest.fixture
def digests() -> Digests:
    return Digests(code="c" * 64, data="d" * 64, parameters="p" * 64, environment="e" * 64, seed="5" * 64)


@pytest.fixture
def make_manifest(digests: Digests) -> Callable[..., Manifest]:
    def make(number: int = 1, *, notebook: str = "contribution", parameters: dict[str, object] | None = None) -> Manifest:
        return Manifest(
            notebook=notebook,
            parameters=parameters if parameters is not None else {"region": "34-52", "language": "vi"},
            seed=0,
            number=number,
            id=f"{number:04d}-{digests.version[:8]}",
            digests=digests,
            data_used={"a": "1"},
            started="2025-02-03T01:00:00+00:00",
            finished="2025-02-03T01:00:05+00:00",
            seconds=5.0,
            versions={"python": "3.11.7"},
            outputs=(),
        )

    return make

"""Records and stored reports in which every field that can hold text holds a hostile one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.files import digest, write, write_json
from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.planning.slugs import slug
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
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests
from dxanalysis.reports.versions.storage import Manifest

_PASSAGE = 6
_SHORT = 12
PLAIN_SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>"


def picture(text: str) -> str:
    """The text as a picture that a hostile notebook could record: as it is, or inside one."""
    return text if "<svg" in text else f"<svg xmlns='http://www.w3.org/2000/svg'>{text}</svg>"


def items_of(name: str, *, changed: str = "", pictures: bool = True) -> tuple[Item, ...]:
    """Every kind of item, the text in every field of it; ``changed`` makes it another version of the same items."""
    text = name + changed
    svg = picture(name) if pictures else PLAIN_SVG
    number = 1.5 + len(changed)
    return (
        Headline(name=name, text=text, tone="warn"),
        Value(name=name, value=text, unit=name, text=text, label=text, title=text),
        Value(name=f"{name} number", value=number, unit=name, text=f"{number} {name}", title=text),
        Table(
            name=name,
            caption=text,
            columns=(Column(key=name, label=text), Column(key="n", label="n", align="number")),
            rows=((name, text), (f"{name} 2", f"{number} {name}")),
            note=text,
            values=((None, None), (None, number)),
            units=(("", ""), ("", name)),
        ),
        Figure(
            name=name,
            wide_svg=svg,
            narrow_svg=svg,
            alt=text,
            caption=text,
            data=FigureData(columns=(name, "n"), rows=((name, number), (f"{name} 2", None), (True, text))),
        ),
    )


def passages_of(text: str) -> tuple[Item, ...]:
    return Heading(text=text, level=2), Paragraph(text=text), Note(text=text, kind="caution")


def _together(texts: Sequence[str]) -> Table:
    columns = (Column(key="a", label="a"), Column(key="b", label="b"))
    return Table(name="all", caption="all", columns=columns, rows=tuple((text, text) for text in texts))


def source_of(text: str) -> SourceRow:
    return SourceRow(title=text, publisher=text, url=text, licence=text, note=text, retrieved=text)


def record_of(texts: Sequence[str], language: str = "vi", *, changed: str = "", short: bool = False) -> Record:
    """Every text in every field; what a report has only once holds them all at once.

    A ``short`` one is for the paper: most texts share one table and have no picture.
    """
    together = " ".join(texts)
    # A few at a time: versions are compared passage by passage with each other.
    passages = [" ".join(texts[n : n + _PASSAGE]) + changed for n in range(0, len(texts), _PASSAGE)]
    return Record(
        meta=Meta(
            title=together,
            subtitle=together,
            short_title=together,
            group=together,
            group_id=together,
            language=language,
            data_until="2025-01-06",
            publisher=together,
        ),
        items=(
            *(
                item
                for text in (texts[::_SHORT] if short else texts)
                for item in items_of(text, changed=changed, pictures=not short)
            ),
            *([_together(texts)] if short else []),
            *(item for text in passages for item in passages_of(text)),
        ),
        data_used=dict.fromkeys(texts, "1"),
        sources=(
            *(source_of(text + changed) for text in texts),
            SourceRow(title="Statistics office", url="https://www.nso.gov.vn/so-lieu"),  # one that may be followed
        ),
    )


def manifest_of(
    texts: Sequence[str], *, number: int = 1, notebook: str = "contribution", language: str = "vi"
) -> Manifest:
    """A manifest whose parameters, data keys and reasons are hostile, as if no check stood before it."""
    digests = Digests(code="c" * 64, data=f"{number:064d}", parameters="p" * 64, environment="e" * 64, seed="5" * 64)
    parameters: dict[str, object] = {"language": language, **{f"p{n}": text for n, text in enumerate(texts)}}
    return Manifest(
        notebook=notebook,
        parameters=parameters,
        seed=0,
        number=number,
        id=storage.version_id(number, digests),
        digests=digests,
        data_used=dict.fromkeys(texts, "1"),
        started="2025-02-03T01:00:00+00:00",
        finished="2025-02-03T01:00:05+00:00",
        seconds=5.0,
        versions={"python": "3.11.7", **dict.fromkeys(texts, "1")},
        outputs=(),
        reasons=tuple({"cause": "data", "details": [text]} for text in texts),
    )


def store(reports: Path, record: Record, texts: Sequence[str], *, notebook: str = "contribution") -> Path:
    """Publish a version as a run does."""
    report = reports / notebook / slug({"language": record.meta.language})
    number = storage.next_number(report)
    manifest = manifest_of(texts, number=number, notebook=notebook, language=record.meta.language)
    folder = storage.begin(report)
    write(folder / storage.NOTEBOOK, '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    write(folder / storage.PAGE, page(record, manifest, catalogue()))
    write_json(folder / storage.RECORD, record.to_plain())
    write_json(folder / storage.VALUES, record.summary())
    manifest = dataclasses.replace(manifest, outputs=storage.describe_outputs(folder))
    write_json(folder / storage.MANIFEST, manifest.to_plain())
    return storage.publish(report, folder, manifest)


def store_failure(reports: Path, text: str, *, notebook: str, parameters: dict[str, object]) -> None:
    """What a failed run leaves, hostile in every word."""
    failure = Failure(kind="cell", error=text, message=text, cell=2, source=text, traceback=(text, text))
    evidence = {
        "notebook": text,
        "parameters": parameters,
        "finished": "2025-02-03T01:00:05+00:00",
        **failure.to_plain(),
    }
    folder = reports / notebook / slug({"p": "x"}) / "failed"
    folder.mkdir(parents=True)
    (folder / "error.json").write_text(json.dumps({"schema": 1, **evidence}), encoding="utf-8")
    (folder / storage.NOTEBOOK).write_text("{}", encoding="utf-8")


def store_signatures(version: Path, texts: Sequence[str]) -> None:
    """People's approvals in hostile words, as if no check stood before them: some stand, some were taken back."""
    path = version.parent / "signatures" / f"{version.name}.json"
    path.parent.mkdir(exist_ok=True)
    bound = digest((version / storage.MANIFEST).read_bytes())
    rows = [
        {"by": text, "note": text, "signed": text, "manifest": bound, "withdrawn": text if taken else "", "why": text}
        for text in texts
        for taken in (False, True)
    ]
    path.write_text(json.dumps({"schema": 1, "version": version.name, "signatures": rows}), encoding="utf-8")

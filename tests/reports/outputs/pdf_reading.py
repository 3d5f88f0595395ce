"""A PDF read back: its text without white space, its tags and outline, everything reachable in it."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject

from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.recording.recorder import Recorder
from dxanalysis.reports.versions.storage import Manifest

MakeRecord = Callable[..., Record]
MakeManifest = Callable[..., Manifest]
LABELS = catalogue()
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='540' height='270'><rect width='500' height='200' fill='#0072b2'/></svg>"
LETTERS = "Ưỡn ườm ặ ẫ ễ ộ ữ Ỷ Ợ Đắk Lắk, nghìn tỷ đồng → ≥ ± −"


def recorded(
    fill: Callable[[Recorder], None] | None = None, *, language: str = "vi", title: str = "Báo cáo thử"
) -> Record:
    recorder = Recorder()
    recorder.meta(
        title=title,
        language=language,
        subtitle="Tỷ trọng kinh tế số",
        short_title="Kinh tế số",
        group="Gia Lai (sau sáp nhập)",
        group_id="34-52",
        data_until="2026-08-18",
        publisher="Cục Thống kê",
    )
    if fill is not None:
        fill(recorder)
    return recorder.record()


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def squeezed(text: str) -> str:
    """Text without white space: lines end inside words of no interest here."""
    return re.sub(r"\s", "", text.replace("\u00a0", ""))


def text_of(content: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in read(content).pages))


def dictionaries(reader: PdfReader) -> Iterator[dict[str, Any]]:
    """Every dictionary reachable from the trailer."""
    seen: set[tuple[int, int]] = set()
    queue: list[Any] = [reader.trailer["/Root"], reader.trailer.get("/Info", {})]
    while queue:
        one = queue.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, dict):
            yield one
            queue += list(one.values())
        elif isinstance(one, list):
            queue += one


def roles(reader: PdfReader) -> Counter[str]:
    return Counter(
        str(one["/S"])
        for one in dictionaries(reader)
        if one.get("/Type") == "/StructElem" or ("/P" in one and "/S" in one)
    )


def headings(reader: PdfReader) -> list[str]:
    """Titles of the outline, in order, through all its levels."""

    def flat(entries: list[Any]) -> list[str]:
        return [t for entry in entries for t in (flat(entry) if isinstance(entry, list) else [str(entry.title)])]

    return flat(reader.outline)


def first_page_with(reader: PdfReader, words: str) -> int:
    wanted = squeezed(words)
    return next(n for n, page in enumerate(reader.pages, start=1) if wanted in squeezed(page.extract_text()))

"""Every output that shows text of others, one line each: how it is made from hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxanalysis.reports.batch.failures import write_failures
from dxanalysis.reports.compare.store import compare, folder_of, write_changes
from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.outputs.pdf import pdf
from dxanalysis.reports.outputs.pdf.words import is_blank
from dxanalysis.reports.outputs.tables import write_tables
from dxanalysis.reports.outputs.workbook import workbook
from dxanalysis.reports.site.index import write_site
from reports.safety.records import manifest_of, record_of, store, store_failure, store_signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Files that one output wrote."""

    files: tuple[Path, ...]

    def of(self, *endings: str) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.name.endswith(endings))


def report_page(texts: Sequence[str], root: Path) -> Made:
    path = root / "report.html"
    path.write_text(page(record_of(texts), manifest_of(texts), catalogue()), encoding="utf-8")
    return Made(files=(path,))


def printed(texts: Sequence[str], root: Path) -> Made:
    path = root / "report.pdf"
    # What says nothing at all cannot stand for a picture: such a figure is refused, see test_files.
    said = [text for text in texts if not is_blank(text)]
    path.write_bytes(pdf(record_of(said, short=True), manifest_of(texts), catalogue()))
    return Made(files=(path,))


def sheets(texts: Sequence[str], root: Path) -> Made:
    path = root / "report.xlsx"
    path.write_bytes(workbook(record_of(texts), manifest_of(texts), catalogue()))
    return Made(files=(path,))


def tables(texts: Sequence[str], root: Path) -> Made:
    names = write_tables(record_of(texts), manifest_of(texts), root)
    return Made(files=tuple(root / name for name in names))


def site(texts: Sequence[str], root: Path) -> Made:
    """All reports together: two versions and what changed between them, approvals, another language, failures, the feed."""
    before = store(root, record_of(texts), texts)
    version = store(root, record_of(texts, changed=" **x**"), [f"{text} 2" for text in texts])
    changes = write_changes(compare(before, version), folder_of(version))
    store_signatures(version, texts)
    store(root, record_of(texts, "en"), texts)
    for number, text in enumerate(texts):
        store_failure(root, text, notebook=f"broken{number}", parameters={"region": text, text: text})
    failures = write_failures(root)
    return Made(files=(*write_site(root, catalogue()), *failures, *sorted(changes.iterdir())))


OUTPUTS: dict[str, Callable[[Sequence[str], Path], Made]] = {
    "report.html": report_page,
    "report.pdf": printed,
    "report.xlsx": sheets,
    "tables": tables,
    "site": site,
}
WITH_PAGES = ("report.html", "site")

"""Hostile text in files that are no pages: workbook, CSV, PDF, feed, Markdown, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.outputs.pdf import pdf
from dxanalysis.reports.outputs.tables import guarded, unguarded
from dxanalysis.reports.text import clean, is_hidden, without_markup
from reports.safety.corpus import FORMULAS, SVG, WRITABLE
from reports.safety.outputs import OUTPUTS, Made
from reports.safety.records import manifest_of, picture, record_of
from reports.safety.test_names import is_portable

COVERED = {"report.html", "report.pdf", "report.xlsx", "tables", "site"}
MAY_BEGIN_A_FORMULA = re.compile(r"^[ \u00a0\"\n]*[=+\-@＝＋－＠\t\r]")


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_list_of_outputs_is_complete() -> None:
    assert set(OUTPUTS) == COVERED


def test_every_file_is_named_for_every_system_and_stays_in_its_folder(hostile: dict[str, Made]) -> None:
    for name, one in hostile.items():
        assert one.files, name
        for path in one.files:
            assert is_portable(path.name), (name, path.name)
            assert ".." not in path.parts


def test_the_workbook_holds_text_and_numbers_never_a_formula_or_a_way_out(hostile: dict[str, Made]) -> None:
    (path,) = hostile["report.xlsx"].files
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert not re.search(rb"<f[ >]|<ddeLink|<oleLink|externalBook|<script", content), name
            assert not name.startswith("/")
            assert ".." not in name
            ET.fromstring(content)  # every part is well-formed
            for target in re.findall(rb'Target="([^"]*)"[^>]*TargetMode="External"', content):
                assert target.startswith((b"https://www.nso.gov.v", b"http://")), target
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "external" in name.lower()]
    book = openpyxl.load_workbook(path)
    shown = set()
    for sheet in book.worksheets:
        assert not set(sheet.title) & set("[]:*?/\\")
        assert len(sheet.title) <= 31
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.hyperlink and cell.hyperlink.target:
                    assert re.match("https?://", cell.hyperlink.target)
                if isinstance(cell.value, str):
                    shown.add(squeezed(cell.value))
    missing = [text for text in WRITABLE if squeezed(without_markup(clean(text))) not in shown]
    missing = [text for text in missing if squeezed(clean(text)) not in shown]
    assert not missing, "what is hostile is shown as text, not dropped"


def test_no_csv_cell_begins_like_a_formula_and_the_rule_can_be_undone(hostile: dict[str, Made]) -> None:
    cells = set()
    for path in hostile["tables"].of(".csv"):
        raw = path.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        for row in csv.reader(io.StringIO(raw.decode("utf-8"), newline="")):
            cells |= set(row)
        # The same file as programs with other settings cut it.
        for separator in (";", "\t"):
            for row in csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), delimiter=separator):
                assert not [cell for cell in row if MAY_BEGIN_A_FORMULA.match(cell) and not _is_number(cell)], path.name
    assert not [cell for cell in cells if MAY_BEGIN_A_FORMULA.match(cell) and not _is_number(cell)]
    undone = {squeezed(unguarded(cell)) for cell in cells}
    assert not [text for text in WRITABLE if squeezed(clean(text)) not in undone]
    for text in FORMULAS:
        assert unguarded(guarded(text)) == text


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_the_descriptor_of_the_tables_is_plain_json(hostile: dict[str, Made]) -> None:
    (path,) = hostile["tables"].of(".json")
    plain = json.loads(path.read_text(encoding="utf-8"))
    names = [resource["path"] for resource in plain["resources"]]
    assert len(names) == len({name.casefold() for name in names}) == len(hostile["tables"].of(".csv"))
    assert not [name for name in names if not is_portable(name)]
    for source in plain["sources"]:
        assert re.match("https?://", source.get("path", "https://"))


def test_the_pdf_runs_nothing_opens_nothing_and_links_only_to_the_web(hostile: dict[str, Made], pdftotext: str) -> None:
    (path,) = hostile["report.pdf"].files
    reader = PdfReader(path)
    links = 0
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(IndirectObject(number, 0, reader))
        if not isinstance(found, DictionaryObject):
            continue
        assert not {"/JS", "/AA", "/OpenAction", "/Launch", "/EmbeddedFiles", "/RichMedia"} & set(found), found
        if found.get("/Subtype") == "/Link":
            action = found.get("/A", {}).get_object() if "/A" in found else {}
            links += action.get("/S") == "/URI"
            assert action.get("/S", "/GoTo") in {"/URI", "/GoTo"}
            assert re.match("https?://", action.get("/URI", "https://"))
    assert links
    read = subprocess.run([pdftotext, str(path), "-"], capture_output=True, check=True).stdout.decode()
    text = squeezed(read)
    assert "root:x:0:0" not in text, "no file of the machine is read"
    for source in ("{{config}}", '#read("/etc/passwd")', "=cmd|'/ccalc'!A0", "<script>window.ran"):
        assert source in text, "typesetting commands are words like others"


def test_a_picture_that_is_none_makes_no_pdf_and_no_harm() -> None:
    """Pictures are drawn by the notebook's own library; one that is hostile is refused or drawn without what it asks for."""
    refused: list[str] = []
    for svg in SVG:
        record = record_of(["x"])
        items = tuple(item for item in record.items if item.KIND != "figure")
        figure = next(item for item in record.items if item.KIND == "figure")
        hostile = type(figure)(name="f", wide_svg=picture(svg), narrow_svg="", alt="x", caption="x")
        changed = type(record)(meta=record.meta, items=(*items, hostile), sources=record.sources)
        try:
            content = pdf(changed, manifest_of(["x"]), catalogue())
        except ReportError as error:
            refused.append(str(error))
            continue
        assert b"root:x:0:0" not in content
        assert b"/JavaScript" not in content
    assert all("figure" in message.lower() for message in refused), refused
    assert len(refused) < len(SVG)


def test_the_feed_is_one_document_of_plain_text(hostile: dict[str, Made]) -> None:
    feeds = hostile["site"].of(".xml")
    assert len(feeds) == 2
    atom = "{http://www.w3.org/2005/Atom}"
    for path in feeds:
        raw = path.read_text(encoding="utf-8")
        assert "<!DOCTYPE" not in raw
        assert "<!ENTITY" not in raw
        root = ET.fromstring(raw)
        assert {element.tag for element in root.iter()} <= {
            f"{atom}{tag}" for tag in ("feed", "entry", "id", "title", "updated", "author", "name", "link", "summary")
        }
        for element in root.iter():
            assert element.get("type") in {None, "text/html", "application/atom+xml"}
            assert not any(is_hidden(c) for c in element.text or "")
            if element.tag == f"{atom}link":
                assert not re.match(r"(?i)\w+:|/|\\", element.get("href", ""))
        # The newest two versions in one language and the one in the other.
        assert len(root.findall(f"{atom}entry")) in {1, 2}


def test_the_summary_of_what_changed_is_markdown_of_ours_alone(hostile: dict[str, Made]) -> None:
    (path,) = hostile["site"].of("changes.md")
    text = path.read_text(encoding="utf-8")
    assert not any(is_hidden(c) for c in text)
    outside = re.sub(r"(`+)(?!`)(?s:.+?)(?<!`)\1(?!`)", "", text)
    assert not re.search(r"(?<!\\)<|(?i:\bjavascript:|https?:|\bwww\.)", outside)
    assert not re.search(r"(?<!\\)!?\[[^\]]*(?<!\\)\][(\[]", outside)
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert len({row.count("|") for row in rows}) == 1, "no text opens a column of its own"
    heads = [line for line in outside.splitlines() if re.match(r"#{1,6} ", line)]
    assert len(heads) <= 10


def test_json_is_whole_and_holds_the_texts_as_they_were(hostile: dict[str, Made]) -> None:
    (path,) = hostile["site"].of("changes.json")
    plain = json.loads(path.read_text(encoding="utf-8"))
    assert plain["language"] == "vi"
    raw = path.read_text(encoding="utf-8")
    assert "NaN" not in re.findall(r"[:\[,] ?(NaN|Infinity)", raw)

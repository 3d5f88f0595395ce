"""Text without measure: too long, half characters, anything at all; and the properties that every escaping must keep."""

from __future__ import annotations

import html
import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.markdown import code, escaped, rich
from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.outputs.pdf import words as paper
from dxanalysis.reports.outputs.tables import file_name, guarded, unguarded
from dxanalysis.reports.planning.parameters import LONGEST_VALUE, ParameterSpec, value_fault
from dxanalysis.reports.planning.secrets import literal_fault
from dxanalysis.reports.recording.items import FigureData, check_text
from dxanalysis.reports.recording.record import Meta
from dxanalysis.reports.scrub import Scrubber
from dxanalysis.reports.site.search import embedded, fold
from dxanalysis.reports.text import clean, escape, is_hidden, marked_up, one_line, safe_address, without_markup
from reports.safety.corpus import CORPUS, LONG, SCRIPTS
from reports.safety.outputs import OUTPUTS
from reports.safety.records import items_of, passages_of, source_of
from reports.safety.test_names import is_portable

TEXTS = st.text(max_size=200) | st.sampled_from([payload.text for payload in CORPUS if payload.category != "long"])
MARKUP = st.text(alphabet="<>&\"'`=/ \t\n*abscriptonerror:;!-[]{}()|\\#@\u202e\x00\ud800", max_size=60)


@pytest.mark.parametrize("name", ["report.html", "report.xlsx", "tables", "site"])
def test_very_long_texts_are_written_in_time_and_in_proportion(name: str, tmp_path: Path) -> None:
    began = time.process_time()
    texts = LONG[:1] if name == "site" else LONG  # the site has every text in half a dozen files
    made = OUTPUTS[name](texts, tmp_path)
    assert time.process_time() - began < 20
    given_bytes = sum(len(text.encode()) for text in texts)
    for path in made.files:
        assert is_portable(path.name)
        # Escaping makes six characters of one at most, and a text stands in a few dozen places.
        assert path.stat().st_size < 200 * given_bytes
    for path in made.of(".xlsx"):
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book:
            cells = [cell.value for row in sheet.iter_rows() for cell in row]
            assert max(len(value) for value in cells if isinstance(value, str)) <= 32_767
        book.close()


@pytest.mark.parametrize("text", LONG)
def test_what_stands_on_one_line_is_cut(text: str) -> None:
    assert len(one_line(text)) <= 300
    failure = Failure(kind="cell", error="ValueError", message=text, cell=1, source=text)
    assert len(str(failure)) < 500
    fault = value_fault(ParameterSpec(name="region", type_name="str", default="VN"), text)
    assert fault is not None
    assert len(fault) < 300
    assert str(len(text)) in fault
    assert str(LONGEST_VALUE) in fault


@pytest.mark.parametrize("half", ["\ud800", "a\udfffb"])
def test_half_a_character_is_refused_where_it_is_recorded(half: str) -> None:
    for make in (items_of, passages_of, source_of):
        with pytest.raises(ReportError, match=r"half a character, U\+D"):
            make(half)
    with pytest.raises(ReportError, match="half a character"):
        Meta(title="x", subtitle=half, language="vi")
    with pytest.raises(ReportError, match="half a character"):
        FigureData(columns=("a",), rows=((half,),))
    with pytest.raises(ReportError) as caught:
        check_text(half, f"the text of {half}")
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    "piece", ["**a ", "** ", " ", ";", ";  ", "(", "<", "[", '"', "|", "`a", "a", "A1", "eyJa.", "&#", "*", "http://"]
)
def test_no_text_makes_a_reader_wait(piece: str) -> None:
    """Patterns that try every start of a text to its end take minutes over the same piece repeated."""
    text = piece * (50_000 // len(piece))
    scrub = Scrubber(Path("/nowhere/project"), {"OFFICE_TOKEN": "abababababab"})
    made = [
        clean,
        escape,
        marked_up,
        without_markup,
        one_line,
        escaped,
        code,
        rich,
        guarded,
        unguarded,
        safe_address,
        fold,
    ]
    for make in (*made, paper.plain, paper.rich, paper.visible, scrub.text, lambda text: literal_fault("region", text)):
        began = time.process_time()
        make(text)
        assert time.process_time() - began < 2, make


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not any(is_hidden(c) for c in clean(text))
    clean(text).encode("utf-8")


class Words(HTMLParser):
    """Everything that is not text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag if not attrs else f"{tag} {attrs}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")

    unknown_decl = handle_decl
    handle_pi = handle_decl


@given(TEXTS | MARKUP)
def test_no_text_becomes_an_element_whatever_stands_around_it(text: str) -> None:
    for before, after in (("", ""), ("<", ">"), ("&", ";"), ("<p", ">")):
        parser = Words()
        parser.feed(f"<b>{escape(before + text + after)}</b><i title=\"{escape(text)}\" lang='{escape(text)}'></i>")
        parser.close()
        kinds = [found.split(" ")[0] for found in parser.found]
        assert kinds == ["b", "i"]
        assert parser.found[1] == f"i {[('title', clean(text)), ('lang', clean(text))]}"


@given(TEXTS | MARKUP)
def test_bold_is_all_that_marked_up_text_may_make(text: str) -> None:
    parser = Words()
    parser.feed(marked_up(text))
    parser.close()
    assert set(parser.found) <= {"strong"}
    assert html.unescape(marked_up(text).replace("<strong>", "**").replace("</strong>", "**")) == clean(text)


@given(TEXTS | MARKUP, st.integers(min_value=2, max_value=50))
def test_one_line_is_one_line_of_that_length(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@example("0#@")
@example("name@")
@given(TEXTS | MARKUP)
def test_an_address_that_may_be_followed_is_a_plain_one(text: str) -> None:
    for url in (text, f"https://{text}", f"https://www.nso.gov.vn/{text}"):
        followed = safe_address(url)
        assert followed in {"", url}
        if followed:
            assert followed.startswith(("https://", "http://"))
            assert not set(followed) & set('\\<>" \t\n\r\x00')
            authority = re.split("[/?#]", followed.split("//", 1)[1])[0]
            assert "@" not in authority


@given(TEXTS | MARKUP)
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.lstrip(' \u00a0"').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))
    assert unguarded(cell) == text


@given(TEXTS | MARKUP, st.sampled_from(["table", "figure"]))
def test_a_table_of_any_name_gets_a_portable_file(name: str, kind: str) -> None:
    assert is_portable(file_name(kind, name) + ".csv")


@given(TEXTS | MARKUP)
def test_json_inside_a_page_cannot_leave_its_element(text: str) -> None:
    made = str(embedded({clean(text): clean(text)}))
    assert made.isascii()
    assert not set(made) & set("<>&")
    assert json.loads(made) == {clean(text): clean(text)}


@given(TEXTS | MARKUP)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    made = escaped(text)
    assert "\n" not in made
    assert not set(made.replace("\\\\", "").replace("\\", " ")) & set("<>|`@$")
    fenced = code(text)
    assert "|" not in fenced
    assert "\n" not in fenced


def test_the_corpus_is_large_and_of_many_kinds() -> None:
    assert len({payload.text for payload in CORPUS}) >= 240
    assert len({payload.category for payload in CORPUS}) >= 19
    assert len({payload.label for payload in CORPUS}) == len(CORPUS)
    assert all(payload.text for payload in CORPUS)
    assert SCRIPTS

"""Text of others in the PDF: it stands there as it was given, is never run, and nothing else comes with it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.reports.outputs.pdf import pdf
from dxanalysis.reports.outputs.pdf.words import BREAK, FIRST, SECOND, cut, is_blank, plain, rich, visible
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
from dxanalysis.reports.text import without_markup
from reports.outputs.pdf_reading import (
    LABELS,
    SVG,
    MakeManifest,
    MakeRecord,
    dictionaries,
    read,
    squeezed,
    text_of,
)
from reports.page_rules import HOSTILE

MARKUP = [
    "#eval(\"1+1\")", "#read(\"/etc/passwd\")", "#read(\"report.typ\")", "#include \"details.typ\"", "#import \"@preview/cetz:0.3.0\": *",
    "#sys.inputs", "#sys.inputs.document", "#panic(\"no\")", "#while true {}", "#let x = 1", "#set page(width: 1pt)", "#show: it => none",
    "#image(\"/etc/passwd\")", "#plugin(\"x.wasm\")", "#json(\"/etc/hosts\")", "#pagebreak()", "#counter(page).update(99)", "#hide[gone]",
    "#link(\"javascript:alert(1)\")[x]", "#raw(\"x\")", "#context query(heading)", "#metadata(true) <details>",
    "$x^2$", "$ sum_(i=1)^n $", "$#read(\"/etc/passwd\")$", "@ref", "@preview/x:1.0.0", "<details>", "<all-answers>", "// comment", "/* block */",
    "= Heading", "== Heading", "- list", "+ list", "/ term: text", "*bold*", "_emph_", "`raw`", "```typ #eval(\"1\")```", "~", "---", "--", "...", "-?",
    "\\", "\\\\", "\\#", "\\u{202e}", "\\n", "'single' \"double\"", "[content]", "]", "{ code }", "}", "](x)", ");", "\")", "#\"", "#{", "#[",
    "<script>alert(1)</script>", "</x:xmpmeta><?xpacket end='w'?>", "&amp; &lt; &#x41;", "]]>", "<!-- -->", "<svg onload=alert(1)>",
    "<</S/JavaScript/JS(app.alert(1))>>", "(a)(b\\)", ") Tj ET (", "endstream endobj", "%PDF-1.7 %%EOF", "/URI (http://evil)", "javascript:alert(1)",
    "=cmd|'/c calc'!A1", "{number}", "{0}", "%s %d", "{{ x }}", "{% x %}", "../../etc/passwd", "C:\\Windows\\system32", "${HOME}", "$(id)",
    "\u202egnp.exe", "a\u2066b\u2069c", "a\u200bb\u200dc", "a\ufeffb", "a\u00adb", "nul\x00l", f"{BREAK}{FIRST}{SECOND}", "\x1b[31mred",
    "中文", "日本語テキスト", "😀👩‍👩‍👧", "\ue000", "\uffff", "\U000e0041", "e\u0301\u0302\u0303\u0323" * 9,
    "x" * 600, "x " * 600, "https://example.org/" + "a/" * 150, "A" * 80 + "-" * 80, "‰ € ₫ ½ ² ≤ ≥ ≠ ∞ √ π Ω", "\u00a0\u2009\u202f\u3000",
]  # fmt: skip


CHUNKS = [MARKUP[n : n + 8] for n in range(0, len(MARKUP), 8)] + [[HOSTILE]]


def everywhere(texts: list[str]) -> Record:
    """A record with each text in every field of every kind of item, and all of them in the fields of the report itself."""
    joined = " ¦ ".join(["R", *texts])
    items: list[Item] = []
    for number, text in enumerate(texts):
        items += [
            Headline(name=f"{number}{text}", text=f"h{number} {text}"),
            Heading(text=f"g{number} {text}"),
            Paragraph(text=f"p{number} {text}"),
            Note(text=f"n{number} {text}", kind="method"),
            Value(name=f"{number}{text}", value=text, unit=text, text=f"v{number} {text}", label=f"l{number} {text}"),
            Table(
                name=f"{number}{text}",
                caption=f"t{number} {text}",
                columns=(
                    Column(key=f"key {text}", label=f"c{number} {text}"),
                    Column(key="x", label="x", align="number"),
                ),
                rows=((f"r{number} {text}", text), ("x", f"s{number} {text}")),
                note=f"o{number} {text}",
            ),
            Figure(
                name=f"{number}{text}",
                wide_svg=SVG,
                narrow_svg="",
                alt=f"a{number} {text}",
                caption=f"k{number} {text}",
                data=FigureData(columns=(f"d{number} {text}",), rows=((f"e{number} {text}",),)),
            ),
        ]
    sources = [
        SourceRow(
            title=f"q{n} {t}",
            publisher=f"u{n} {t}",
            url=t,
            licence=f"y{n} {t}",
            note=f"z{n} {t}",
            retrieved=f"w{n} {t}",
        )
        for n, t in enumerate(texts)
    ]
    meta = Meta(
        title=joined,
        subtitle=joined,
        short_title=joined,
        group=joined,
        group_id=joined,
        publisher=joined,
        language="en",
    )
    return Record(meta=meta, items=tuple(items), sources=tuple(sources))


@pytest.mark.parametrize("texts", CHUNKS, ids=range(len(CHUNKS)))
def test_hostile_text_in_every_field_stays_text(texts: list[str], make_manifest: MakeManifest) -> None:
    parameters: dict[str, object] = {f"m{n}": text for n, text in enumerate(texts)}
    content = pdf(everywhere(texts), make_manifest(parameters=parameters), LABELS)
    reader = read(content)
    shown = text_of(content)
    for number, text in enumerate(texts):
        for field in "hgpnvltcrsokdequyzwm":
            wanted = squeezed(visible(without_markup(f"{field}{number} {text}")))[:60]
            assert wanted in shown, (field, text)
    alts = {str(one["/Alt"]) for one in dictionaries(reader) if one.get("/S") == "/Figure"}
    assert alts == {visible(f"a{number} {text}") for number, text in enumerate(texts)}
    assert "root:x:" not in shown
    assert len(reader.pages) < 40
    for one in dictionaries(reader):
        assert one.get("/S") not in {"/JavaScript", "/Launch", "/SubmitForm", "/GoToR", "/GoToE", "/ImportData"}
        assert not {"/JS", "/AA", "/OpenAction", "/EmbeddedFiles", "/AcroForm", "/RichMedia"} & set(one)
        if "/URI" in one:
            assert re.match(r"https?://[^@\s]+$", str(one["/URI"]))


def test_there_are_enough_of_them() -> None:
    assert len({*MARKUP, HOSTILE}) > 100


def test_nothing_of_the_template_can_be_reached_by_a_label(
    make_record: MakeRecord, make_manifest: MakeManifest
) -> None:
    """A text that looks like a label of the template does not become its target."""
    calm, odd = (pdf(make_record(text), make_manifest(), LABELS) for text in ("details", "<details>"))
    assert len(read(calm).pages) == len(read(odd).pages)


def test_a_name_of_file_or_person_of_this_machine_is_not_in_it(
    make_record: MakeRecord, make_manifest: MakeManifest
) -> None:
    import getpass  # noqa: PLC0415
    import socket  # noqa: PLC0415

    content = pdf(make_record("6.9", "en"), make_manifest(), LABELS)
    about = str(read(content).metadata) + read(content).trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    for secret in (socket.gethostname(), "site-packages", "templates/"):
        assert secret not in about
    assert f"/{getpass.getuser()}" not in about


@given(st.text(alphabet=st.characters(codec=None), max_size=120))
@settings(max_examples=300, deadline=None)
def test_words_hold_what_the_fonts_have_and_no_mark_of_their_own(text: str) -> None:
    shown = visible(text)
    assert not {BREAK, FIRST, SECOND} & set(shown)
    assert all(unicodedata.category(c)[0] != "C" for c in shown)
    assert plain(text).replace(BREAK, "") == shown
    if "**" not in text:
        assert "".join(piece for piece, _ in rich(text)).replace(BREAK, "") == shown


@given(st.text(max_size=60))
def test_text_the_fonts_have_stays_as_it_is(text: str) -> None:
    known = "".join(c for c in unicodedata.normalize("NFC", text) if c.isascii() and c.isprintable())
    assert visible(known) == " ".join(known.split())


@pytest.mark.parametrize(
    ("given_text", "runs"),
    [
        ("a **b** c", [("a ", False), ("b", True), (" c", False)]),
        ("**a** **b**", [("a", True), (" ", False), ("b", True)]),
        ("** a **", [("** a **", False)]),
        ("a * b", [("a * b", False)]),
        ("", []),
    ],
)
def test_bold_is_the_only_markup(given_text: str, runs: list[tuple[str, bool]]) -> None:
    assert rich(given_text) == runs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b c", "a b c"),
        ("aaaa bbbb cccc", "aaaa bbbb…"),
        ("**aaaa bbbb** cccc", "**aaaa**…"),
        ("a" * 20, "a" * 12 + "…"),
    ],
)
def test_a_cut_ends_at_a_word_and_closes_bold(text: str, shown: str) -> None:
    assert cut(text, 12) == shown


@pytest.mark.parametrize(
    ("text", "blank"),
    [("", True), (" \n", True), ("\u200b", True), ("\u00ad\ufe0f", True), (None, True), ("x", False), ("0", False)],
)
def test_blank_is_what_nobody_sees_or_hears(text: object, blank: bool) -> None:
    assert is_blank(text) is blank

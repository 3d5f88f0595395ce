from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

import shelf
from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.versions.signatures import is_signed, sign, signatures_of, status_of, withdraw
from dxanalysis.reports.versions.verify import check


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return shelf.publish(tmp_path / "contribution" / "region-VN")


def states(version: Path) -> list[tuple[str, str]]:
    return [(signature.by, signature.state) for signature in signatures_of(version)]


def test_a_version_goes_from_draft_to_signed_to_superseded(version: Path) -> None:
    assert (status_of(version), is_signed(version)) == ("draft", False)
    made = sign(version, by="Nguyễn Thị Hoa", note="Số liệu đã đối chiếu")
    assert (made.state, status_of(version), is_signed(version)) == ("valid", "signed", True)
    sign(version, by="Trần Văn Bình", note="Checked the method")
    assert states(version) == [("Nguyễn Thị Hoa", "valid"), ("Trần Văn Bình", "valid")]
    later = shelf.publish(version.parent, data="2")
    assert (status_of(version), status_of(later)) == ("superseded", "draft")
    assert is_signed(version), "it stays signed for what it was signed for"
    assert check(version).whole, "a signature stands beside the version, not in it"


def test_the_signature_is_bound_to_the_manifest_and_through_it_to_every_output(version: Path) -> None:
    sign(version, by="A", note="checked")
    page = version / "report.html"
    content = page.read_text()
    page.write_text(content + "x")
    assert (states(version), status_of(version), is_signed(version)) == ([("A", "broken")], "draft", True)
    page.write_text(content)
    assert status_of(version) == "signed"
    page.write_text("x" + content[1:])  # of the same size: seen by who reads every byte
    assert check(version).faults == ("report.html was changed",)
    page.write_text(content)
    manifest = version / "manifest.json"
    manifest.write_text(manifest.read_text().replace("2025-02-03", "2025-02-04"))
    assert states(version) == [("A", "broken")]
    assert "the signature of A does not fit" in check(version).faults


def test_a_person_may_take_an_approval_back_and_give_it_again(version: Path) -> None:
    sign(version, by="A", note="checked")
    taken = withdraw(version, by="A", note="a figure is doubtful")
    assert (taken.state, taken.why) == ("withdrawn", "a figure is doubtful")
    assert (status_of(version), is_signed(version)) == ("draft", False)
    sign(version, by="A", note="the figure is right")
    assert states(version) == [("A", "withdrawn"), ("A", "valid")]
    assert signatures_of(version)[0].note == "checked"


def test_who_signed_cannot_sign_again_and_who_did_not_cannot_withdraw(version: Path) -> None:
    sign(version, by="A", note="checked")
    with pytest.raises(ParameterError, match="A has signed this version"):
        sign(version, by="A ", note="again")
    with pytest.raises(ParameterError, match=r"B has no signature on this version\. It is signed by: A"):
        withdraw(version, by="B")
    withdraw(version, by="A")
    with pytest.raises(ParameterError, match="It is signed by: nobody"):
        withdraw(version, by="A")


@pytest.mark.parametrize("by", ["", "  ", "x" * 121])
def test_a_name_is_a_name(version: Path, by: str) -> None:
    with pytest.raises(ParameterError, match="--by is no name"):
        sign(version, by=by, note="checked")


@pytest.mark.parametrize("note", ["", "\n", "x" * 2001])
def test_a_note_says_something(version: Path, note: str) -> None:
    with pytest.raises(ParameterError, match="--note says nothing, or too much"):
        sign(version, by="A", note=note)


def test_hostile_names_are_kept_harmless(version: Path) -> None:
    sign(version, by="Evil\u202e\x1b[31m\nname", note="<script>\u2066")
    signature = signatures_of(version)[0]
    assert (signature.by, signature.note) == ("Evil[U+202E][U+001B][31m name", "<script>[U+2066]")


def test_a_damaged_version_cannot_be_signed(version: Path) -> None:
    (version / "report.pdf").write_text("x")
    with pytest.raises(ReportError, match=r"the version is not as it was published\. See: dxanalysis verify"):
        sign(version, by="A", note="checked")
    assert signatures_of(version) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"schema": 2, "version": "x", "signatures": []}',
        b'{"schema": 1, "version": "0009-00000000", "signatures": []}',
    ],
)
def test_a_file_of_signatures_that_cannot_be_read_is_told_and_not_overwritten(version: Path, content: bytes) -> None:
    sign(version, by="A", note="checked")
    path = version.parent / "signatures" / f"{version.name}.json"
    path.write_bytes(content)
    assert states(version) == [("?", "broken")]
    assert (status_of(version), is_signed(version)) == ("draft", True)
    with pytest.raises(ReportError, match="the file of its signatures cannot be read"):
        sign(version, by="B", note="checked")
    assert path.read_bytes() == content


@pytest.mark.parametrize("field", ["by", "note", "signed", "manifest", "withdrawn", "why"])
def test_a_signature_of_another_shape_is_broken(version: Path, field: str) -> None:
    sign(version, by="A", note="checked")
    path = version.parent / "signatures" / f"{version.name}.json"
    plain = json.loads(path.read_text())
    plain["signatures"][0][field] = 1
    path.write_text(json.dumps(plain))
    assert states(version) == [("?", "broken")]


def test_signatures_of_another_version_do_not_pass(version: Path) -> None:
    sign(version, by="A", note="checked")
    later = shelf.publish(version.parent, data="2")
    folder = version.parent / "signatures"
    text = (folder / f"{version.name}.json").read_text()
    (folder / f"{later.name}.json").write_text(text.replace(version.name, later.name))
    assert (states(later), status_of(later)) == ([("A", "broken")], "draft")


def test_people_who_sign_at_the_same_time_are_all_kept(version: Path) -> None:
    people = [
        threading.Thread(target=sign, args=(version,), kwargs={"by": f"P{n}", "note": "checked"}) for n in range(8)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(states(version)) == [(f"P{n}", "valid") for n in range(8)]

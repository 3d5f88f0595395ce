from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shelf
from dxanalysis.reports.files import digest
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.manifest import manifest_text
from dxanalysis.reports.versions.verify import check, check_pointer


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return shelf.publish(tmp_path / "contribution" / "region-VN")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, bytes]]]:
    version = shelf.publish(tmp_path_factory.mktemp("reports") / "contribution" / "region-VN")
    files = {path.relative_to(version).as_posix(): path.read_bytes() for path in version.rglob("*") if path.is_file()}
    yield version, files
    shutil.rmtree(version)


def test_a_version_as_published_is_whole(version: Path) -> None:
    checked = check(version)
    assert (checked.whole, checked.notes) == (True, ())
    assert checked.files == 8
    assert checked.bytes == sum(path.stat().st_size for path in version.rglob("*") if path.is_file())


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_single_byte_changed_in_any_file_is_found(
    shared: tuple[Path, dict[str, bytes]], data: st.DataObject
) -> None:
    version, files = shared
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(files[name])
    changed[place] ^= flip
    try:
        (version / name).write_bytes(bytes(changed))
        faults = check(version).faults
        assert faults, (name, place, flip)
        if name != storage.MANIFEST:
            assert faults == (f"{name} was changed",)
    finally:
        (version / name).write_bytes(files[name])
    assert check(version).whole


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_byte_taken_or_added_is_found(shared: tuple[Path, dict[str, bytes]], data: st.DataObject) -> None:
    version, files = shared
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    added = data.draw(st.binary(max_size=2))
    content = files[name]
    changed = content[:place] + added + (content[place:] if added else content[place + 1 :])
    try:
        (version / name).write_bytes(changed)
        assert check(version).faults
    finally:
        (version / name).write_bytes(content)


@pytest.mark.parametrize(
    ("meddle", "told"),
    [
        (lambda v: (v / "report.pdf").unlink(), "report.pdf is missing"),
        (lambda v: (v / "report.html").unlink(), "report.html is missing"),
        (lambda v: (v / "tables" / "shares.csv").unlink(), "tables/shares.csv is missing"),
        (lambda v: (v / "new.txt").write_text(""), "new.txt does not belong to it"),
        (lambda v: (v / "tables" / ".hidden").write_text(""), "tables/.hidden does not belong to it"),
        (lambda v: (v / "link").symlink_to(v / "report.html"), "link does not belong to it"),
        (lambda v: (v / "manifest.json").unlink(), "the manifest cannot be read (FileNotFoundError)"),
        (lambda v: (v / "bad\u202ename").write_text(""), "bad[U+202E]name does not belong to it"),
    ],
)
def test_what_is_missing_or_added_is_named(version: Path, meddle, told: str) -> None:
    meddle(version)
    assert check(version).faults == (told,)


def test_a_link_in_place_of_a_file_is_found_though_its_content_is_the_same(version: Path, tmp_path: Path) -> None:
    shutil.copy(version / "report.html", tmp_path / "copy.html")
    (version / "report.html").unlink()
    (version / "report.html").symlink_to(tmp_path / "copy.html")
    assert check(version).faults == ("report.html cannot be read",)


def rewritten(version: Path, **changes: object) -> None:
    plain = json.loads((version / "manifest.json").read_text())
    (version / "manifest.json").write_text(manifest_text({**plain, **changes}))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"finished": "2024-01-01T00:00:00+00:00"}, "the manifest was changed after it was sealed"),
        ({"parameters": {"region": "VN"}}, "the manifest contradicts itself"),
        ({"data_used": {}}, "the manifest contradicts itself"),
        ({"seed": 5}, "the manifest contradicts itself"),
        ({"number": "1"}, "the manifest says what none does"),
        ({"surprise": 1}, "the manifest says what none does: surprise"),
        ({"seal": ""}, "the manifest was changed after it was sealed"),
        ({"outputs": []}, "report.html is not listed in the manifest"),
        ({"outputs": [{"path": 5, "sha256": "", "bytes": 0}]}, "the manifest cannot be read (TypeError)"),
        ({"digests": 1}, "the manifest cannot be read (TypeError)"),
    ],
)
def test_a_manifest_that_was_written_anew_is_found(version: Path, changes: dict[str, object], told: str) -> None:
    rewritten(version, **changes)
    assert told in check(version).faults


def test_no_path_of_a_manifest_leads_out_of_the_version(version: Path) -> None:
    outside = version.parents[2] / "outside"
    outside.write_text("x")
    plain = json.loads((version / "manifest.json").read_text())
    bad = {"path": "../../../outside", "sha256": digest(b"x"), "bytes": 1}
    rewritten(version, outputs=[*plain["outputs"], bad])
    assert "../../../outside is missing" in check(version).faults


def test_a_version_of_an_edition_without_seals_is_whole_with_a_note(version: Path) -> None:
    plain = json.loads((version / "manifest.json").read_text())
    del plain["seal"], plain["reasons"], plain["store"]
    (version / "manifest.json").write_text(manifest_text(plain))
    checked = check(version)
    assert checked.whole
    assert checked.notes == ("the manifest has no seal: its times and package versions cannot be checked",)


def test_the_pointer_is_checked(version: Path) -> None:
    report = version.parent
    assert check_pointer(report) is None
    (report / "latest").unlink()
    assert check_pointer(report) == f"the pointer latest does not name the newest version, {version.name}"
    assert check_pointer(report.parent / "nothing") is None

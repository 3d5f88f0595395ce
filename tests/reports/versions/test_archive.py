"""What versions are made from is kept once, whole, under its own digest, and told apart from anything altered."""

from __future__ import annotations

import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.archive import code_name, keep_code, keep_store, open_code, store_folder
from dxanalysis.reports.versions.storage import recover


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "processed" / "f811c143"
    folder.mkdir(parents=True)
    (folder / "observations.parquet").write_bytes(bytes(range(256)) * 40)
    (folder / "catalogue.json").write_text('{"name_vi": "Tỷ trọng"}\n', encoding="utf-8")
    return folder


@pytest.fixture
def code(tmp_path: Path) -> tuple[Path, Path]:
    package, notebooks = tmp_path / "src" / "pack", tmp_path / "notebooks"
    (package / "words" / "__pycache__").mkdir(parents=True)
    notebooks.mkdir()
    (package / "__init__.py").write_text("x = 1\n")
    (package / "words" / "vi.toml").write_text('a = "ơ"\n', encoding="utf-8")
    (package / "words" / "__pycache__" / "old.py").write_text("left over")
    (package / "data.parquet").write_bytes(b"no source")
    (notebooks / "one.ipynb").write_text('{"cells": []}\n')
    (notebooks / "draft.txt").write_text("not a notebook")
    return package, notebooks


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_store_is_kept_once_whatever_its_folder_is_called(store: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    name = keep_store(reports, store)
    kept = store_folder(reports, name)
    before = (kept / "catalogue.json").stat().st_mtime_ns, kept.stat().st_ino
    os.utime(kept, (1e9, 1e9))
    assert names(kept) == names(store)
    assert all((kept / path).read_bytes() == (store / path).read_bytes() for path in names(store))
    store.rename(store.with_name("elsewhere"))
    assert keep_store(reports, store.with_name("elsewhere")) == name
    assert ((kept / "catalogue.json").stat().st_mtime_ns, kept.stat().st_ino) == before
    assert kept.stat().st_mtime > 1.5e9  # it says that it is in use
    (store.with_name("elsewhere") / "catalogue.json").write_text("{}")
    other = keep_store(reports, store.with_name("elsewhere"))
    assert other != name
    assert len(list((reports / ".archive" / "stores").iterdir())) == 2


def test_every_altered_byte_of_a_store_is_seen_and_mended_from_the_source(store: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    name = keep_store(reports, store)
    kept = reports / ".archive" / "stores" / name
    (kept / "catalogue.json").write_bytes(b"{}")
    with pytest.raises(ReportError, match="the archived data store is damaged"):
        store_folder(reports, name)
    assert keep_store(reports, store) == name
    (kept / "catalogue.json").unlink()
    with pytest.raises(ReportError, match="damaged"):
        store_folder(reports, name)
    keep_store(reports, store)
    (kept / "more.json").write_bytes(b"{}")
    with pytest.raises(ReportError, match="damaged"):
        store_folder(reports, name)
    keep_store(reports, store)
    assert names(store_folder(reports, name)) == names(store)


def test_code_is_kept_without_leftovers_and_comes_back_as_it_was(code: tuple[Path, Path], tmp_path: Path) -> None:
    package, notebooks = code
    reports = tmp_path / "reports"
    name = keep_code(reports, [package], notebooks)
    assert name == code_name([package], notebooks)
    opened = open_code(reports, name, tmp_path / "opened")
    assert names(opened) == ["notebooks/one.ipynb", "packages/pack/__init__.py", "packages/pack/words/vi.toml"]
    assert (opened / "packages/pack/words/vi.toml").read_text(encoding="utf-8") == 'a = "ơ"\n'
    again = open_code(reports, name, tmp_path / "again")
    assert code_name([again / "packages" / "pack"], again / "notebooks") == name


def test_the_same_code_is_the_same_bytes_whenever_and_wherever_it_is_kept(
    code: tuple[Path, Path], tmp_path: Path
) -> None:
    package, notebooks = code
    first = keep_code(tmp_path / "a", [package], notebooks)
    os.utime(package / "__init__.py", (1e9, 1e9))
    (package / "__init__.py").chmod(0o600)
    (notebooks / "one.ipynb").write_bytes(b'{"cells": []}\r\n')
    second = keep_code(tmp_path / "b", [package], notebooks)
    assert first == second
    kept = [(tmp_path / folder / ".archive" / "code" / f"{first}.zip").read_bytes() for folder in "ab"]
    assert kept[0] == kept[1]
    (package / "__init__.py").write_text("x = 2\n")
    assert keep_code(tmp_path / "a", [package], notebooks) != first


def test_altered_code_is_not_opened_and_kept_anew(code: tuple[Path, Path], tmp_path: Path) -> None:
    package, notebooks = code
    reports = tmp_path / "reports"
    name = keep_code(reports, [package], notebooks)
    file = reports / ".archive" / "code" / f"{name}.zip"
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:60] + bytes([whole[60] ^ 255]) + whole[61:]):
        file.write_bytes(damaged)
        with pytest.raises(ReportError, match="the archived code is damaged"):
            open_code(reports, name, tmp_path / "opened")
        assert not (tmp_path / "opened").exists()
        assert keep_code(reports, [package], notebooks) == name
        assert file.read_bytes() == whole


@pytest.mark.parametrize("path", ["../outside.py", "/tmp/outside.py", "packages/../../outside.py", "C:\\outside.py"])
def test_a_zip_that_leads_out_of_its_folder_is_not_unpacked(code: tuple[Path, Path], tmp_path: Path, path: str) -> None:
    reports = tmp_path / "reports"
    name = keep_code(reports, [code[0]], code[1])
    with zipfile.ZipFile(reports / ".archive" / "code" / f"{name}.zip", "a") as archive:
        archive.writestr(path, "print('outside')")
    with pytest.raises(ReportError, match="damaged"):
        open_code(reports, name, tmp_path / "deep" / "opened")
    assert not list(tmp_path.rglob("outside.py"))


@pytest.mark.parametrize("name", ["", "0" * 63, "../../../etc", "G" * 64, "0" * 64])
def test_names_that_lead_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match=r"no archived content|not kept"):
        store_folder(tmp_path, name)
    with pytest.raises(ReportError, match=r"no archived content|not kept"):
        open_code(tmp_path, name, tmp_path / "opened")


def test_nothing_to_keep_and_no_place_for_it(store: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no data store to keep"):
        keep_store(tmp_path / "reports", tmp_path / "absent")
    with pytest.raises(ReportError, match="no code to keep"):
        keep_code(tmp_path / "reports", [], tmp_path / "absent")
    (tmp_path / "reports").write_text("a file where the folder should be")
    with pytest.raises(ReportError, match="the archive cannot be written") as caught:
        keep_store(tmp_path / "reports", store)
    assert str(tmp_path) not in str(caught.value)


def test_many_at_once_keep_one_copy(store: Path, code: tuple[Path, Path], tmp_path: Path) -> None:
    reports = tmp_path / "reports"

    def keep(_: int) -> tuple[str, str]:
        return keep_store(reports, store), keep_code(reports, [code[0]], code[1])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keep, range(24)))) == 1
    archive = reports / ".archive"
    assert [len(list((archive / kind).iterdir())) for kind in ("stores", "code")] == [1, 1]


def test_what_a_killed_run_left_is_cleared_by_the_next(store: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    name = keep_store(reports, store)
    left = reports / ".archive" / "stores" / ".tmp-0123456789ab"
    left.mkdir()
    (left / "observations.parquet").write_bytes(b"half")
    recover(reports)
    assert [path.name for path in (reports / ".archive" / "stores").iterdir()] == [name]

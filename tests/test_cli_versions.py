"""The verbs about versions, as their users meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import shelf
from dxanalysis.reports.versions import storage

REPORT = "contribution/language-vi_region-34-52"


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three versions of one report and one of another."""
    (tmp_path / "dxanalysis.toml").write_text('[project]\nname_vi = "Dự án"\nname_en = "Project"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for data in ("12,1", "12,4", "12,66"):
        shelf.publish(tmp_path / "reports" / REPORT, data=data)
    shelf.publish(
        tmp_path / "reports" / "attainment" / "region-VN", reasons=({"cause": "data", "detail": ["figures/VN"]},)
    )
    return tmp_path / "reports"


def test_versions_lists_every_report_newest_first(dx, reports: Path) -> None:
    code, out, err = dx("versions")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["report", "version", "made", "(UTC)", "status", "headline"]
    assert [line.split()[1][:4] for line in lines[1:]] == ["0001", "0003", "0002", "0001"]
    assert lines[2].startswith(REPORT)
    assert "2025-02-03 01:00  draft" in lines[2]
    assert "superseded  Tỷ trọng 12,4 %" in lines[3]
    assert len(dx("versions", "attainment")[1].splitlines()) == 2


def test_versions_as_json(dx, reports: Path) -> None:
    listed = json.loads(dx("versions", REPORT, "--json")[1])
    assert [(line["version"][:4], line["status"]) for line in listed] == [
        ("0003", "draft"), ("0002", "superseded"), ("0001", "superseded"),
    ]  # fmt: skip
    assert listed[0]["headline"] == "Tỷ trọng 12,66 %"


def test_an_empty_project_says_so(dx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dxanalysis.toml").write_text('[project]\nname_vi = "a"\nname_en = "b"\n')
    monkeypatch.chdir(tmp_path)
    assert dx("versions") == (0, "There are no reports yet: dxanalysis run\n", "")
    assert dx("show", "latest")[0] == 2
    assert dx("verify")[:2] == (0, "0 versions checked (0 files, 0 B): 0 whole, 0 not\n")


def test_show_tells_what_a_version_was_made_from(dx, reports: Path) -> None:
    code, out, _ = dx("show", "attainment/region-VN/latest")
    assert code == 0
    for part in (
        "status             draft",
        "language=vi, region=34-52",
        "data: figures/VN",
        "data slices        2",
        "signatures   none",
    ):
        assert part in out
    manifest = storage.read_manifest(storage.history(reports / "attainment" / "region-VN")[0])
    for output in manifest.outputs:
        assert output.sha256 in out
        assert output.path in out
    for digest in manifest.digests.to_plain().values():
        assert digest in out


def test_show_as_json_holds_the_manifest_and_the_signatures(dx, reports: Path) -> None:
    dx("sign", "attainment/region-VN/0001", "--by", "Hoa", "--note", "đã kiểm tra")
    plain = json.loads(dx("show", "attainment/region-VN/0001", "--json")[1])
    assert (plain["status"], plain["number"], plain["schema"]) == ("signed", 1, 1)
    assert [(s["by"], s["note"], s["state"]) for s in plain["signatures"]] == [("Hoa", "đã kiểm tra", "valid")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "0001"), "names 2 versions. It may be: attainment/region-VN/0001-"),
        (("show", "nothing"), "no version is called 'nothing'. There are: attainment/region-VN/0001-"),
        (("versions", "nothing"), "no report is called 'nothing'. Reports: attainment/region-VN"),
        (("prune",), "nothing says what to keep. Give --keep N"),
        (("prune", "--keep", "0"), "--keep is at least 1"),
        (("prune", "--keep", "1", "--yes", "--dry-run"), "exclude each other"),
        (("verify", "0003", "--all"), "exclude each other"),
        (("sign", "0003", "--by", " ", "--note", "x"), "--by is no name"),
        (("sign", "0003", "--by", "A"), "--note says nothing"),
        (("sign", "0003", "--by", "A", "--withdraw"), "A has no signature on this version. It is signed by: nobody"),
    ],
)
def test_a_command_that_asks_for_what_is_not_gets_the_way_out(
    dx, reports: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = dx(*arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_verify_finds_what_was_altered_and_says_so_with_its_exit_code(dx, reports: Path) -> None:
    code, out, _ = dx("verify", "--all")
    assert (code, out.splitlines()[-1].split("): ")[1]) == (0, "4 whole, 0 not")
    old = storage.history(reports / REPORT)[0]
    content = (old / "report.pdf").read_bytes()
    (old / "report.pdf").write_bytes(b"X" + content[1:])
    assert dx("verify")[0] == 0, "the newest of each report are whole"
    code, out, _ = dx("verify", "--all")
    assert code == 1
    assert f"FAULT  {REPORT}/{old.name}: report.pdf was changed" in out
    assert "3 whole, 1 not" in out
    assert dx("verify", f"{REPORT}/{old.name}")[0] == 1
    (old / "report.pdf").write_bytes(content)
    (reports / REPORT / "latest").write_text(old.name)
    code, out, _ = dx("verify")
    assert code == 1
    assert f"FAULT  {REPORT}: the pointer latest does not name the newest version" in out


def test_a_version_is_signed_shown_and_withdrawn(dx, reports: Path) -> None:
    newest = storage.history(reports / REPORT)[-1].name
    code, out, _ = dx("sign", "0003", "--by", "Nguyễn Hoa", "--note", "Đã đối chiếu")
    assert (code, out) == (0, f"Nguyễn Hoa signed {REPORT}/{newest}, which is signed now\n")
    assert "  valid      Nguyễn Hoa, " in dx("show", "0003")[1]
    assert "signed" in dx("versions", REPORT)[1].splitlines()[1]
    code, out, _ = dx("sign", "0003", "--by", "Nguyễn Hoa", "--withdraw", "--note", "wrong table")
    assert (code, out) == (0, f"Nguyễn Hoa withdrew the signature on {REPORT}/{newest}, which is draft now\n")
    assert ": Đã đối chiếu, withdrawn " in dx("show", "0003")[1]


def test_prune_shows_first_and_deletes_only_when_told(dx, reports: Path) -> None:
    dx("sign", "0002", "--by", "A", "--note", "checked")
    before = storage.history(reports / REPORT)
    code, out, _ = dx("prune", "--keep", "1")
    assert code == 0
    assert out.splitlines()[0].startswith("would go ")
    assert out.splitlines()[0].endswith(f"{REPORT}/{before[0].name}")
    assert "1 versions and 0 archived sources would go" in out
    assert out.splitlines()[-1] == "Nothing was deleted. To delete, give --yes as well"
    assert storage.history(reports / REPORT) == before
    code, out, _ = dx("prune", "--keep", "1", "--yes")
    assert code == 0
    assert "1 versions and 0 archived sources gone" in out
    assert storage.history(reports / REPORT) == before[1:]
    assert dx("verify", "--all")[0] == 0


def test_prune_waits_for_no_run(dx, reports: Path) -> None:
    holder = "import sys\nfrom pathlib import Path\nfrom dxanalysis.reports.versions.lock import only_run\nwith only_run(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(reports)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        code, _, err = dx("prune", "--keep", "1", "--yes")
        assert (code, "another run is writing" in err) == (2, True)
        other.communicate("")
    assert len(storage.history(reports / REPORT)) == 3


def test_hostile_text_of_a_manifest_reaches_no_terminal(dx, reports: Path) -> None:
    shelf.publish(
        reports / "evil" / "region-VN",
        versions={"\x1b]0;x": "\u202e1"},
        reasons=({"cause": "[red]\x1b[2J", "detail": ["[/x]"]},),
    )
    code, out, _ = dx("show", "evil/region-VN/latest")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red][U+001B][2J: [/x]" in out


def test_the_verbs_answer_without_loading_a_data_library(reports: Path) -> None:
    code = (
        "import sys\nfrom dxanalysis import cli\nsys.argv = ['dxanalysis', *sys.argv[1:]]\n"
        "try:\n    cli.main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "heavy = {'pandas', 'numpy', 'nbformat', 'papermill'} & set(sys.modules)\nassert not heavy, heavy"
    )
    environment = {**os.environ, "COLUMNS": "200"}
    for verb in (["versions"], ["show", "0003"], ["verify", "--all"], ["prune", "--keep", "1"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *verb], capture_output=True, text=True, env=environment, cwd=reports.parent
        )
        assert (done.returncode, done.stderr) == (0, ""), verb

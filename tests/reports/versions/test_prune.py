from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import shelf
from dxanalysis.errors import ParameterError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.prune import carry_out, plan_pruning
from dxanalysis.reports.versions.signatures import sign, withdraw
from dxanalysis.reports.versions.verify import check

NOW = datetime(2025, 6, 30, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=1)  # the archive's entries have the age that the disk gives them


def made(reports: Path, days: list[int], name: str = "region-VN", **facts: str) -> list[Path]:
    """Versions made so many days before NOW."""
    report = reports / "contribution" / name
    return [
        shelf.publish(report, data=str(number), finished=(NOW - timedelta(days=age)).isoformat(), **facts)
        for number, age in enumerate(days, 1)
    ]


def going(reports: Path, **rules: float) -> list[str]:
    return [one.path.name[:4] for one in plan_pruning(reports, now=NOW, **rules).versions]  # type: ignore[arg-type]


def test_rules(tmp_path: Path) -> None:
    made(tmp_path, [400, 300, 200, 100, 1])
    assert going(tmp_path, keep=2) == ["0001", "0002", "0003"]
    assert going(tmp_path, keep=9) == []
    assert going(tmp_path, keep_days=250) == ["0001", "0002"]
    assert going(tmp_path, keep_days=0) == ["0001", "0002", "0003", "0004"], "the last good one stays"
    assert going(tmp_path, keep=2, keep_days=250) == ["0001", "0002"], "what either rule keeps stays"
    assert going(tmp_path, keep=4, keep_days=150) == ["0001"]


def test_nothing_is_touched_by_looking(tmp_path: Path) -> None:
    versions = made(tmp_path, [9, 8, 7])
    before = sorted(tmp_path.rglob("*"))
    found = plan_pruning(tmp_path, keep=1)
    assert sorted(tmp_path.rglob("*")) == before
    assert found.kept == 1
    assert found.bytes == sum(p.stat().st_size for v in versions[:2] for p in v.rglob("*") if p.is_file())


@pytest.mark.parametrize("rules", [{}, {"keep": 0}, {"keep": -1}, {"keep_days": -1}, {"keep_days": float("nan")}])
def test_rules_that_keep_nothing_are_refused(tmp_path: Path, rules: dict[str, float]) -> None:
    made(tmp_path, [1])
    with pytest.raises(ParameterError, match="--keep"):
        plan_pruning(tmp_path, **rules)  # type: ignore[arg-type]


def test_the_last_good_version_stays_when_newer_ones_are_damaged(tmp_path: Path) -> None:
    versions = made(tmp_path, [9, 8, 7, 6])
    page = versions[3] / "report.html"
    page.write_text("x" * len(page.read_text()))
    (versions[2] / "report.html").unlink()
    assert going(tmp_path, keep=1) == ["0001", "0003"]


def test_signed_versions_stay_and_withdrawn_ones_go(tmp_path: Path) -> None:
    versions = made(tmp_path, [9, 8, 7, 6, 5])
    for version in versions[:3]:
        sign(version, by="A", note="checked")
    withdraw(versions[1], by="A")
    (versions[2] / "report.html").write_text("meddled with")
    assert going(tmp_path, keep=1) == ["0002", "0004"], "a broken signature is evidence, and stays"


def test_a_version_whose_age_cannot_be_told_stays_where_days_count(tmp_path: Path) -> None:
    versions = made(tmp_path, [900, 800, 1])
    (versions[0] / "manifest.json").write_text("{")
    assert going(tmp_path, keep_days=30) == ["0002"]
    assert going(tmp_path, keep=1) == ["0001", "0002"]


def test_what_stands_beside_a_version_goes_with_it(tmp_path: Path) -> None:
    versions = made(tmp_path, [9, 8])
    report = versions[0].parent
    for version in versions:
        (report / "changes" / version.name).mkdir(parents=True)
        (report / "changes" / version.name / "changes.html").write_text("x" * 1000)
    sign(versions[0], by="A", note="checked")
    withdraw(versions[0], by="A")
    found = plan_pruning(tmp_path, keep=1)
    assert found.versions[0].bytes > 1000
    carry_out(found)
    assert storage.history(report) == (versions[1],)
    assert [path.name for path in (report / "changes").iterdir()] == [versions[1].name]
    assert not list((report / "signatures").glob("*.json"))
    assert storage.latest(report) == versions[1]
    assert not list(tmp_path.rglob(".tmp-*"))
    assert plan_pruning(tmp_path, keep=1).versions == ()


def archive(reports: Path) -> None:
    for name in ("old", "kept", "nobody"):
        (reports / ".archive" / "stores" / name).mkdir(parents=True)
        (reports / ".archive" / "stores" / name / "catalogue.json").write_text("x" * 500)
        (reports / ".archive" / "code").mkdir(exist_ok=True)
        (reports / ".archive" / "code" / f"{name}.zip").write_bytes(b"x" * 100)


def test_the_archive_keeps_what_a_kept_version_names(tmp_path: Path) -> None:
    made(tmp_path, [9], store="old", package="old")
    shelf.publish(tmp_path / "contribution" / "region-VN", data="9", store="kept", package="kept")
    archive(tmp_path)
    assert plan_pruning(tmp_path, keep=1).archived == (), (
        "what was archived just now may be for a version in the making"
    )
    found = plan_pruning(tmp_path, keep=1, now=LATER)
    names = [one.name for one in found.archived]
    assert names == [
        f".archive/{place}" for place in ("code/nobody.zip", "code/old.zip", "stores/nobody", "stores/old")
    ]
    assert [one.bytes for one in found.archived] == [100, 100, 500, 500]
    carry_out(found)
    left = sorted(p.relative_to(tmp_path / ".archive").as_posix() for p in (tmp_path / ".archive").glob("*/*"))
    assert left == ["code/kept.zip", "stores/kept"]


def test_the_archive_stays_whole_while_a_kept_manifest_cannot_be_read(tmp_path: Path) -> None:
    versions = made(tmp_path, [9, 8])
    archive(tmp_path)
    (versions[1] / "manifest.json").write_text("{")
    found = plan_pruning(tmp_path, keep=1, now=LATER)
    assert (found.archived, found.unsure) == ((), f"contribution/region-VN/{versions[1].name}")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.integers(0, 900), min_size=1, max_size=5),
    damaged=st.sets(st.integers(0, 4)),
    signed=st.sets(st.integers(0, 4)),
    keep=st.none() | st.integers(1, 4),
    days=st.none() | st.integers(0, 900),
)
def test_the_last_good_and_the_signed_always_stay(
    tmp_path_factory: pytest.TempPathFactory,
    ages: list[int],
    damaged: set[int],
    signed: set[int],
    keep: int | None,
    days: int | None,
) -> None:
    if keep is None and days is None:
        return
    reports = tmp_path_factory.mktemp("reports")
    versions = made(reports, ages)
    for number, version in enumerate(versions):
        if number in signed:
            sign(version, by="A", note="checked")
        if number in damaged:
            (version / "values.json").write_text("{}")
    good = [version for version in versions if check(version).whole]
    carry_out(plan_pruning(reports, keep=keep, keep_days=days, now=NOW))
    left = storage.history(versions[0].parent)
    assert not good or good[-1] in left
    assert {versions[number] for number in signed if number < len(versions)} <= set(left)
    assert versions[-1] in left
    if keep is not None:
        assert set(versions[-keep:]) <= set(left)
    if days is not None:
        assert {v for v, age in zip(versions, ages, strict=True) if age <= days} <= set(left)

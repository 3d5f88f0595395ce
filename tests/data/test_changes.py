"""Every kind of difference between two stores is found, once, in the slices asked for and in no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dxanalysis.data import slices
from dxanalysis.data.changes import DataChange, changes_between, read_catalogue
from dxanalysis.data.hybrid import install_store
from dxanalysis.data.ingest import ingest
from dxanalysis.project import Project
from trial import INDICATORS, MERGERS, REGIONS, ROWS, SOURCES, SPELLINGS, TARGETS, Archive

EVERYTHING = ("observations:*:*", "targets:*", "regions:*", "indicator:*", "source:*", "calendar:2025-12-31")
MakeArchive = Callable[[str], Archive]


def built(archive: Archive) -> Path:
    ingest(archive.raw, archive.processed)
    store = slices.current_store(archive.processed)
    assert store is not None
    return store


@pytest.fixture
def stores(make_archive: MakeArchive) -> Callable[..., tuple[Path, Path]]:
    """Two stores: the trial archive's, and that of the same archive with some files replaced."""

    def make(**changed: str) -> tuple[Path, Path]:
        before, after = make_archive("before"), make_archive("after")
        for name, content in changed.items():
            if name == "observations":
                after.observations(content)
            elif name == "targets":
                after.targets(content)
            else:
                after.write(f"{name}.csv", content)
        return built(before), built(after)

    return make


def only(changes: tuple[DataChange, ...]) -> DataChange:
    assert len(changes) == 1, changes
    return changes[0]


def test_equal_stores_differ_in_nothing(stores: Callable[..., tuple[Path, Path]]) -> None:
    assert changes_between(*stores(), EVERYTHING) == ()


def test_a_revision_tells_the_figures_in_force_and_where_the_new_one_is_from(stores) -> None:
    revision = "coverage,63,64,2023,57.25,percent,2024-06-10,2024-06-12,revised,office,\n"
    change = only(changes_between(*stores(observations=ROWS + revision), EVERYTHING))
    assert change == DataChange(
        kind="revised",
        key="observations:*:*",
        indicator="coverage",
        region_id="63-64",
        period="2023",
        old=55.5,
        new=57.25,
        unit="percent",
        source="office",
        released="2024-06-12",
    )


def test_a_figure_corrected_in_place_is_a_revision_too(stores) -> None:
    change = only(changes_between(*stores(observations=ROWS.replace("55.5", "55.6")), EVERYTHING))
    assert (change.kind, change.old, change.new) == ("revised", 55.5, 55.6)


def test_a_release_of_unknown_date_revises_nothing_in_force(stores) -> None:
    undated = "coverage,63,64,2023,40,percent,,2024-09-12,revised,office,\n"
    change = only(changes_between(*stores(observations=ROWS + undated), EVERYTHING))
    assert (change.kind, change.old, change.new, change.source) == ("revised", 55.5, 55.5, "office")


@pytest.mark.parametrize(
    ("row", "kind", "old", "new"),
    [
        ("coverage,63,64,2024,60,percent,2025-01-10,2025-01-10,actual,office,\n", "new period", None, 60.0),
        ("coverage,63,52,2024,60,percent,2025-01-10,2025-01-10,actual,office,\n", "new series", None, 60.0),
        ("coverage,63,64,2023,..,percent,2024-05-10,2024-05-10,missing,office,\n", "revised", 55.5, None),
    ],
)
def test_new_figures(stores, row: str, kind: str, old: float | None, new: float | None) -> None:
    change = only(changes_between(*stores(observations=ROWS + row), EVERYTHING))
    assert (change.kind, change.old, change.new) == (kind, old, new)


def test_withdrawn_wholly_or_back_to_the_release_before(make_archive: MakeArchive) -> None:
    first, second = make_archive("first"), make_archive("second")
    rows = ROWS.splitlines(keepends=True)
    first.observations(ROWS + "coverage,63,64,2022,51,percent,2023-09-10,2023-09-10,revised,office,\n")
    second.observations("".join(row for row in rows if not row.startswith("growth")))
    changes = changes_between(built(first), built(second), EVERYTHING)
    told = [(c.kind, c.indicator, c.period, c.old, c.new, c.released) for c in changes]
    assert told == [
        ("withdrawn", "coverage", "2022", 51.0, 50.0, "2023-01-10"),
        ("withdrawn", "growth", "2025", 7.2, None, "2026-01-05"),
    ]


def test_words_of_figures_targets_and_registries_are_of_the_catalogue(stores) -> None:
    changes = changes_between(
        *stores(
            observations=ROWS.replace("estimate,office,\n", "estimate,office,a remark\n", 1),
            targets=TARGETS.replace("office,\n", "office,about 80\n"),
            indicators=INDICATORS.replace("Households with", "Homes with"),
            sources=SOURCES.replace("Statistical release", "Release"),
            region_spellings=SPELLINGS + "VN,VN,toàn quốc\n",
        ),
        EVERYTHING,
    )
    assert {c.kind for c in changes} == {"catalogue"}
    found = [(c.table, c.item, c.indicator, c.period) for c in changes]
    assert found == [
        ("observations", "", "coverage", "2023"),
        ("targets", "T1", "coverage", "2025"),
        ("regions", "regions", "", ""),
        ("indicator", "coverage", "coverage", ""),
        ("source", "office", "", ""),
    ]


def test_a_target_raised_one_added_one_dropped(make_archive: MakeArchive) -> None:
    first, second = make_archive("first"), make_archive("second")
    more = TARGETS.replace("T1", "T2").replace("2025", "2030")
    first.targets(TARGETS + more)
    second.targets(TARGETS.replace(",80,", ",85,") + more.replace("T2", "T3"))
    changes = changes_between(built(first), built(second), ["targets:63-64"])
    told = [(c.kind, c.item, c.period, c.old, c.new, c.key) for c in changes]
    assert told == [
        ("target", "T1", "2025", 80.0, 85.0, "targets:63-64"),
        ("target", "T2", "2030", 80.0, None, "targets:63-64"),
        ("target", "T3", "2030", None, 80.0, "targets:63-64"),
    ]


def test_another_boundary_is_told_by_region(stores) -> None:
    regions = REGIONS + "34,58,Lâm Đồng,Lam Dong,province,,2025-07-01,\n"
    merger = "63-52,34-58,2025-07-01,law\n"
    changes = changes_between(
        *stores(regions=regions, mergers=MERGERS.replace("63-52,34-52,2025-07-01,law\n", merger)), ["regions:*"]
    )
    assert [(c.kind, c.region_id) for c in changes] == [("boundary", "34-52"), ("boundary", "34-58")]


def test_only_what_the_keys_name_is_told(stores) -> None:
    revision = "coverage,63,64,2023,57.25,percent,2024-06-10,2024-06-12,revised,office,\n"
    pair = stores(observations=ROWS + revision, targets=TARGETS.replace(",80,", ",85,"))
    assert changes_between(*pair, []) == ()
    assert changes_between(*pair, ["observations:growth:*", "targets:34-52", "regions:*", "source:*"]) == ()
    assert only(changes_between(*pair, ["observations:*:63-64"])).key == "observations:*:63-64"
    assert only(changes_between(*pair, ["observations:coverage:63-64"])).new == 57.25
    assert changes_between(*pair, ["observations:coverage:63-64@2024-06-11"]) == ()
    assert only(changes_between(*pair, ["observations:coverage:63-64@2024-06-12"])).new == 57.25
    both = only(changes_between(*pair, ["observations:coverage:63-64@2024-06-11", "observations:coverage:*"]))
    assert both.new == 57.25


def test_the_project_s_own_archive_with_one_figure_changed(real_project: Project, tmp_path: Path) -> None:
    ingest(real_project.raw, real_project.processed)
    store = slices.current_store(real_project.processed)
    assert store is not None
    frame = pd.read_parquet(store / "observations.parquet")
    chosen = (frame["indicator"] == "de_va_share_gdp") & (frame["period"] == "2022") & (frame["value"] == 12.83)
    assert chosen.sum() == 1
    frame.loc[chosen, "value"] = 12.9
    other = install_store(tmp_path / "other", frame, read_catalogue(store))
    change = only(changes_between(store, other, ["observations:de_va_share_gdp:VN", "targets:*", "regions:*"]))
    assert (change.kind, change.period, change.old, change.new) == ("revised", "2022", 12.83, 12.9)

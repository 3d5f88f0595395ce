"""A store between two stores: nothing chosen is the first, everything the second, and one change is that change only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.data import open_store, slices
from dxanalysis.data.changes import changes_between
from dxanalysis.data.hybrid import hybrid, install_store
from dxanalysis.data.current import sound
from dxanalysis.data.ingest import ingest
from dxanalysis.data.readers.observations import typed
from dxanalysis.data.schema import OBSERVATION_KEY
from dxanalysis.project import Project, find_project
from trial import INDICATORS, MERGERS, REGIONS, ROWS, SOURCES, TARGETS, Archive

EVERYTHING = ("observations:*:*", "targets:*", "regions:*", "indicator:*", "source:*")
TODAY = date(2026, 1, 31)
DAYS = ("2023-01-10", "2024-01-10", "2025-06-30")


def digests(store: Path, keys: tuple[str, ...] = EVERYTHING) -> list[str]:
    index = slices.read_index(store)
    return [slices.digest_of(key, index, today=TODAY) for key in keys]


def built(archive: Archive) -> Path:
    ingest(archive.raw, archive.processed)
    store = slices.current_store(archive.processed)
    assert store is not None
    return store


@pytest.fixture
def pair(make_archive: Callable[[str], Archive]) -> tuple[Path, Path]:
    """Two stores that differ in everything a store holds."""
    before, after = make_archive("before"), make_archive("after")
    before.observations(ROWS + "level,34,52,2024,90000,bn_vnd,2025-02-01,2025-02-01,estimate,office,\n")
    after.write("indicators.csv", INDICATORS + "paid,Thanh toán,Paid,Tỷ lệ,Share,percent,0,100,up,share,NSO,none,\n")
    after.write("regions.csv", REGIONS + "34,58,Lâm Đồng,Lam Dong,province,,2025-07-01,\n")
    after.write("mergers.csv", MERGERS.replace("63-52,34-52", "63-52,34-58"))
    after.write("sources.csv", SOURCES + "press,An article,Gia Lai newspaper,https://example.org/a,press,\n")
    after.observations(
        ROWS.replace("50,percent", "50.25,percent")
        + "coverage,63,64,2023,57.25,percent,2024-06-10,2024-06-12,revised,office,\n"
        + "coverage,63,64,2024,60,percent,2025-01-10,2025-01-10,actual,press,\n"
        + "paid,34,58,2025,31,percent,,2026-01-10,actual,press,\n"
    )
    after.targets(TARGETS.replace(",80,", ",85,") + TARGETS.replace("T1", "T2").replace("2025", "2030"))
    return built(before), built(after)


def test_all_changes_give_the_second_store_and_none_the_first(pair: tuple[Path, Path], tmp_path: Path) -> None:
    changes = changes_between(*pair, EVERYTHING)
    assert {c.kind for c in changes} == {
        "revised", "new period", "new series", "withdrawn", "boundary", "target", "catalogue",
    }  # fmt: skip
    none = hybrid(*pair, (), tmp_path / "none")
    whole = hybrid(*pair, changes, tmp_path / "all")
    for name in ("observations.parquet", "catalogue.json", "slices.json"):
        assert (none / name).read_bytes() == (pair[0] / name).read_bytes()
        assert (whole / name).read_bytes() == (pair[1] / name).read_bytes()
    back = changes_between(whole, none, EVERYTHING)
    assert digests(hybrid(whole, none, back, tmp_path / "back")) == digests(pair[0])


def test_one_change_at_a_time_leads_from_the_first_to_the_second(pair: tuple[Path, Path], tmp_path: Path) -> None:
    at = pair[0]
    changes = changes_between(*pair, EVERYTHING)
    for number, change in enumerate(changes):
        at = hybrid(at, pair[1], [change], tmp_path / str(number))
        left = changes_between(at, pair[1], EVERYTHING)
        assert change not in left
        # A figure may bring its indicator and source along; nothing else comes with a change, except the one registry.
        assert set(left) <= set(changes)
        gone = set(changes) - set(left) - set(changes[:number])
        assert gone - {change} <= {c for c in changes if c.table in {"indicator", "source", change.table}}
        if change.kind != "boundary":
            assert all(c.kind == "catalogue" for c in gone - {change})
    assert digests(at) == digests(pair[1])


def test_the_folder_opens_as_a_project_s_store(pair: tuple[Path, Path], tmp_path: Path) -> None:
    root = tmp_path / "mixed"
    (change,) = [c for c in changes_between(*pair, EVERYTHING) if c.kind == "new series"]
    store = hybrid(*pair, [change], root / "data" / "processed")
    assert sound(store) is not None
    (root / "dxanalysis.toml").write_text('[project]\nname_vi = "Thử"\nname_en = "Trial"\n', encoding="utf-8")
    opened = open_store(find_project(root))
    assert opened.path == store.resolve()
    assert opened.observations(indicator="paid")["value"].tolist() == [31.0]
    assert opened.source("press").title == "An article"
    assert opened.observations(indicator="level")["value"].tolist() == [90000.0]
    assert [target.value for target in opened.targets()] == [80.0]


def test_the_real_archive_comes_back_byte_for_byte(real_project: Project, tmp_path: Path) -> None:
    ingest(real_project.raw, real_project.processed)
    store = slices.current_store(real_project.processed)
    assert store is not None
    same = hybrid(store, store, (), tmp_path / "same")
    assert (same / "slices.json").read_bytes() == (store / "slices.json").read_bytes()
    assert (same / "observations.parquet").read_bytes() == (store / "observations.parquet").read_bytes()


releases = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(["coverage", "growth"]),
        "region": st.sampled_from(["52", "58"]),
        "period": st.sampled_from(["2022", "2023"]),
        "value": st.one_of(st.none(), st.floats(-1e9, 1e9)),
        "released_from": st.one_of(st.none(), st.sampled_from(DAYS)),
        "released_to": st.sampled_from(DAYS),
        "status": st.sampled_from(["actual", "revised", "estimate"]),
        "source": st.sampled_from(["office", "press"]),
        "note": st.sampled_from(["", "về"]),
    }
)
archives = st.lists(releases, max_size=8, unique_by=lambda row: tuple(str(row.get(name)) for name in OBSERVATION_KEY))


def stored(rows: list[dict[str, Any]], folder: Path) -> Path:
    plain = [
        {**row, "boundary_set": "34", "region_id": f"34-{row['region']}", "unit": "percent", "note_vi": ""}
        for row in rows
    ]
    columns = [
        "indicator",
        "boundary_set",
        "region",
        "region_id",
        "period",
        "value",
        "unit",
        "released_from",
        "released_to",
    ]
    frame = typed(pd.DataFrame(plain, columns=[*columns, "status", "source", "note", "note_vi"]))
    frame = frame.sort_values(list(OBSERVATION_KEY), na_position="first", ignore_index=True)
    entry = {name: {"id": name} for name in ("coverage", "growth", "office", "press")}
    empty: dict[str, Any] = {"regions": [], "mergers": [], "spellings": {}, "targets": []}
    return install_store(folder, frame, {"indicators": entry, "sources": entry, **empty})


@given(
    first=archives,
    second=archives,
    keys=st.sets(
        st.sampled_from(
            [
                "observations:*:*",
                "observations:coverage:*",
                "observations:growth:34-52",
                "observations:*:34-58@2024-01-10",
            ]
        )
    ),
)
@settings(max_examples=60, deadline=None)
def test_adopting_all_changes_of_some_slices_gives_their_digests(
    first: list[dict[str, Any]], second: list[dict[str, Any]], keys: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        a, b = stored(first, Path(folder) / "a"), stored(second, Path(folder) / "b")
        named = tuple(sorted(keys))
        changes = changes_between(a, b, named)
        assert bool(changes) == (digests(a, named) != digests(b, named))
        assert digests(hybrid(a, b, changes, Path(folder) / "mixed"), named) == digests(b, named)

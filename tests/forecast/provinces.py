"""A made-up archive of many provinces with a promise of three levels: figures to learn from each other by."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dxanalysis.data.ingest import ingest
from dxanalysis.project import find_project
from trial import SOURCES, SPELLINGS, Archive

LEVELS = ("records_online_province", "records_online_district", "records_online_commune")
N = 30
HOME, LAST = "34-01", 2025


def code(number: int) -> str:
    return f"{number:02d}"


def province(indicator: str, number: int, *, boundary_set: str = "34", last: int = LAST, n_years: int = 10) -> str:
    """Rows of one province: its own way up an S, later where the number is higher."""
    rng = np.random.default_rng([number, len(indicator)])
    start, way = -2.5 + 0.05 * number, np.cumsum(rng.normal(0.25, 0.1, n_years))
    values = 100 / (1 + np.exp(-(start + way)))
    return "".join(
        f"{indicator},{boundary_set},{code(number)},{year},{value:.2f},percent,{year + 1}-01-10,{year + 1}-01-10,actual,office,\n"
        for year, value in zip(range(last - n_years + 1, last + 1), values, strict=True)
    )


def quarters(indicator: str, number: int, *, n: int = 12, last: int = 2026 * 4 + 2) -> str:
    """Rows of one province by quarters, up to the third of 2026; ``last`` is four times the year and the quarter from 0."""
    rng = np.random.default_rng([number, len(indicator), 4])
    way = np.cumsum(rng.normal(0.06, 0.05, n))
    values = 100 / (1 + np.exp(-(-0.5 + 0.03 * number + way)))
    return "".join(
        f"{indicator},34,{code(number)},{at // 4}-Q{at % 4 + 1},{value:.2f},percent,2026-10-10,2026-10-10,actual,office,\n"
        for at, value in zip(range(last - n + 1, last + 1), values, strict=True)
    )


def target(name: str, indicator: str, value: float, *, deadline: int | str = 2030, region: str = "34,01") -> str:
    return f"{name},{indicator},{region},{deadline},>=,{value},,percent,at,2022-01-01,2022-01-01,office,\n"


def settle(archive: Archive, rows: str, targets: str) -> None:
    """Fill an archive: regions, indicators, and the given rows and targets."""
    heading = "indicator,name_vi,name_en,definition_vi,definition_en,unit,lower,upper,direction,kind,owner,aggregation,measured_by\n"
    vi = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
    archive.write(
        "indicators.csv",
        heading
        + "".join(
            f"{name},Hồ sơ trực tuyến {vi[level]},Records online at {level} level,Tỷ lệ,Share,percent,0,100,up,share,NSO,none,\n"
            for name in LEVELS
            for level in [name.rpartition("_")[2]]
        ),
    )
    archive.write(
        "regions.csv",
        "boundary_set,region,name_vi,name_en,kind,parent,valid_from,valid_to\n"
        "VN,VN,Việt Nam,Viet Nam,nation,,,\n"
        "34,AA,Vùng A,Region A,macro,,2025-07-01,\n"
        "63,01,Tỉnh cũ,Old province,province,,,2025-06-30\n"
        + "".join(f"34,{code(n)},Tỉnh {code(n)},Province {code(n)},province,,2025-07-01,\n" for n in range(1, N + 1)),
    )
    archive.write("mergers.csv", "old_region,new_region,effective,source\n63-01,34-01,2025-07-01,law\n")
    archive.observations(rows)
    archive.targets(targets)
    ingest(archive.raw, archive.processed)


def fill(archive: Archive) -> None:
    """Every province with every level, and the promise of the first one."""
    settle(
        archive,
        "".join(province(name, number) for name in LEVELS for number in range(1, N + 1)),
        target("T1", LEVELS[0], 81) + target("T2", LEVELS[1], 70) + target("T3", LEVELS[2], 68),
    )


def filled(root: Path) -> Archive:
    """An archive in an empty folder, filled."""
    (root / "dxanalysis.toml").write_text('[project]\nname_vi = "Thử"\nname_en = "Trial"\n', encoding="utf-8")
    archive = Archive(find_project(root))
    archive.raw.mkdir(parents=True)
    archive.write("region_spellings.csv", SPELLINGS)
    archive.write("sources.csv", SOURCES)
    fill(archive)
    return archive

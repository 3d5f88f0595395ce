"""Which causes a split is made over, and how they are told in both languages."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from data.test_hybrid import stored
from dxanalysis.data.changes import DataChange, read_catalogue
from dxanalysis.data.hybrid import install_store
from dxanalysis.reports.compare.players import (
    MOST_SINGLE,
    Player,
    PlayerKind,
    data_players,
    gathered,
    merged,
    other_players,
    own_changes,
)
from dxanalysis.reports.compare.told import NoteKind, Teller
from dxanalysis.reports.versions.storage import Manifest


def figure(
    kind: str = "revised", indicator: str = "x", region: str = "VN", period: str = "2024", **more: object
) -> DataChange:
    key = f"observations:{indicator}:{region}"
    return DataChange(kind=kind, key=key, indicator=indicator, region_id=region, period=period, **more)  # type: ignore[arg-type]


TARGET = DataChange(kind="target", key="targets:VN", item="T1")
WORDS = DataChange(kind="catalogue", key="source:s", item="s")
DAYS = date(2026, 1, 31), date(2026, 1, 31)


def ids(players: tuple[Player, ...]) -> list[str]:
    return [player.id for player in players]


def test_few_figures_are_told_one_by_one_many_by_series() -> None:
    few = [figure(period=str(year)) for year in (2022, 2023)]
    assert ids(data_players([*few, TARGET, WORDS], 6)) == [
        "revised:x:VN:2022",
        "revised:x:VN:2023",
        "target",
        "catalogue",
    ]
    assert ids(data_players([*few, TARGET, WORDS], 3)) == ["revised:x:VN", "target", "catalogue"]
    many = [figure(indicator=name, period=str(year)) for name in "xyz" for year in range(2000, 2020)]
    new = figure("new period", period="2025")
    assert ids(data_players([*many, new], 6)) == ["revised:x:VN", "revised:y:VN", "revised:z:VN", "new period:x:VN"]


def test_where_series_are_many_they_go_by_indicator_and_then_by_kind() -> None:
    regions = [figure(region=f"63-{code:02}", indicator=name) for code in range(MOST_SINGLE) for name in "xy"]
    assert ids(data_players(regions, 6)) == ["revised:x", "revised:y"]
    indicators = [
        figure(indicator=f"i{number}", kind=kind) for number in range(50) for kind in ("revised", "new series")
    ]
    found = data_players(indicators, 6)
    assert ids(found) == ["revised", "new series"]
    assert sum(len(player.changes) for player in found) == 100


def test_every_change_is_in_exactly_one_player() -> None:
    changes = [figure(indicator=f"i{n}", period=str(y)) for n in range(9) for y in range(3)] + [TARGET, WORDS]
    for room in range(1, 7):
        held = [change for player in data_players(changes, room) for change in player.changes]
        assert sorted(map(repr, held)) == sorted(map(repr, changes))


def test_the_smallest_are_gathered_until_there_is_room() -> None:
    players = data_players([figure(indicator=name) for name in "abcde"], 6)
    sizes = {player.id: float(size) for player, size in zip(players, (5, 1, 3, 2, 4), strict=True)}
    few = gathered(players, sizes, 3)
    assert ids(few) == ["revised:a:VN:2024", "revised:e:VN:2024", "data"]
    assert {change.indicator for change in few[-1].changes} == {"b", "c", "d"}
    assert gathered(players, sizes, 5) == tuple(sorted(players, key=lambda player: -sizes[player.id]))
    assert ids(gathered(players, sizes, 1)) == ["data"]


def test_what_is_merged_says_what_is_in_it() -> None:
    code = Player(id="code", kind="code")
    both = merged([*data_players([figure(), TARGET], 6), code])
    assert (both.kind, both.members, both.is_data) == ("together", ("revised", "target", "code"), False)
    assert merged([both, Player(id="seed", kind="seed")]).members == ("revised", "target", "code", "seed")
    assert len(both.changes) == 2


def test_other_causes_are_those_that_differ(make_manifest) -> None:
    old: Manifest = make_manifest()
    assert other_players(old, old, DAYS) == ()
    digests = dataclasses.replace(old.digests, code="0" * 64, parameters="1" * 64)
    new = dataclasses.replace(old, digests=digests, seed=1, data_used={"a": "1", "calendar:2026-12-31": "ahead"})
    assert ids(other_players(old, new, DAYS)) == ["parameters", "seed", "code"]
    later = date(2026, 1, 31), date(2027, 1, 1)
    assert ids(other_players(old, new, later)) == ["parameters", "seed", "calendar", "code"]
    # That time passed is no cause where the report asked for no day, or for none that passed.
    assert ids(other_players(old, old, later)) == []
    assert ids(other_players(new, new, (date(2026, 1, 31), date(2026, 12, 31)))) == []


def test_entries_that_new_figures_bring_along_are_no_causes(tmp_path: Path) -> None:
    row = {
        "indicator": "coverage", "region": "52", "period": "2022", "value": 1.0, "released_from": None,
        "released_to": "2023-01-10", "status": "actual", "source": "press", "note": "",
    }  # fmt: skip
    store_b = stored([row], tmp_path / "b")
    catalogue = read_catalogue(store_b)
    without = {name: entry for name, entry in catalogue["sources"].items() if name == "office"}
    empty = pd.read_parquet(store_b / "observations.parquet")[:0]
    store_a = install_store(tmp_path / "a", empty, {**catalogue, "sources": without})
    new = figure("new series", "coverage", "34-52", "2022")
    press, growth = (DataChange(kind="catalogue", key=f"source:{name}", item=name) for name in ("press", "growth"))
    office = DataChange(kind="catalogue", key="source:office", item="office")
    assert own_changes([new, press, growth, office], store_a, store_b) == (new, growth, office)
    assert own_changes([press], store_a, store_b) == (press,)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_cause_and_remark_has_words(language: str) -> None:
    teller = Teller(language, {"x": "Coverage"})
    labels = set()
    for kind in get_args(PlayerKind):
        data = (
            (figure(kind), figure(kind, period="2023"))
            if kind in ("revised", "new period", "new series", "withdrawn")
            else ()
        )
        for changes in (data, data[:1], (*data, *(figure(kind, "y") for _ in data))):
            labels.add(teller.label(Player(id=kind, kind=kind, changes=changes, members=("code", "new period"))))
    # A single figure of a new period and one of a new series are told alike: it is new.
    assert len(labels) == 12 + 4 * 3 - 1
    values = {"failure": "E", "count": "3"}
    for kind in get_args(NoteKind):
        wanted = {"cannot_run": ("failure",), "grouped": ("count",)}.get(kind, ())
        assert teller.note(kind, **{name: values[name] for name in wanted})


def test_figures_are_told_with_name_place_period_and_values() -> None:
    names = {"x": "Độ phủ", "VN": "cả nước"}
    vi, en = Teller("vi", names), Teller("en", {})
    one = figure(old=12.5, new=13.0, unit="percent", period="2024-H1")
    assert vi.label(data_players([one], 6)[0]) == (
        "điều chỉnh Độ phủ (cả nước) 6 tháng đầu năm 2024: 12,5\u00a0% → 13\u00a0%"
    )
    assert en.label(data_players([one], 6)[0]) == "revised x (VN) first half of 2024: 12.5% → 13%"
    gone = figure("withdrawn", old=1234.5, new=None, unit="bn_vnd", period="odd")
    assert en.label(data_players([gone], 6)[0]) == "withdrawn x (VN) odd: 1,234.5\u00a0billion VND → no figure"
    kept = figure(old=5.0, new=5.0, unit="percent")
    assert en.label(data_players([kept], 6)[0]) == "released again x (VN) 2024: still 5%"
    assert Teller("fr", {}).label(data_players([kept], 6)[0]) == en.label(data_players([kept], 6)[0])

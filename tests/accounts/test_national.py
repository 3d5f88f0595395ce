from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.accounts import NotEnoughData, electronics_bounds, national_sets
from dxanalysis.accounts.national import level_range, nearest_set
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ModelError


@pytest.fixture(scope="module")
def sets(nation):
    made = national_sets(nation)
    assert isinstance(made, tuple)
    return {one.period.text: one for one in made}


def codes(one):
    return {note.code for note in one.notes}


def test_full_set_of_2025(sets):
    made = sets["2025"]
    assert made.kind == "full"
    assert (made.agri.value, made.indcon.value, made.services.value, made.core.value) == (0.13, 6.67, 7.22, 8.42)
    assert made.total == pytest.approx(14.02)
    assert made.structure.services.value == 42.75
    assert (made.agri_ever.low, made.agri_ever.high) == (pytest.approx(0.045), pytest.approx(0.135))
    assert codes(made) == set()


def test_electronics_bounds_of_2025_by_hand(sets):
    # At least 30 % of 14.02 = 4.206; at most industry less electricity (4 - 0.5 %) and metal (2 - 0.5 %): 6.67 - 0.05 * 14.02 = 5.969.
    assert sets["2025"].electronics_low == pytest.approx(4.206)
    assert sets["2025"].electronics_high == pytest.approx(5.969)


def test_bounds_without_the_published_least_part_follow_from_services(nation):
    made = national_sets(nation[nation["indicator"] != "de_electronics_share_of_de"])
    assert isinstance(made, tuple)
    # Core less digital services, plus the services that hold finance (2.6 - 0.05 %): 8.42 - 7.22 + 0.0255 * 14.02.
    assert made[-1].electronics_low == pytest.approx(1.20 + 0.0255 * 14.02)
    assert "electronics_part_not_published" in codes(made[-1])


def test_set_of_2023_takes_industry_as_the_remainder(sets):
    made = sets["2023"]
    assert made.kind == "remainder"
    assert made.agri.value == 0.05
    assert made.indcon.value == pytest.approx(12.33 - 6.65 - 0.05)
    assert made.core.value == 7.42
    # Agriculture may be what was published for 2025, 0.13: then industry is 0.08 lower. Rounding: total, services, agriculture.
    assert made.indcon.low == pytest.approx(5.63 - 0.01 - 0.085)
    assert made.indcon.high == pytest.approx(5.63 + 0.01 + 0.005)
    note = next(note for note in made.notes if note.code == "national_industry_is_remainder")
    assert dict(note.facts) == {"period": "2023", "agriculture_from": "2020-2022"}


def test_mean_of_2020_2022_takes_the_core_of_2022(sets):
    made = sets["2020-2022"]
    assert made.kind == "full"
    assert made.core.value == pytest.approx(12.75 * 7.77 / 12.68)
    assert made.structure.period.text == "2022"
    assert codes(made) == {"core_from_other_period", "national_structure_of_other_period"}


def test_total_of_one_release_is_not_paired_with_services_of_another(nation):
    only_newest = nation[~((nation["indicator"] == "de_va_share_gdp") & (nation["source"] == "dukcoquantwtphcm"))]
    made = national_sets(only_newest)
    assert isinstance(made, tuple)
    assert "2023" not in {one.period.text for one in made}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2025", "2025"),
        ("2024", "2025"),
        ("2023", "2023"),
        ("2022", "2020-2022"),
        ("2020-2023", "2020-2022"),
        ("2030", "2025"),
    ],
)
def test_nearest_set(sets, asked, expected):
    assert nearest_set(tuple(sets.values()), Period.parse(asked)).period.text == expected


def test_level_of_a_first_estimate_takes_the_revisions_ever_seen(nation, sets):
    low, high, evidence = level_range(nation, sets["2025"], Period.parse("2025"))
    # 2022 went 12.67 -> 12.63 (least) and 2023 went 12.33 -> 12.87 (greatest).
    assert (low, high, evidence) == (pytest.approx(12.63 / 12.67), pytest.approx(12.87 / 12.33), "revisions_seen")


def test_level_of_another_year_takes_that_years_total_too(nation, sets):
    low, _, _ = level_range(nation, sets["2025"], Period.parse("2024"))
    assert low == pytest.approx(13.17 / 14.02)


def test_level_of_a_revised_period_takes_its_releases(nation, sets):
    low, high, evidence = level_range(nation, sets["2023"], Period.parse("2023"))
    assert (low, high, evidence) == (pytest.approx(1.0), pytest.approx(12.87 / 12.33), "releases")


def test_level_without_release_history_is_not_widened(nation, sets):
    newest = nation[(nation["indicator"] == "de_va_share_gdp") & (nation["period"] == "2025")]
    assert level_range(newest, sets["2025"], Period.parse("2025")) == (1.0, 1.0, "none")


def test_parts_that_do_not_add_are_told(nation):
    wrong = nation.copy()
    wrong.loc[(wrong["indicator"] == "de_core_share_gdp") & (wrong["period"] == "2025"), "value"] = 8.13
    wrong.loc[(wrong["indicator"] == "de_digitalised_share_gdp") & (wrong["period"] == "2025"), "value"] = 5.05
    made = national_sets(wrong)
    assert isinstance(made, tuple)
    note = next(note for note in made[-1].notes if note.code == "national_parts_do_not_add")
    assert dict(note.facts) == {"by_kind": 13.18, "by_area": 14.02}


@pytest.mark.parametrize(
    ("dropped", "reason", "missing"),
    [
        ("de_", "no_national_figures", "de_agri_share_gdp"),
        ("gdp_structure", "no_national_structure", "gdp_structure_agri"),
        ("de_core", "no_core", "de_core_share_gdp"),
        ("de_services_share_gdp", "no_digital_value_added_by_area", "de_services_share_gdp"),
    ],
)
def test_missing_figures_are_named(nation, dropped, reason, missing):
    made = national_sets(nation[~nation["indicator"].str.startswith(dropped)])
    assert isinstance(made, NotEnoughData)
    assert made.reason == reason
    assert missing in made.missing


def test_digital_part_above_its_area_is_refused(nation):
    wrong = nation.copy()
    wrong.loc[(wrong["indicator"] == "de_agri_share_gdp") & (wrong["period"] == "2025"), "value"] = 13
    with pytest.raises(
        DataError, match=r"VN, 2025: digital value added of agri is 13 percent of GDP, the whole area 11\.64"
    ):
        national_sets(wrong)


def test_two_regions_are_refused(nation):
    other = nation.assign(region_id="XX")
    with pytest.raises(
        DataError, match=r"national figures must be of one region, found VN, XX\. Ask the store for one region"
    ):
        national_sets(pd.concat([nation, other]))


def test_mixed_units_are_refused(nation):
    wrong = nation.copy()
    wrong.loc[wrong["indicator"] == "de_core_share_gdp", "unit"] = "bn_usd"
    with pytest.raises(DataError, match=r"units are mixed: .*de_core_share_gdp in bn_usd"):
        national_sets(wrong)


def test_contradicting_parts_leave_no_room_for_electronics():
    with pytest.raises(ModelError, match=r"electronics would be at least 3\.00 and at most 2\.00 percent of GDP"):
        electronics_bounds(indcon=2.0, services=2.0, core=5.0, total=4.5)


@given(
    industry_core=st.floats(0, 10),
    industry_rest=st.floats(0, 10),
    services_core=st.floats(0, 10),
    services_rest=st.floats(0, 10),
    agri=st.floats(0, 1),
    floor=st.floats(0, 1),
)
def test_bounds_always_hold_the_truth_they_are_made_from(
    industry_core, industry_rest, services_core, services_rest, agri, floor
):
    total = industry_core + industry_rest + services_core + services_rest + agri
    if total == 0:
        return
    low, high = electronics_bounds(
        indcon=industry_core + industry_rest,
        services=services_core + services_rest,
        core=industry_core + services_core,
        total=total,
        electronics_part=floor * industry_core / total,
        other_industry_part=floor * industry_rest / total,
        other_services_part=floor * services_rest / total,
    )
    assert low - 1e-9 <= industry_core <= high + 1e-9

"""Numbers that a page records so that versions compare: named alike everywhere, called something, and those of the results."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from dxanalysis.accounts import DigitalShare
from dxanalysis.forecast import PublishedValue
from dxanalysis.pages.promises import outlook_of
from pages.conftest import LANGUAGES, NOTEBOOKS, REGIONS, Made

MakePage = Callable[[str, str, str], Made]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("region", REGIONS)
def test_every_value_is_called_something_in_each_language_and_is_not_on_the_page(
    notebook: str, region: str, make_page: MakePage
) -> None:
    vi, en = (make_page(notebook, region, language).values for language in LANGUAGES)
    assert list(vi) == list(en)
    assert vi
    for name, one in vi.items():
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+", name)
        assert one.title
        assert one.title != en[name].title
        assert one.label == en[name].label == ""
        assert one.unit == en[name].unit


@pytest.mark.parametrize("region", REGIONS)
def test_each_target_has_its_latest_figure_its_probability_and_the_pace_it_needs(
    region: str, make_page: MakePage
) -> None:
    made = make_page("attainment", region, "vi")
    official = {one.target.id: one for one in reversed(made.names["judgements"])}
    values = made.values
    chances = 0
    for identity, one in official.items():
        if isinstance(one.latest, PublishedValue):
            assert values[f"latest.{identity}"].value == one.latest.value
            assert values[f"latest_period.{identity}"].value == one.latest.period
        else:
            assert f"latest.{identity}" not in values
        found = outlook_of(one)
        assert (f"chance.{identity}" in values) == (found is not None)
        if found is not None:
            chances += 1
            assert values[f"chance.{identity}"].value == found.probability.value
            needed = {f"pace_needed.{identity}", f"mean_needed.{identity}"} & set(values)
            assert len(needed) == 1
            wanted = found.required_pace if found.required_mean is None else found.required_mean
            assert values[needed.pop()].value == pytest.approx(wanted, abs=1e-6)
    assert chances == values["targets_chance"].value


def test_another_method_of_a_target_has_a_name_of_its_own(make_page: MakePage) -> None:
    made = make_page("attainment", "VN", "vi")
    others = {f"chance.{one.target.id}.{one.indicator}" for one in made.names["judgements"]} & set(made.values)
    assert others
    for name in others:
        assert made.values[name].value != made.values[name.rpartition(".")[0]].value


@pytest.mark.parametrize("notebook", ["attainment", "contribution"])
def test_the_estimate_is_recorded_with_its_bounds(notebook: str, make_page: MakePage) -> None:
    made = make_page(notebook, "34-52", "en")
    estimate = made.names["estimate"]
    assert isinstance(estimate, DigitalShare)
    low, high = estimate.interval(0.95)
    recorded = [made.values[f"share_estimate_{name}"].value for name in ("low_95", "median", "high_95")]
    assert recorded == pytest.approx([low, estimate.estimate, high], abs=1e-4)
    assert made.values["share_estimate_period"].value == estimate.period


def test_counts_of_the_data_are_those_of_the_frames(make_page: MakePage) -> None:
    made = make_page("data_quality", "34-52", "vi")
    history, conflicts = made.names["history"], made.names["contradictions"]
    store = made.page.store
    warned = [name for name in history["source"].unique() if store.source(name).note]
    found = {name: one.value for name, one in made.values.items()}
    assert (found["figures"], found["indicators"]) == (len(history), history["indicator"].nunique())
    assert (found["conflicts"], found["warnings"]) == (len(conflicts), len(warned))

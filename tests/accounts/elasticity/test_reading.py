from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import FORMS, Bootstrap, regress, regression_panel
from trial import ROOT

PAGE = ROOT / "docs/methods/elasticity.md"
CODE = sorted((ROOT / "src/dxanalysis/accounts/elasticity").glob("*.py"))

# Terms of the field that name levels, and options of linearmodels; everything else that says "effect" claims too much.
_TERMS = re.compile(r"(?:fixed|random|time|two-way fixed|entity|period)[ _-]effects|effects models", re.IGNORECASE)
_CLAIMS = re.compile(
    r"\b(caus\w*|effects?|impacts?|impacted|driv(?:e|es|en|ing|ers?)|boost\w*|lead(?:s|ing)? to|led to|due to|because of|"
    r"contribut\w*|bring(?:s)? about|thanks to|treatment|treated|spur\w*|stimulat\w*)\b",
    re.IGNORECASE,
)


def claims(text: str) -> list[str]:
    return [match.group() for match in _CLAIMS.finditer(_TERMS.sub("", text))]


def test_the_search_finds_what_it_looks_for():
    assert claims("Digitalisation drives growth; the effect of 1 %.") == ["drives", "effect"]
    assert claims("Two-way fixed effects, entity_effects=True, leads and lags") == []


@pytest.mark.parametrize("path", [PAGE, *CODE], ids=lambda path: path.name)
def test_no_word_claims_more_than_an_association(path: Path):
    assert claims(path.read_text(encoding="utf-8")) == []


def panel(frame, **options):
    return regression_panel(frame, region="region", period="year", outcome="y", digital="d", controls=("k",), **options)


def codes(made):
    return {note.code: dict(note.facts) for note in made.cautions}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_what_it_shows_and_what_none_shows(form):
    made = panel(world(9, 6), lag=1, scale="elasticity")
    read = regress(made, form=form).reading()
    assert read.shows.facts == (("scale", "elasticity"), ("lag", 1.0))
    assert {note.code for note in read.does_not_show} == {
        "which_of_the_two_moves_first",
        "what_a_policy_would_change",
        "factors_left_out_that_move_with_both",
        "regions_outside_the_panel",
    }
    assert "endogenous_regressor" in {note.code for note in read.cautions}


def test_every_code_is_explained_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    found = {code for path in CODE for code in re.findall(r'Note\(\s*code="(\w+)"', path.read_text(encoding="utf-8"))}
    found |= {"serially_correlated_errors", "dependent_regions"}
    assert len(found) > 15
    assert [code for code in sorted(found) if f"`{code}`" not in page] == []


def test_a_clean_panel_gets_few_cautions():
    draw = np.random.default_rng(3)
    frame = world(40, 12, seed=3)
    frame["y"] = 0.5 * frame["d"] + draw.normal(size=len(frame))
    assert codes(regress(panel(frame), form="fixed")).keys() == {"endogenous_regressor"}


def test_little_variation_within_is_measured():
    frame = world(40, 12)
    frame["d"] = frame["region"].str[1:].astype(float) + 0.01 * frame["d"]
    made = regress(panel(frame), form="fixed")
    within = frame["d"] - frame.groupby("region")["d"].transform("mean")
    share = float((within**2).sum() / ((frame["d"] - frame["d"].mean()) ** 2).sum())
    assert codes(made)["little_variation_within"] == {"share": pytest.approx(share, rel=1e-9)}


def test_two_random_walks_look_spurious():
    draw = np.random.default_rng(5)
    frame = world(30, 40)
    walk = np.cumsum(draw.normal(size=(30, 40, 2)) + 0.5, axis=1).reshape(-1, 2)
    frame["y"], frame["d"] = walk.T
    found = codes(regress(panel(frame), form="fixed"))
    assert found["levels_may_be_spurious"]["r2"] > found["levels_may_be_spurious"]["durbin_watson"]
    assert "serially_correlated_errors" in found


def test_common_shocks_make_dependent_regions():
    frame = world(12, 12, noise=0.05)
    assert "dependent_regions" in codes(regress(panel(frame), form="fixed", bootstrap=Bootstrap(draws=199)))


def test_levels_that_lean_on_the_regressor_reject_random_levels():
    frame = world(30, 5, noise=0.5)
    frame["y"] += 3 * frame.groupby("region")["d"].transform("mean")
    assert codes(regress(panel(frame), form="random"))["random_levels_rejected"]["p_value"] < 0.001

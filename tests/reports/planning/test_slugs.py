from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.reports.planning.slugs import LONGEST, slug

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
texts = st.text(max_size=60)
parameters = st.dictionaries(names, texts, max_size=5)


def test_a_plain_set_is_readable() -> None:
    assert slug({"region": "34-52", "language": "vi"}) == "language-vi_region-34-52"
    assert slug({"region": "VN", "horizon": 5, "level": 0.8, "draft": True}) == "draft-true_horizon-5_level-0.8_region-VN"
    assert slug({}) == "default"


def test_a_name_in_vietnamese_keeps_its_letters_and_gets_a_digest() -> None:
    assert re.fullmatch(r"region-Binh-Dinh~[0-9a-f]{12}", slug({"region": "Bình Định"}))


@given(parameters)
def test_a_slug_is_one_harmless_folder_name(given_parameters: dict[str, str]) -> None:
    name = slug(given_parameters)
    assert re.fullmatch(r"[A-Za-z0-9_~.-]+", name)
    assert len(name) <= LONGEST
    assert not name.startswith(".")
    assert not name.endswith(".")
    base = Path("base").absolute()
    assert (base / name).resolve().parent == base


@given(parameters, parameters)
def test_two_sets_never_share_a_slug(one: dict[str, str], other: dict[str, str]) -> None:
    assert (slug(one) == slug(other)) == (one == other)


@given(st.dictionaries(names, st.text(alphabet="ab-_.~/", max_size=4), max_size=3))
def test_separators_inside_values_do_not_make_two_sets_meet(one: dict[str, str]) -> None:
    joined = {"x": "_".join(f"{k}-{v}" for k, v in sorted(one.items()))}
    assert slug(one) != slug(joined) or one == joined

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.matrix import crossed
from dxanalysis.reports.planning.plan import Job, plan

SETS = {"34": ("34-01", "34-52"), "63": ("63-52", "63-64"), "00": ()}


def expand(text: str) -> Sequence[str] | None:
    start, colon, rest = text.partition(":")
    if not colon or rest != "*":
        return None
    if start not in SETS:
        raise ParameterError(f"region {text!r} names no boundary set", fix="Write 34:* or 63:*")
    return SETS[start]


EXPANDERS = {"region": expand}


def regions(jobs: Sequence[Job]) -> list[object]:
    return [job.parameters["region"] for job in jobs]


@pytest.fixture
def notebooks(make_notebook, settings):
    make_notebook("n", parameters='region: str = "VN"\nlanguage: str = "vi"\nas_of: str = ""\nseed: int = 0')
    make_notebook("plain", parameters="draws: int = 5")
    return settings.notebooks


def planned(notebooks, *jobs: dict[str, object], **options) -> tuple[Job, ...]:
    return plan({"jobs": list(jobs)}, notebooks, expanders=EXPANDERS, **options)


def test_a_wildcard_stands_for_every_value_in_its_place(notebooks) -> None:
    jobs = planned(notebooks, {"notebook": "n", "region": ["VN", "34:*", "63:*"]})
    assert regions(jobs) == ["VN", "34-01", "34-52", "63-52", "63-64"]


@pytest.mark.parametrize("written", [["34:*", "34-52"], ["34-52", "34:*"], ["34:*", "34:*"]])
def test_a_wildcard_and_one_of_its_values_make_no_report_twice(notebooks, written: list[str]) -> None:
    assert sorted(map(str, regions(planned(notebooks, {"notebook": "n", "region": written})))) == ["34-01", "34-52"]


def test_exclusions_leave_combinations_out(notebooks) -> None:
    job = {"notebook": "n", "region": ["34:*", "63-64"], "language": ["vi", "en"]}
    jobs = planned(
        notebooks, {**job, "exclude": [{"region": "63-64", "language": "en"}, {"region": "34:*", "language": ["vi"]}]}
    )
    assert [(j.parameters["region"], j.parameters["language"]) for j in jobs] == [
        ("34-01", "en"), ("34-52", "en"), ("63-64", "vi"),
    ]  # fmt: skip


def test_days_that_are_looked_back_from_are_a_parameter_like_any_other(notebooks) -> None:
    jobs = planned(notebooks, {"notebook": "n", "region": "VN", "as_of": ["2025-12-31", "2024-12-31"]})
    assert [job.folder for job in jobs] == ["n/as_of-2025-12-31_region-VN", "n/as_of-2024-12-31_region-VN"]


def test_a_job_has_the_plan_s_seed_or_its_own(notebooks) -> None:
    jobs = planned(notebooks, {"notebook": "n"}, {"notebook": "n", "region": "63-64", "seed": 9}, seed=7)
    assert [job.seed for job in jobs] == [7, 9]
    assert [job.folder for job in jobs] == ["n/default", "n/region-63-64"]


FAULTS = [
    ({"region": "35:*"}, "job 1 (n): region '35:*' names no boundary set. Write 34:* or 63:*."),
    ({"region": "00:*"}, "job 1 (n): region '00:*' stands for nothing"),
    ({"exclude": {"region": "VN"}}, "job 1 (n): exclude must be a list of tables"),
    ({"exclude": ["VN"]}, "job 1 (n): exclude must be a list of tables"),
    ({"exclude": [{}]}, "job 1 (n): exclude must be a list of tables"),
    (
        {"region": "VN", "exclude": [{"regoin": "VN"}]},
        'exclude names "regoin", which the job does not give; did you mean "region"?',
    ),
    (
        {"region": "VN", "exclude": [{"region": "63-64"}]},
        "exclude {region = '63-64'} fits none of the job's combinations",
    ),
    ({"region": "VN", "exclude": [{"region": "VN"}]}, "job 1 (n): exclude leaves no combination"),
    ({"region": "VN", "exclude": [{"region": []}]}, "exclude: region is an empty list"),
    ({"region": "VN", "exlude": [{"region": "VN"}]}, 'unknown parameter "exlude"; did you mean "exclude"?'),
    ({"seed": [1, 2]}, "seed is a list: a seed is no part of a report's name, so give one"),
    ({"shedule": "0 6 6 * *"}, 'unknown parameter "shedule"; did you mean "schedule"?'),
    ({"schedule": "0 6 32 * *"}, "job 1 (n): schedule '0 6 32 * *': day of the month '32' is out of range"),
    ({"region": {"a": 1}}, "region must be str, found {'a': 1} (dict)"),
    ({"region": [["VN"]]}, "region must be str, found ['VN'] (list)"),
    ({"region": ["VN", "VN"]}, "n (region=VN) is planned twice"),
]


@pytest.mark.parametrize(("keys", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_what_is_wrong_with_a_job_is_told(notebooks, keys: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        planned(notebooks, {"notebook": "n", **keys})
    assert words in str(caught.value)


def test_the_keys_beside_the_jobs_are_checked_too(notebooks) -> None:
    report = {"jobs": [{"notebook": "n"}], "shedule": "0 6 6 * *", "seed": "x", "schedule": "monthly"}
    with pytest.raises(ParameterError) as caught:
        plan(report, notebooks)
    assert "faults of the report plan: 3" in str(caught.value)
    for words in (
        'unknown key "shedule"; did you mean "schedule"?',
        "seed must be int, found 'x' (str)",
        "is not of five fields",
    ):
        assert words in str(caught.value)


WIDE = {"region": [*SETS["34"], *SETS["63"]], "language": ["vi", "en"]}


def test_a_plan_is_widened_where_it_has_one_of_the_regions(notebooks) -> None:
    jobs = planned(
        notebooks,
        {"notebook": "n", "region": ["34-52", "VN"], "language": "vi"},
        {"notebook": "n", "region": "VN", "language": "vi", "as_of": "2024-12-31"},  # the nation alone: as it is
        {"notebook": "plain", "draws": 9},
        widen=WIDE,
    )
    wide = [(job.parameters["region"], job.parameters["language"]) for job in jobs[:-2]]
    assert wide == list(product(["34-52", "VN", "34-01", "63-52", "63-64"], ["vi", "en"]))
    assert [job.folder for job in jobs[-2:]] == ["n/as_of-2024-12-31_language-vi_region-VN", "plain/draws-9"]


def test_two_jobs_that_meet_when_they_are_widened_make_each_report_once(notebooks) -> None:
    jobs = planned(
        notebooks,
        {"notebook": "n", "region": "34-52", "language": "vi"},
        {"notebook": "n", "region": "63-64", "language": "en"},
        widen=WIDE,
    )
    assert len(jobs) == len({job.folder for job in jobs}) == 8


def test_a_region_that_is_left_to_the_notebook_is_one_of_the_regions_too(make_notebook, settings) -> None:
    make_notebook("n", parameters='region: str = "34-52"\nlanguage: str = "vi"')
    make_notebook("nation", parameters='region: str = "VN"\nlanguage: str = "vi"')
    jobs = plan({"jobs": [{"notebook": "n"}, {"notebook": "nation"}]}, settings.notebooks, widen=WIDE)
    assert len(jobs) == 9
    assert jobs[-1].folder == "nation/default"


def test_what_is_excluded_stays_out_of_a_widened_plan(notebooks) -> None:
    job = {
        "notebook": "n",
        "region": "34-52",
        "language": ["vi", "en"],
        "exclude": [{"region": "63-64", "language": "en"}],
    }
    assert len(planned(notebooks, job, widen=WIDE)) == 7


values = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True)


@given(values, values, st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=5))
def test_exclusions_take_away_exactly_what_they_name(xs: list[str], ys: list[str], out: list[tuple[str, str]]) -> None:
    entry = {"notebook": "n", "x": xs, "y": ys, "exclude": [{"x": x, "y": y} for x, y in out]}
    found = crossed(entry)
    kept = [(row["x"], row["y"]) for row in found.combinations]
    assert kept == [pair for pair in product(xs, ys) if pair not in out]
    useless = {pair for pair in out if pair not in set(product(xs, ys))}
    assert len([f for f in found.faults if "fits none" in f]) >= len(useless)
    assert bool(found.faults) == bool(useless or not kept)

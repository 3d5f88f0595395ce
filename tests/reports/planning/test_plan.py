from __future__ import annotations

import pickle

import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.plan import Job, checked, plan


def test_lists_are_crossed_in_the_order_written(make_notebook, settings) -> None:
    make_notebook("contribution")
    report = {"jobs": [{"notebook": "contribution", "region": ["34-52", "VN"], "language": ["vi", "en"]}]}
    jobs = plan(report, settings.notebooks, seed=7)
    assert [job.folder for job in jobs] == [
        "contribution/language-vi_region-34-52",
        "contribution/language-en_region-34-52",
        "contribution/language-vi_region-VN",
        "contribution/language-en_region-VN",
    ]
    assert {job.seed for job in jobs} == {7}
    assert pickle.loads(pickle.dumps(jobs)) == jobs  # jobs go to worker processes


def test_a_whole_number_for_a_float_is_one_report_with_the_float(make_notebook, settings) -> None:
    make_notebook("n", parameters="level: float = 0.8\nseed: int = 1")
    whole, real = (plan({"jobs": [{"notebook": "n", "level": v, "seed": 9}]}, settings.notebooks)[0] for v in (2, 2.0))
    assert whole == real
    assert whole.folder == "n/level-2.0"
    assert whole.seed == 9


def test_all_faults_come_at_once_and_each_says_what_to_do(make_notebook, settings) -> None:
    make_notebook("contribution", parameters='region: str = "VN"\nlanguage: str = "vi"\nday: str')
    make_notebook("plain", "x = 1", parameters=None)
    report = {
        "jobs": [
            {"notebook": "contribution", "regoin": "VN", "day": "2025-01-01"},
            {"notebook": "contribution", "region": ["99-99", 34], "day": "2025-01-01"},
            {"notebook": "contribution", "region": "../VN", "day": "x"},
            {"notebook": "contribution", "language": []},
            {"notebook": "contribution"},
            {"notebook": "contributoin"},
            {"notebook": "../secret"},
            {"notebook": "plain"},
            {"region": "VN"},
            {"notebook": "contribution", "day": "x", "region=1;import os#": 1},
        ]
    }
    checks = {"region": lambda value: None if value == "VN" else f"region {value} is not in the registry"}
    with pytest.raises(ParameterError) as caught:
        plan(report, settings.notebooks, checks=checks)
    message = str(caught.value)
    for fault in (
        'unknown parameter "regoin"; did you mean "region"?',
        "region 99-99 is not in the registry",
        "region must be str, found 34 (int)",
        "region looks like a path: '../VN'",
        "job 4 (contribution): language is an empty list",
        "parameter day has no default and no value",
        'there is no notebook contributoin.ipynb; did you mean "contribution"?',
        "'../secret' is not a notebook name",
        "plain.ipynb: no cell tagged `parameters`",
        'job 9: notebook is missing; write notebook = "name"',
        "'region=1;import os#' is not a parameter name",
        "nothing was run",
    ):
        assert fault in message


@pytest.mark.parametrize("report", [{}, {"jobs": []}, {"jobs": "contribution"}])
def test_a_plan_without_jobs_says_how_to_write_one(settings, report: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=r"\[report\]: the report plan has no jobs\. Add \[\[report\.jobs\]\]"):
        plan(report, settings.notebooks)


def test_the_same_report_twice_is_a_fault(make_notebook, settings) -> None:
    make_notebook("n")
    with pytest.raises(ParameterError, match=r"n \(region=VN\) is planned twice"):
        plan({"jobs": [{"notebook": "n", "region": ["VN", "VN"]}]}, settings.notebooks)


def test_reports_that_differ_in_capitals_only_would_share_a_folder_on_some_systems(make_notebook, settings) -> None:
    make_notebook("n")
    jobs = [Job(notebook="n", parameters={"region": region}) for region in ("VN", "vn")]
    with pytest.raises(ParameterError, match="differ only in capital letters"):
        checked(jobs, settings.notebooks)

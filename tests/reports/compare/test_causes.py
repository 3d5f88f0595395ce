"""Why a version differs: each of the five digests, each kind of data, and only the calendar."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

import pytest

from dxanalysis.data.changes import ChangeKind
from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.causes import Cause, CauseKind, cause_from_plain, causes, has_new_data, only_calendar
from dxanalysis.reports.versions.storage import Manifest
from reports.compare.records_made import change

Make = Callable[..., Manifest]


def with_data(manifest: Manifest, **slices: str) -> Manifest:
    """A manifest that read these slices; a double underscore stands for a colon, a single one stays."""
    return replace(manifest, data_used={key.replace("__", ":"): digest for key, digest in slices.items()})


def kinds(found: tuple[Cause, ...]) -> list[str]:
    return [cause.kind for cause in found]


def test_two_equal_manifests_have_no_cause(make_manifest: Make) -> None:
    assert causes(make_manifest(1), make_manifest(2)) == ()


def test_each_digest_is_a_cause_of_its_own(make_manifest: Make) -> None:
    old = make_manifest(1)
    for name, kind in (("code", "code"), ("environment", "environment"), ("parameters", "parameters")):
        new = replace(make_manifest(2), digests=replace(old.digests, **{name: "0" * 64}))
        assert kinds(causes(old, new)) == [kind]
        assert causes(old, new)[0].facts == ()
    assert kinds(causes(old, replace(make_manifest(2), seed=7))) == ["seed"]
    (seed,) = causes(old, replace(make_manifest(2), seed=7))
    assert (seed.facts[0].old, seed.facts[0].new) == (0, 7)


def test_parameters_and_packages_are_named_with_both_values(make_manifest: Make) -> None:
    old = replace(make_manifest(1, parameters={"draws": 100, "as_of": ""}), versions={"numpy": "2.4.5", "gone": "1"})
    new = replace(make_manifest(2, parameters={"draws": 200, "x": True}), versions={"numpy": "2.4.6", "python": "3.11"})
    parameters, environment = causes(old, new)
    assert [(f.what, f.old, f.new) for f in parameters.facts] == [
        ("as_of", "", None),
        ("draws", 100, 200),
        ("x", None, True),
    ]
    assert [(f.what, f.old, f.new) for f in environment.facts] == [
        ("gone", "1", None),
        ("numpy", "2.4.5", "2.4.6"),
        ("python", None, "3.11"),
    ]


def test_edited_files_and_another_notebook_are_code(make_manifest: Make) -> None:
    new = make_manifest(2, notebook="attainment")
    (code,) = causes(make_manifest(1), new, modules=["packages/dx/model.py"])
    assert [(f.what, f.old, f.new) for f in code.facts] == [
        ("notebook", "contribution", "attainment"),
        ("packages/dx/model.py", None, None),
    ]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("observations:share:VN", "figures"),
        ("observations:share:*@2024-06-30", "figures"),
        ("targets:34-52", "target"),
        ("regions:*", "boundary"),
        ("indicator:share", "catalogue"),
        ("source:office", "catalogue"),
        ("other:thing", "figures"),
    ],
)
def test_without_a_store_the_keys_of_the_slices_name_the_cause(make_manifest: Make, key: str, kind: str) -> None:
    old = replace(make_manifest(1), data_used={key: "a", "same": "s"})
    new = replace(make_manifest(2), data_used={key: "b", "same": "s"})
    (cause,) = causes(old, new)
    assert cause.kind == kind
    assert [fact.what for fact in cause.facts] == [key]
    assert cause.facts[0].region_id == {"observations:share:VN": "VN", "targets:34-52": "34-52"}.get(
        key, "*" if key.startswith("observations") else ""
    )


@pytest.mark.parametrize("kind", get_args(ChangeKind))
def test_what_the_stores_know_explains_the_slice(make_manifest: Make, kind: str) -> None:
    old = with_data(make_manifest(1), observations__share__VN="a")
    new = with_data(make_manifest(2), observations__share__VN="b")
    (cause,) = causes(old, new, [change(kind=kind)])
    assert cause.kind == kind
    fact = cause.facts[0]
    assert (fact.old, fact.new, fact.period, fact.source, fact.released) == (
        12.66,
        13.1,
        "2024",
        "office",
        "2026-01-05",
    )


def test_a_change_under_a_wider_key_explains_it_and_another_does_not(make_manifest: Make) -> None:
    key = "observations:share:*"
    old, new = (replace(make_manifest(n), data_used={key: digest}) for n, digest in ((1, "a"), (2, "b")))
    assert kinds(causes(old, new, [change(key="observations:share:VN")])) == ["revised"]
    assert kinds(causes(old, new, [change(key="observations:other:VN")])) == ["revised", "figures"]


def test_a_deadline_that_passed_is_only_the_calendar(make_manifest: Make) -> None:
    old = with_data(make_manifest(1), **{"calendar__2025-12-31": "ahead", "calendar__2030-12-31": "ahead"})
    new = with_data(make_manifest(2), **{"calendar__2025-12-31": "passed", "calendar__2030-12-31": "ahead"})
    found = causes(old, new)
    assert only_calendar(found)
    assert not has_new_data(found)
    assert [(f.what, f.old, f.new) for f in found[0].facts] == [("2025-12-31", "ahead", "passed")]
    assert not only_calendar(causes(old, replace(new, seed=9)))
    assert not only_calendar(())


def test_slices_read_for_the_first_time_and_no_longer_are_told_apart(make_manifest: Make) -> None:
    old = with_data(make_manifest(1), observations__a__VN="1", observations__gone__VN="1")
    new = with_data(make_manifest(2), observations__a__VN="1", observations__begun__VN="1")
    (cause,) = causes(old, new)
    assert cause.kind == "reads"
    assert [(f.what, f.old, f.new) for f in cause.facts] == [
        ("observations:begun:VN", None, True),
        ("observations:gone:VN", True, None),
    ]


def test_causes_come_in_one_order_whatever_the_order_of_the_changes(make_manifest: Make) -> None:
    old, new = make_manifest(1), replace(make_manifest(2), seed=3, versions={"python": "3.12"})
    made = [change(kind=kind) for kind in get_args(ChangeKind)]
    order = [kind for kind in get_args(CauseKind) if kind in {*get_args(ChangeKind), "seed", "environment"}]
    assert kinds(causes(old, new, made)) == kinds(causes(old, new, made[::-1])) == order
    assert has_new_data(causes(old, new, made))


def test_a_cause_survives_json_and_damage_is_refused(make_manifest: Make) -> None:
    for cause in causes(make_manifest(1), replace(make_manifest(2), seed=3), [change(), change(old=None)]):
        assert cause_from_plain(json.loads(json.dumps(cause.to_plain()))) == cause
    damaged: Mapping[str, object] = {"kind": "magic", "facts": []}
    with pytest.raises(ReportError, match=r"cause\.kind is damaged: 'magic'"):
        cause_from_plain(damaged)

"""environment.yml, pyproject.toml and the lock say the same, and the lock names no index."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from trial import ROOT

# Names on conda-forge that differ from the package index.
CONDA_NAMES = {"python-duckdb": "duckdb", "matplotlib-base": "matplotlib", "typst-py": "typst"}
# Given packages of the project: never to be dropped.
GIVEN = {"jupyterlab", "pandas", "statsmodels", "scikit-learn", "seaborn", "papermill"}

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

PARSE = """
import json, sys
from rattler import MatchSpec
specs = [MatchSpec(text, strict=True) for text in json.load(sys.stdin)]
json.dump([[spec.name.normalized, str(spec.version)] for spec in specs], sys.stdout)
"""


def declared() -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["project"]["dependencies"])}


def locked() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    """Names and version ranges as the conda parser itself reads them."""
    texts = [item for item in CONDA["dependencies"] if isinstance(item, str)]
    # In a process of its own: the parser's runtime has been seen to abort an interpreter at exit.
    done = subprocess.run(
        [sys.executable, "-c", PARSE], input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return {CONDA_NAMES.get(name, canonicalize_name(name)): version for name, version in json.loads(done.stdout)}


def test_every_match_spec_parses_and_names_what_pyproject_names(conda: dict[str, str]) -> None:
    assert set(conda) - {"python", "pip"} == set(declared())


def test_version_ranges_are_equal(conda: dict[str, str]) -> None:
    for name, requirement in declared().items():
        assert SpecifierSet(conda[name]) == requirement.specifier, name
    assert SpecifierSet(conda["python"]) == SpecifierSet(PROJECT["project"]["requires-python"])


def test_the_lock_holds_every_dependency_within_its_range() -> None:
    pins = locked()
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not in the lock: make lock"
        for version in versions:
            assert requirement.specifier.contains(version), f"{requirement.name} {version}"


def test_every_locked_package_has_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
    assert "index" not in LOCK.lower()


def test_the_version_is_told_once() -> None:
    version = PROJECT["project"]["version"]
    assert f'__version__ = "{version}"' in (ROOT / "src/dxanalysis/__init__.py").read_text(encoding="utf-8")
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == version
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_given_packages_are_dependencies() -> None:
    assert set(declared()) >= GIVEN
    assert declared()["pandas"].specifier.contains("3.1.1")
    assert not declared()["pandas"].specifier.contains("2.3.3")

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.digests import (
    Digests,
    code_digest,
    environment_digest,
    notebook_code,
    package_digest,
    parameters_digest,
    seed_digest,
)


def test_saving_in_an_editor_does_not_change_the_code(make_notebook) -> None:
    path = make_notebook("n", "x = 1\ny = 2", "")
    before = code_digest(path, "p")
    saved = json.loads(path.read_text())
    saved["cells"].append({"cell_type": "markdown", "source": "# Lời dẫn"})
    saved["cells"].append({"cell_type": "code", "source": ["  \n"], "outputs": [], "metadata": {}})
    saved["cells"][1] |= {"source": "x = 1  \r\ny = 2\n\n", "outputs": [{"text": "out"}], "execution_count": 9, "id": "new"}
    path.write_text(json.dumps(saved, indent=4))
    assert code_digest(path, "p") == before


def test_code_parameters_cell_order_and_package_count(make_notebook) -> None:
    base = code_digest(make_notebook("n", "x = 1", "y = 2"), "p")
    assert code_digest(make_notebook("n", "x = 2", "y = 2"), "p") != base
    assert code_digest(make_notebook("n", "y = 2", "x = 1"), "p") != base
    assert code_digest(make_notebook("n", "x = 1", "y = 2", parameters="a: int = 1"), "p") != base
    assert code_digest(make_notebook("n", "x = 1", "y = 2"), "q") != base


def test_a_package_counts_by_content_and_name(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    source = tmp_path / "p" / "a.py"
    source.write_bytes(b"x = 1\n")
    first = package_digest([tmp_path / "p"])
    source.write_bytes(b"x = 1\r\n")
    (tmp_path / "p" / "__pycache__").mkdir()
    (tmp_path / "p" / "__pycache__" / "a.py").write_bytes(b"")
    (tmp_path / "p" / "notes.md").write_bytes(b"")
    assert package_digest([tmp_path / "p"]) == first
    source.rename(tmp_path / "p" / "b.py")
    assert package_digest([tmp_path / "p"]) != first


def test_the_environment_is_the_lock_and_the_python(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    first = environment_digest(lock)
    lock.write_text("a==2\n")
    assert environment_digest(lock) != first
    with pytest.raises(ReportError, match=r"absent\.lock: the lock file cannot be read"):
        environment_digest(tmp_path / "absent.lock")


def test_a_damaged_notebook_is_told(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text("{")
    with pytest.raises(ReportError, match=r"n\.ipynb: the file is not a readable"):
        notebook_code(tmp_path / "n.ipynb")


def test_parameters_are_one_whatever_their_order() -> None:
    assert parameters_digest({"a": 1, "b": "x"}) == parameters_digest({"b": "x", "a": 1})
    assert parameters_digest({"a": 1}) != parameters_digest({"a": "1"})


def test_each_of_the_five_makes_another_version(digests: Digests) -> None:
    versions = {digests.version}
    for name in digests.to_plain():
        versions.add(Digests(**{**digests.to_plain(), name: seed_digest(99)}).version)
    assert len(versions) == 6

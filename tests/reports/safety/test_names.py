"""Names that others choose: no path but under the reports folder, none that a common system cannot hold, none that is code."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.parameters import ParameterSpec, name_fault, value_fault
from dxanalysis.reports.planning.plan import plan
from dxanalysis.reports.planning.slugs import LONGEST, portability_fault, slug
from reports.safety.corpus import CORPUS, NAMES_THAT_ARE_CODE, PATHS

REGION = ParameterSpec(name="region", type_name="str", default="VN")
TEXTS = sorted({payload.text for payload in CORPUS} | set(PATHS))
ORDINARY_WORDS = {"exec", "eval", "print", "_"}
"""Names that Python allows to everybody: harmless where the notebook itself declares them, unknown elsewhere."""
DEVICES = ("CON", "con", "NUL.txt", "Aux", "PRN", "COM1", "nul .txt", "com9.tar.gz", "LPT1", "COM\u00b9", "CONIN$")


def is_portable(name: str) -> bool:
    """The rules of Windows and of macOS, written down once more from their own manuals."""
    stem = name.split(".", maxsplit=1)[0].rstrip(" ").upper()
    numbered = {f"{device}{n}" for device in ("COM", "LPT") for n in "0123456789\u00b9\u00b2\u00b3"}
    return (
        bool(name)
        and not set(name) & set('<>:"/\\|?*')
        and all(ord(c) > 31 for c in name)
        and name[-1] not in ". "
        and stem not in {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | numbered
        and unicodedata.normalize("NFD", name) == unicodedata.normalize("NFC", name)
        and len(name.encode()) <= 255
    )


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[1:25])
def test_a_hostile_value_names_one_folder_under_the_reports(text: str, tmp_path: Path) -> None:
    name = slug({"region": text, "language": "vi"})
    assert is_portable(name)
    assert portability_fault(name) is None
    assert len(name) <= LONGEST
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert PureWindowsPath(name).parts == (name,)


@pytest.mark.parametrize(
    "text", [text for text in PATHS if any(c in text for c in "/\\\x00\n") or text in {"..", ".", "C:x"}]
)
def test_a_path_is_no_value_of_a_parameter(text: str) -> None:
    fault = value_fault(REGION, text)
    assert fault is not None
    assert fault.startswith("region ")
    assert fault.isprintable()


def test_look_alikes_and_two_spellings_of_one_name_are_told_apart() -> None:
    alike = [
        "Gia Lai",
        "Gia La\u0456",
        "Gia\u00a0Lai",
        "gia lai",
        "Gia Lai ",
        "Bình Định",
        unicodedata.normalize("NFD", "Bình Định"),
    ]
    folders = [slug({"region": text}).casefold() for text in alike]
    assert len(set(folders)) == len(alike)


@pytest.mark.parametrize("name", NAMES_THAT_ARE_CODE)
def test_a_name_that_is_code_is_never_planned(make_notebook, name: str) -> None:
    make_notebook("n", "x = 1")
    notebooks = make_notebook("m", "x = 1").parent
    with pytest.raises(ParameterError) as caught:
        plan({"jobs": [{"notebook": "n", name: "x"}]}, notebooks)
    assert str(caught.value).replace("\n", "").isprintable()
    assert (name_fault(name) is None) == (name in ORDINARY_WORDS)


@pytest.mark.parametrize("name", [*PATHS, *DEVICES])
def test_a_notebook_is_named_by_a_plain_word(make_notebook, name: str) -> None:
    folder = make_notebook("n", "x = 1").parent
    if portability_fault(name) is None or name in DEVICES:
        (folder / f"{name}.ipynb").write_bytes((folder / "n.ipynb").read_bytes())
    if name in {"latest", "failed"}:
        assert plan({"jobs": [{"notebook": name}]}, folder)[0].folder == f"{name}/default"
        return
    with pytest.raises(ParameterError):
        plan({"jobs": [{"notebook": name}]}, folder)


@given(st.text(max_size=40) | st.sampled_from([*TEXTS, *DEVICES]))
def test_the_check_of_names_is_at_least_as_strict_as_the_systems(name: str) -> None:
    if portability_fault(name) is None:
        assert is_portable(name)


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,70}", fullmatch=True),
        st.text(max_size=120) | st.sampled_from(TEXTS) | st.booleans() | st.integers() | st.floats(allow_nan=False),
        max_size=6,
    )
)
def test_every_set_of_parameters_names_a_portable_folder(parameters: dict[str, str | bool | int | float]) -> None:
    assert is_portable(slug(parameters))


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_two_values_share_a_folder_even_where_capitals_do_not_count(one: str, other: str) -> None:
    if one.casefold() != other.casefold():
        assert slug({"p": one}).casefold() != slug({"p": other}).casefold()

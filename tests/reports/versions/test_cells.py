from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dxanalysis.reports.versions.cells import normal_cell


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x   =  1   # a comment\n\n\n"),
        ("f(a, b)", "f(\n    a,\n    b,\n)\r\n"),
        ("x = 'a'", 'x = "a"'),
        ("%matplotlib inline\nx = 1", "# first\n%matplotlib inline\n\nx=1"),
        ("%%time\nx = 1", "%%time\n\n\nx  =  1 # slow"),
        ("y = !ls", "y  =  !ls   "),
        ("await f()", "await f() # top level"),
        ("%%bash\nls", "%%bash\nls   \n"),
        ("not python at all", "not python at all   \n\n"),
    ],
)
def test_the_same_code_in_another_spelling_is_the_same(one: str, other: str) -> None:
    assert normal_cell(one).text == normal_cell(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("plot()", "plot();"),  # the semicolon hides the picture
        ("plot();  # quiet", "plot()  # quiet;"),
        ("%matplotlib inline", "%matplotlib widget"),
        ("%%time\nx = 1", "%%time\nx = 2"),
        ("%%bash\nls", "%%bash\nls -l"),
        ("!ls", "!ls -l"),
        ("df?", "df??"),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
        ("x = 'a  b'", "x = 'a b'"),
        ("this is no python", "this is no Python"),
    ],
)
def test_other_code_is_other_code(one: str, other: str) -> None:
    assert normal_cell(one).text != normal_cell(other).text


def test_a_semicolon_with_a_comment_behind_it_still_hides() -> None:
    assert normal_cell("plot();  # quiet").text == normal_cell("plot();").text


def test_a_percent_sign_that_begins_a_line_of_an_expression_is_no_magic() -> None:
    assert normal_cell("x = (a\n % b)").text == "x = a % b"


def test_an_odd_escape_warns_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert normal_cell("x = '\\d'").tree is not None


@pytest.mark.parametrize("source", ["x = '\ud800'", "\x00", "(" * 400, "x =", "%", "!", "?", "%%", "%%\nx"])
def test_any_text_has_a_spelling(source: str) -> None:
    normal_cell(source).text.encode("utf-8")


@given(st.text(alphabet="ab1 =+()%!?;#\n'\"", max_size=40))
@example("1;")
@example("if a:\n b;")
def test_the_spelling_of_python_is_a_fixed_point_and_the_same_syntax(source: str) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = normal_cell(source).text
        assert ast.dump(ast.parse(text)) == ast.dump(tree)
    assert normal_cell(text).text == text

"""Secrets: given by name only, and masked in whatever a run leaves behind."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.parameters import ParameterSpec, read_parameters, value_fault
from dxanalysis.reports.planning.plan import plan
from dxanalysis.reports.planning.secrets import SHORTEST, literal_fault, reveal, spellings, values
from dxanalysis.reports.scrub import SECRET, Scrubber
from reports.safety.corpus import SECRETS

# Made up here, and unlike any word: what a machine would make.
HELD = "q7Xw/2Lr+9Zt&k4\\Vb'1<p>\"ñ=5Ym"
CELL = 'region: str = "VN"\nlanguage: str = "vi"\ntoken: "Secret" = "OFFICE_TOKEN"'
MADE = "9c1185a5c5e9fc54" + "612808977ee8f548"


def masked(text: str, held: str = HELD) -> str:
    return Scrubber(Path("/nowhere/project"), {"OFFICE_TOKEN": held}).text(text)


def test_a_secret_is_declared_by_the_name_of_a_variable(make_notebook) -> None:
    specs = read_parameters(make_notebook("n", parameters=CELL))
    assert (specs["token"].type_name, specs["token"].default) == ("Secret", "OFFICE_TOKEN")
    unquoted = CELL.replace('"Secret"', "Secret").replace(' = "OFFICE_TOKEN"', "")
    assert read_parameters(make_notebook("m", parameters=unquoted))["token"].required


def test_reveal_reads_the_variable_and_nothing_else() -> None:
    assert reveal("OFFICE_TOKEN", {"OFFICE_TOKEN": HELD}) == HELD


@pytest.mark.parametrize(
    ("name", "environment", "message"),
    [
        ("OFFICE_TOKEN", {}, "OFFICE_TOKEN is not set"),
        ("OFFICE_TOKEN", {"OFFICE_TOKEN": ""}, "OFFICE_TOKEN is not set"),
        ("OFFICE_TOKEN", {"OFFICE_TOKEN": "abc"}, "fewer than 8 characters"),
        ("PATH", {"PATH": "long enough"}, "ends in _TOKEN"),
        ("office_token", {"office_token": HELD}, "ends in _TOKEN"),
        (HELD, {HELD: HELD}, "not shown"),
        (5, {}, "found int"),
    ],
)
def test_what_cannot_be_revealed_is_said_without_the_secret(
    name: str, environment: dict[str, str], message: str
) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        reveal(name, environment)
    assert HELD not in str(caught.value)


@pytest.mark.parametrize("literal", [*SECRETS, MADE, "abc", "", "A1B2C3D4E5F6G7H8_KEY"])
def test_a_secret_written_out_is_refused_and_not_repeated(make_notebook, literal: str) -> None:
    folder = make_notebook("n", parameters=CELL).parent
    with pytest.raises(ParameterError, match="environment variable") as caught:
        plan({"jobs": [{"notebook": "n", "token": literal}]}, folder)
    assert len(literal) < SHORTEST or literal not in str(caught.value)


@pytest.mark.parametrize("literal", [*SECRETS, MADE])
def test_an_ordinary_parameter_takes_no_secret_either(make_notebook, literal: str) -> None:
    folder = make_notebook("n", parameters=CELL).parent
    with pytest.raises(ParameterError, match=r'declare `token: "Secret"`') as caught:
        plan({"jobs": [{"notebook": "n", "region": literal}]}, folder)
    assert literal not in str(caught.value)


@pytest.mark.parametrize("name", ["token", "api_key", "gso_password", "Secret", "access_key"])
def test_a_parameter_named_like_a_secret_is_no_text(name: str) -> None:
    fault = value_fault(ParameterSpec(name=name, type_name="str", default=""), "hunter")
    assert fault is not None
    assert "hunter" not in fault
    assert value_fault(ParameterSpec(name=name, type_name="str", default=""), "") is None


@pytest.mark.parametrize(
    "line", [f'token: "Secret" = {SECRETS[0]!r}', f"region: str = {SECRETS[1]!r}", f"api_key = {SECRETS[0]!r}"]
)
def test_a_secret_in_the_cell_itself_is_refused_and_not_repeated(make_notebook, line: str) -> None:
    with pytest.raises(ParameterError, match="environment variable") as caught:
        read_parameters(make_notebook("n", parameters=line))
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


@pytest.mark.parametrize(
    "value",
    [
        "34-52",
        "2025-07-01",
        "Bình Định",
        "0001-3fa9c2d1",
        "ty-trong-kinh-te-so-2025-q1-q2",
        "digital-economy-2030-target-1",
        "NghiDinh123VeChuyenDoiSo2030",
        "growth_contribution_by_industry_2021_2025",
        "monkey",
        "risk-assessment-of-provinces",
        "weak-tokens: few",
        "key-figures",
    ],
)
def test_what_people_write_is_no_secret(value: str) -> None:
    assert literal_fault("region", value) is None


def test_most_keys_that_a_machine_makes_are_noticed() -> None:
    chance = random.Random(7)
    raw = [chance.randbytes(size) for size in (16, 24, 32) for _ in range(200)]
    made = [key for one in raw for key in (one.hex(), base64.urlsafe_b64encode(one).decode().rstrip("="))]
    missed = sum(literal_fault("region", key) is None for key in made)
    assert missed < len(made) / 10


def test_a_notebook_that_holds_the_secret_itself_is_refused(make_notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_TOKEN", MADE)
    folder = make_notebook("n", f"key = '{MADE}'", parameters=CELL).parent
    with pytest.raises(
        ParameterError, match=r"n\.ipynb: the notebook holds the secret that is in OFFICE_TOKEN"
    ) as caught:
        plan({"jobs": [{"notebook": "n"}]}, folder)
    assert MADE not in str(caught.value)


def test_variables_named_like_secrets_are_known_by_name() -> None:
    environment = {
        "OFFICE_TOKEN": "a-long-one-1",
        "AWS_SECRET_ACCESS_KEY": "a-long-one-22",
        "DB_PASSWORD": "short",
        "api-key": "a-long-one-3",
        "GITHUB_PAT": "a-long-one-4",
        "SSH_AUTH_SOCK": "not-a-secret",
        "HOTKEYS": "not-a-secret",
        "LANG": "not-a-secret",
    }
    assert values(environment) == ("a-long-one-22", "a-long-one-1", "a-long-one-3", "a-long-one-4")


@pytest.mark.parametrize("before", ["", "u", "us", "anna:"])
@pytest.mark.parametrize("after", ["", "!", "!!"])
def test_a_secret_is_masked_however_it_is_commonly_written(before: str, after: str) -> None:
    raw = (before + HELD + after).encode()
    written = [
        before + HELD + after,
        repr(before + HELD + after),
        json.dumps(before + HELD + after),
        json.dumps(before + HELD + after, ensure_ascii=False),
        quote(HELD),
        quote(HELD, safe=""),
        raw.hex(),
        raw.hex().upper(),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        f"\x1b[31m{HELD[:9]}\x1b[0m{HELD[9:]}",
    ]
    for text in written:
        result = masked(f"x {text} y")
        assert SECRET in result, text
        assert not [one for one in spellings(HELD) if one in result]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=SHORTEST, max_size=50))
def test_any_secret_is_masked_wherever_it_stands(held: str) -> None:
    for text in (held, f"a{held}b", f"{held}{held}", repr(held), base64.b64encode(b"u:" + held.encode()).decode()):
        assert held not in masked(text, held).replace(SECRET, "")


def test_a_key_in_many_lines_is_masked_line_by_line() -> None:
    lines = ["-----BEGIN KEY-----", *(MADE[n:] + MADE[:n] for n in (1, 2, 3)), "-----END KEY-----"]
    assert not [line for line in lines[1:-1] if line in masked(f"ValueError: {lines[2]}", "\n".join(lines))]


def test_what_is_not_caught_is_known() -> None:
    """Masking is a net under the rule that a notebook does not print its secret; these go through, and the guide says so."""
    for text in (HELD[::-1], " ".join(HELD), HELD[:10], HELD.upper(), base64.b85encode(HELD.encode()).decode()):
        assert masked(text) == text

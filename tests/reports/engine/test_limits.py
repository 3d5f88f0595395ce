from __future__ import annotations

import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.reports.engine.limits import Limits, machine_memory, share_of_memory


def test_notebooks_at_a_time_share_three_quarters_of_the_machine() -> None:
    assert machine_memory() > 0
    assert Limits().megabytes == share_of_memory(1)
    assert share_of_memory(1) <= max(256, machine_memory())
    for jobs in (1, 2, 8):
        assert share_of_memory(jobs) == 256 or jobs * share_of_memory(jobs) <= machine_memory() * 3 / 4
    assert share_of_memory(10**6) == 256, "a notebook cannot start with less"


def test_a_limit_that_is_given_holds() -> None:
    assert Limits(memory=500).megabytes == 500


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"memory": -1}, {"text": 0}, {"seconds": float("nan")}])
def test_a_limit_is_above_nothing(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match="Give a number above 0"):
        Limits(**wrong)  # type: ignore[arg-type]

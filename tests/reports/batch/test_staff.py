"""Workers are hired once for several steps, replaced where they break, and never left behind."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest

from dxanalysis.cli.batch import _MODULES, _PREPARED
from dxanalysis.reports.batch.result import Settings
from dxanalysis.reports.batch.staff import Staff


def test_one_executor_serves_every_step_until_it_breaks() -> None:
    with Staff(1) as staff:
        first = staff.executor(())
        assert staff.executor(("json",)) is first
        second = staff.renew(())
        assert second is not first
        assert second.submit(math.sqrt, 4).result() == 2
        with pytest.raises(RuntimeError):
            first.submit(math.sqrt, 4)
    with pytest.raises(RuntimeError):
        second.submit(math.sqrt, 9)


def test_what_runs_is_ended_where_something_went_wrong() -> None:
    with pytest.raises(KeyError), Staff(1) as staff:
        running = staff.executor(()).submit(time.sleep, 600)
        raise KeyError
    assert running.cancelled() or running.exception(timeout=60) is not None, "nobody waited for its end"


def test_nobody_is_hired_for_nothing() -> None:
    with Staff(2) as staff:
        pass
    assert staff._executor is None


def test_what_reports_of_a_notebook_share_is_prepared_for_them_alone() -> None:
    settings = Settings(
        project=Path(),
        notebooks=Path(),
        reports=Path(),
        environment="",
        labels={},
        modules=_MODULES,
        prepared=_PREPARED,
    )
    assert settings.modules_of({"attainment"}) == _MODULES
    assert settings.modules_of({"attainment", "contribution"}) == (*_MODULES, "dxanalysis.pages.example:prepare")

"""The folder of a backtest: scores.csv, reliability.csv and report.html, written beside its place and moved in whole."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

import dxanalysis
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.backtest.replay import Backtest
from dxanalysis.i18n import LANGUAGES, Texts, texts
from dxanalysis.pages import backtest
from dxanalysis.reports.batch.build import installed
from dxanalysis.reports.files import canonical, digest, write
from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.recorder import Recorder
from dxanalysis.reports.versions.digests import Digests, data_digest, package_digest, parameters_digest, seed_digest
from dxanalysis.reports.versions.storage import Manifest, version_id

SCORES: Final = "scores.csv"
RELIABILITY: Final = "reliability.csv"
PAGE: Final = "report.html"
FILES: Final = (SCORES, RELIABILITY, PAGE)


def check_folder(folder: Path) -> None:
    """Refuse a place that holds anything but an earlier backtest, or that cannot be written: before the work, not after it.

    Raises
    ------
    ParameterError
        When the place is a file, or a folder with other files (nothing of anyone else is ever replaced), or one may not write there.
    """
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder.name} is a file", fix="Give a folder with --out")
    others = sorted(path.name for path in folder.iterdir() if path.name not in FILES) if folder.is_dir() else []
    if others:
        raise ParameterError(
            f"the folder {folder.name or folder} holds other files: {', '.join(others[:5])}",
            fix="Give a new folder with --out; an earlier backtest is replaced, nothing else",
        )
    # It is written beside its place and moved in, so the folder above is what must be writable.
    above = next(parent for parent in folder.parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise ParameterError(
            f"the folder {above.name or above} cannot be written to",
            fix="Give your account the right to write there, or another folder with --out",
        )


def write_folder(
    folder: Path, found: Backtest, *, place: str, language: str, data: Mapping[str, str], parameters: Mapping[str, str]
) -> None:
    """Write the three files of a backtest.

    Parameters
    ----------
    folder
        Where they shall stand; an earlier backtest there is replaced.
    place
        What the panel is called in the title.
    language
        Language of the page.
    data
        Name of each file that was read -> its digest.
    parameters
        Options as the page lists them.
    """
    check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.parent / f".tmp-{secrets.token_hex(6)}"
    old = beside.with_name(f"{beside.name}-old")
    beside.mkdir()
    try:
        _write_table(beside / SCORES, found.scores)
        _write_table(beside / RELIABILITY, found.reliability)
        write(beside / PAGE, _page(found, place, language, data, parameters))
        if folder.exists():
            folder.rename(old)
        beside.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        for left in (beside, old):
            shutil.rmtree(left, ignore_errors=True)


def _write_table(path: Path, table: pd.DataFrame) -> None:
    write(path, table.to_csv(index=False, lineterminator="\n", float_format="%.6g"))


def _page(found: Backtest, place: str, language: str, data: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    began, now = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    t: Texts = texts(language)
    recorder = Recorder()
    recorder.meta(
        title=t("pages.backtest.title", place=place),
        short_title=t("pages.backtest.short"),
        subtitle=t("pages.backtest.subtitle"),
        language=language,
    )
    backtest.show(recorder, t, found)
    recorder.data_used(dict(data))
    versions = installed()
    digests = Digests(
        code=package_digest([Path(dxanalysis.__file__).parent]),
        data=data_digest(data),
        parameters=parameters_digest(parameters),
        environment=digest(canonical(versions)),
        seed=seed_digest(found.seed),
    )
    manifest = Manifest(
        notebook="backtest",
        parameters=dict(parameters),
        seed=found.seed,
        number=1,
        id=version_id(1, digests),
        digests=digests,
        data_used=dict(data),
        started=now,
        finished=now,
        seconds=round(time.monotonic() - began, 3),
        versions=versions,
        outputs=(),
    )
    labels = catalogue(
        **{name: {"version_text": texts(name)("pages.backtest.version", date="{date}")} for name in LANGUAGES}
    )
    files = [
        (SCORES, "text/csv", t("pages.backtest.file_scores")),
        (RELIABILITY, "text/csv", t("pages.backtest.file_reliability")),
    ]
    return page(recorder.record(), manifest, labels, alone=files)

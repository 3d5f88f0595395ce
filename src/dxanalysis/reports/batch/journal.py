"""What a run did, one JSON line a step, written as it happens: so that a killed run can be taken up where it stopped."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.plan import Job

FOLDER: Final = ".journal"
_KEPT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A run that was interrupted, as its journal tells it.

    Attributes
    ----------
    run
        Name of its journal.
    jobs
        The plan as it was: every job, whatever became of it.
    force
        Whether fresh reports were to be made too.
    done
        Folders of the reports that were made, or found fresh.
    failed
        Folders of those that failed.
    seconds
        Folder -> seconds that a report took.
    """

    run: str
    jobs: tuple[Job, ...]
    force: bool
    done: frozenset[str]
    failed: frozenset[str]
    seconds: Mapping[str, float]


class Journal:
    """The journal of one run. Each line is in the file before the next step begins; nothing is ever rewritten."""

    def __init__(self, stream: TextIO | None, run: str = "") -> None:
        self._stream = stream
        self.run = run

    def planned(self, jobs: Sequence[Job], *, force: bool, workers: int, resumes: str = "") -> None:
        """Note the plan: enough to make the same jobs again without the project file."""
        plain = [{"notebook": job.notebook, "parameters": dict(job.parameters), "seed": job.seed} for job in jobs]
        self._write("planned", jobs=plain, force=force, workers=workers, resumes=resumes)

    def fresh(self, folder: str) -> None:
        """Note that a report stands."""
        self._write("fresh", report=folder)

    def started(self, folder: str) -> None:
        """Note that a report is being made."""
        self._write("started", report=folder)

    def made(self, folder: str, version: str, seconds: float) -> None:
        """Note that a version was published."""
        self._write("made", report=folder, version=version, seconds=seconds)

    def failed(self, folder: str, error: str, seconds: float) -> None:
        """Note that a report could not be made."""
        self._write("failed", report=folder, error=error, seconds=seconds)

    def ended(self, seconds: float) -> None:
        """Note that every job was dealt with."""
        self._write("ended", seconds=seconds)

    def _write(self, event: str, **values: object) -> None:
        if self._stream is not None:
            line = {"event": event, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}
            self._stream.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            self._stream.flush()


NO_JOURNAL: Final = Journal(None)


@contextmanager
def journal(reports: Path) -> Iterator[Journal]:
    """Open the journal of a new run; the oldest ones make room. The caller holds the reports folder."""
    folder = reports / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.jsonl"))[: -(_KEPT - 1)]:
        old.unlink(missing_ok=True)
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(2)}"
    with (folder / f"{run}.jsonl").open("x", encoding="utf-8", newline="\n") as stream:
        yield Journal(stream, run)


def unfinished(reports: Path) -> Unfinished:
    """Read what the last run left undone.

    A line that a kill tore is left out, with all after it.

    Raises
    ------
    ParameterError
        There was no run, the last one ended, or its journal holds no plan.
    """
    journals = sorted((reports / FOLDER).glob("*.jsonl"))
    if not journals:
        raise ParameterError("there is no earlier run to take up", fix="Run without --resume")
    newest = journals[-1]
    lines = list(_lines(newest))
    if any(line["event"] == "ended" for line in lines):
        raise ParameterError("the last run was not interrupted: nothing is left of it", fix="Run without --resume")
    plan = next((line for line in lines if line["event"] == "planned"), None)
    try:
        jobs = tuple(
            Job(notebook=str(job["notebook"]), parameters=dict(job["parameters"]), seed=int(job["seed"]))
            for job in (plan or {})["jobs"]
        )
        seconds = {str(line["report"]): float(line["seconds"]) for line in _of(lines, {"made", "failed"})}
        done = frozenset(str(line["report"]) for line in _of(lines, {"made", "fresh"}))
        failed = frozenset(str(line["report"]) for line in _of(lines, {"failed"})) - done
    except (KeyError, TypeError, ValueError) as error:
        raise ParameterError("the journal of the last run tells of no plan", fix="Run without --resume") from error
    return Unfinished(
        run=newest.stem, jobs=jobs, force=bool((plan or {}).get("force")), done=done, failed=failed, seconds=seconds
    )


def _of(lines: Iterable[Mapping[str, Any]], events: set[str]) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["event"] in events]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for raw in path.read_bytes().split(b"\n"):
        try:
            line = json.loads(raw.decode("utf-8"))
        except ValueError:
            return
        if not isinstance(line, dict) or not isinstance(line.get("event"), str):
            return
        yield line

"""Reports: seconds, memory and what is run again, beside papermill alone.

    python benchmarks/reports.py [--only small real fresh memory dask] [--reports 16] [--provinces 34] [--many 1000]

small   A made-up notebook of 13 cells (a panel, a regression, a state-space model, three plots), two at a time: papermill's command in a
        loop, papermill in two processes, the cells alone in one warm Python process, and the project's engine. Steady seconds a report,
        after what is done once; every method in this one run.
real    The project's three notebooks for so many provinces in both languages: HTML, PDF, Excel and data files; then nothing changed; then
        one figure changed, on the project's own data in a folder of its own.
fresh   A thousand reports that all stand: the whole command ``dxanalysis run``.
memory  A thousand small reports in one batch: memory of the asking process and of the warm one, early and late.
dask    The same jobs on a Dask cluster of one worker process and of two.

One BLAS thread each. Nothing outside a temporary folder is written.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from dxanalysis.reports.batch.workers import ENGINE_MODULES
from dxanalysis.reports.engine.forked import ForkExecutor
from report_methods import by_command, by_engine, by_papermill, plainly, write_notebook

ROOT = Path(__file__).parents[1]


def timed(work: Callable[[int], None], numbers: Iterable[int]) -> float:
    """Seconds a report, one after another."""
    listed = list(numbers)
    began = time.perf_counter()
    for number in listed:
        work(number)
    return (time.perf_counter() - began) / len(listed)


def timed_on(
    executor: Executor, function: Callable[[Path, Path, int], None], book: Path, folder: Path, count: int
) -> float:
    """Steady seconds a report on an executor: the first two start it and are not counted."""
    for future in [executor.submit(function, book, folder, number) for number in (-1, -2)]:
        future.result()
    began = time.perf_counter()
    for future in [executor.submit(function, book, folder, number) for number in range(count)]:
        future.result()
    return (time.perf_counter() - began) / count


def small(folder: Path, count: int) -> None:
    """Measure the made-up notebook by every method, in turn, three rounds; medians."""
    book = write_notebook(folder / "small.ipynb")
    rounds: dict[str, list[float]] = {}
    plainly(book, [-1])
    for _ in range(3):
        found = {
            "papermill's command, one after another": timed(
                lambda n: by_command(book, folder, n), range(max(2, count // 4))
            ),
            "the cells in one warm Python process": median(plainly(book, range(count))),
        }
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
            found["papermill in two processes"] = timed_on(two, by_papermill, book, folder, count)
        with ForkExecutor(1, ENGINE_MODULES) as one:
            found["dxanalysis, one at a time"] = timed_on(one, by_engine, book, folder, count)
        with ForkExecutor(2, ENGINE_MODULES) as two_warm:
            found["dxanalysis, two at a time"] = timed_on(two_warm, by_engine, book, folder, count)
        for name, seconds in found.items():
            rounds.setdefault(name, []).append(seconds)
    base = median(rounds["the cells in one warm Python process"])
    print(f"\nsmall report, {count} of them, steady seconds a report (median of 3 rounds; lowest to highest)")
    for name, seconds in sorted(rounds.items(), key=lambda pair: -median(pair[1])):
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        print(f"  {name:<42} {median(seconds):6.2f}   {spread:<14} {median(seconds) / base:5.1f} x plain Python")


def project_copy(folder: Path, provinces: int | None = None) -> Path:
    """The project's data, notebooks and plan in a folder of its own."""
    project = folder / "project"
    project.mkdir()
    for name in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / name, project / name)
    for name in ("dxanalysis.toml", "requirements.lock"):
        shutil.copy(ROOT / name, project / name)
    if provinces is not None:
        ids = [f"34-{row.split(',')[1]}" for row in _rows(project / "data/raw/regions.csv") if row.startswith("34,")]
        chosen = ", ".join(f'"{one}"' for one in sorted(ids)[:provinces])
        plan = '[project]\nname_vi = "Đo thời gian"\nname_en = "Timing"\n[report]\nseed = 20250701\n' + "".join(
            f'[[report.jobs]]\nnotebook = "{notebook}"\nregion = [{chosen}]\nlanguage = ["vi", "en"]\n'
            for notebook in ("contribution", "attainment", "data_quality")
        )
        (project / "dxanalysis.toml").write_text(plan, encoding="utf-8")
    return project


def _rows(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


def command(project: Path, *options: str) -> tuple[float, str]:
    """Seconds and words of ``dxanalysis run``."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "dxanalysis", "run", "--project", str(project), *options]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return time.perf_counter() - began, done.stdout


def summary(words: str) -> str:
    """The line that counts."""
    return next(line for line in words.splitlines() if " reports: " in line)


def change_one_figure(project: Path) -> str:
    """Change the last figure of Gia Lai's own file, as a corrected release would."""
    import hashlib  # noqa: PLC0415

    raw = project / "data" / "raw"
    descriptor = json.loads((raw / "datapackage.json").read_text(encoding="utf-8"))
    for resource_ in descriptor["resources"]:
        path = raw / resource_["path"]
        if not resource_["path"].startswith("observations/"):
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        head = lines[0].strip().split(",")
        for at, line in enumerate(lines[1:], start=1):
            cells = line.rstrip("\n").split(",")
            if len(cells) == len(head) and (cells[head.index("boundary_set")], cells[head.index("region")]) == (
                "34",
                "52",
            ):
                place = head.index("value")
                cells[place] = f"{float(cells[place]) * 1.01:.4f}"
                lines[at] = ",".join(cells) + "\n"
                path.write_text("".join(lines), encoding="utf-8")
                resource_["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
                resource_["bytes"] = path.stat().st_size
                (raw / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
                return f"{cells[head.index('indicator')]} of 34-52"
    raise AssertionError("no figure of 34-52 found")


def real(folder: Path, provinces: int) -> None:
    """Measure the project's own reports."""
    project = project_copy(folder, provinces)
    seconds, words = command(project, "--jobs", "2")
    print(f"\nreal reports, {provinces} provinces, HTML, PDF, Excel and data files: {seconds:.1f} s. {summary(words)}")
    again, words = command(project)
    print(f"  nothing changed: {again:.2f} s. {summary(words)}")
    changed = change_one_figure(project)
    seconds, words = command(project, "--jobs", "2")
    print(f"  one figure changed ({changed}): {seconds:.1f} s. {summary(words)}")


def fresh(folder: Path, many: int) -> None:
    """Measure a thousand reports that stand."""
    project = project_copy(folder)
    write_notebook(
        project / "notebooks" / "tiny.ipynb",
        [
            ("parameters", 'number: int = 0\nlanguage: str = "vi"'),
            (
                "code",
                "from dxanalysis import pages\npage = pages.open_page('34-52', language)\npage.start('quality')\n"
                "history = page.figures(history=True)\npage.recorder.value('number', number, '', str(number))\npage.finish()",
            ),
        ],
    )
    (project / "dxanalysis.toml").write_text(
        '[project]\nname_vi = "Đo thời gian"\nname_en = "Timing"\n[report]\n[[report.jobs]]\nnotebook = "tiny"\n'
        f"number = {list(range(many))}\n",
        encoding="utf-8",
    )
    seconds, words = command(project, "--jobs", "2")
    print(f"\n{many} tiny reports made: {seconds:.1f} s, {seconds / many:.3f} s each. {summary(words)}")
    times = [command(project)[0] for _ in range(5)]
    print(f"  nothing changed: {median(times):.2f} s (median of 5; {min(times):.2f} to {max(times):.2f})")


def memory(folder: Path, many: int) -> None:
    """Memory of the batch, early and late."""
    book = write_notebook(
        folder / "tiny.ipynb", [("parameters", 'region: str = ""\nseed: int = 0'), ("code", "import pandas\nseed")]
    )
    with ForkExecutor(2, ENGINE_MODULES) as executor:
        timed_on(executor, by_engine, book, folder, 20)
        marks = []
        for part in range(0, many, max(1, many // 5)):
            for future in [executor.submit(by_engine, book, folder, n) for n in range(part, part + max(1, many // 5))]:
                future.result()
            marks.append((_resident(os.getpid()), _resident(executor._server._process.pid)))
    print(f"\nmemory over {many} reports, MiB (asking process, warm process), after each fifth:")
    print("  " + ", ".join(f"{asking:.0f} and {warm:.0f}" for asking, warm in marks))
    print(f"  highest of the asking process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def _resident(pid: int) -> float:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def dask(folder: Path, count: int) -> None:
    """The same jobs on one worker process and on two."""
    from distributed import Client, LocalCluster  # noqa: PLC0415

    book = write_notebook(folder / "dask.ipynb")
    rounds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for workers, seconds in rounds.items():
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,
            ):
                client.run(by_engine, book, folder, -1)  # starts the warm process of every worker
                seconds.append(timed_on(client.get_executor(pure=False), by_engine, book, folder, count))
    one, two = (median(rounds[workers]) for workers in (1, 2))
    print(
        f"\nDask (median of 3): {one:.2f} s a report on one worker, {two:.2f} on two: efficiency {one / (2 * two):.2f}"
    )


def main() -> None:
    """Run what is asked for."""
    parts = ("small", "real", "fresh", "memory", "dask")
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--only", nargs="*", choices=parts, default=parts)
    asked.add_argument("--reports", type=int, default=16)
    asked.add_argument("--provinces", type=int, default=34)
    asked.add_argument("--many", type=int, default=1000)
    given = asked.parse_args()
    os.environ |= {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    work = {
        "small": lambda folder: small(folder, given.reports),
        "real": lambda folder: real(folder, given.provinces),
        "fresh": lambda folder: fresh(folder, given.many),
        "memory": lambda folder: memory(folder, given.many),
        "dask": lambda folder: dask(folder, given.reports),
    }
    for part in given.only:
        with tempfile.TemporaryDirectory(prefix="dx-bench-") as folder:
            work[part](Path(folder))


if __name__ == "__main__":
    main()

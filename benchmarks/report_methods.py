"""One made-up notebook of 13 cells, and ways to run it: what benchmarks/reports.py measures.

A module of its own, so that worker processes can load it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat

from dxanalysis.reports.engine.execute import execute

CELLS = (
    ("markdown", "# A quarterly panel\nMade up, to measure time."),
    ("parameters", 'region: str = "P01"\nseed: int = 1\nsteps: int = 8\nspan: int = 4\nfirst: int = 1991'),
    (
        "code",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\nimport seaborn as sns\n"
        "import statsmodels.api as sm\nimport statsmodels.formula.api as smf\nsns.set_theme()",
    ),
    (
        "code",
        "draw = np.random.default_rng(seed)\nquarters = pd.period_range(f'{first}Q1', periods=140, freq='Q')\nframes = []\n"
        "for number in range(1, 41):\n    noise = draw.normal(size=len(quarters))\n"
        "    level = 90 + 0.5 * np.arange(len(quarters)) + noise.cumsum() / 2\n"
        "    frames.append(pd.DataFrame({'region': f'P{number:02d}', 'quarter': quarters, 'level': level,\n"
        "        'rate': 4 - noise / 8 + draw.normal(0, 0.4, len(quarters)), 'price': 100 + draw.normal(0.4, 0.2, len(quarters)).cumsum()}))\n"
        "panel = pd.concat(frames, ignore_index=True)\npanel.shape",
    ),
    (
        "code",
        "own = panel[panel['region'] == region].set_index('quarter')\n"
        "own = own.assign(growth=100 * own['level'].pct_change(4), inflation=100 * own['price'].pct_change(4),\n"
        "    trend=own['level'].rolling(span).mean()).dropna()\nown.drop(columns='region').tail(8).round(2)",
    ),
    ("code", "panel.groupby('region')[['level', 'rate', 'price']].agg(['mean', 'std']).head(10).round(2)"),
    (
        "code",
        "fitted = smf.ols('growth ~ inflation + rate', data=own).fit(cov_type='HAC', cov_kwds={'maxlags': 4})\nfitted.summary()",
    ),
    (
        "code",
        "states = sm.tsa.SARIMAX(own['level'].to_numpy(), order=(1, 1, 1), trend='c').fit(disp=0, maxiter=50)\n"
        "ahead = states.get_forecast(steps).summary_frame()\nahead.round(2)",
    ),
    ("markdown", "## Pictures"),
    (
        "code",
        "figure, axes = plt.subplots(figsize=(8, 4))\naxes.plot(own.index.to_timestamp(), own['level'], label='level')\n"
        "axes.plot(own.index.to_timestamp(), own['trend'], label='trend')\naxes.legend()\naxes.set_title(region)\nplt.show()",
    ),
    (
        "code",
        "figure, axes = plt.subplots(figsize=(6, 4))\nsns.regplot(data=own, x='rate', y='growth', ax=axes, n_boot=200, seed=seed)\nplt.show()",
    ),
    (
        "code",
        "figure, axes = plt.subplots(figsize=(8, 4))\nrecent = own['level'].to_numpy()[-24:]\naxes.plot(range(24), recent)\n"
        "axes.plot(range(24, 24 + steps), ahead['mean'])\n"
        "axes.fill_between(range(24, 24 + steps), ahead['mean_ci_lower'], ahead['mean_ci_upper'], alpha=0.3)\nplt.show()",
    ),
    ("code", "{'region': region, 'slope': float(fitted.params['inflation']), 'ahead': float(ahead['mean'].iloc[-1])}"),
)


def write_notebook(path: Path, cells: Iterable[tuple[str, str]] = CELLS) -> Path:
    """Write the measured notebook."""
    book = nbformat.v4.new_notebook()
    for kind, source in cells:
        cell = nbformat.v4.new_markdown_cell(source) if kind == "markdown" else nbformat.v4.new_code_cell(source)
        if kind == "parameters":
            cell.metadata["tags"] = ["parameters"]
        book.cells.append(cell)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.metadata["language_info"] = {"name": "python"}
    nbformat.write(book, path)
    return path


def values(number: int) -> dict[str, str | int]:
    """Parameters of one of the measured reports."""
    return {"region": f"P{number % 40 + 1:02d}", "seed": 1000 + number}


# What each method does for one report.
def by_command(book: Path, folder: Path, number: int) -> None:
    """papermill as a command."""
    given = [word for name, value in values(number).items() for word in ("-p", name, str(value))]
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        *given,
        str(book),
        str(folder / f"{number}.ipynb"),
    ]
    subprocess.run(command, check=True, capture_output=True)


def by_papermill(book: Path, folder: Path, number: int) -> None:
    """papermill as a library."""
    import papermill  # noqa: PLC0415  # only this method loads it

    papermill.execute_notebook(book, folder / f"{number}.ipynb", values(number), progress_bar=False)


def by_engine(book: Path, folder: Path, number: int) -> None:
    """The project's engine."""
    failure = execute(book, folder / f"{number}.ipynb", values(number), cwd=folder).failure
    assert failure is None, failure


def plainly(book: Path, numbers: Iterable[int]) -> list[float]:
    """The cells alone in this process, pictures drawn and tables written as a notebook would; seconds of each report."""
    import matplotlib.pyplot as plt  # noqa: PLC0415

    read = nbformat.read(book, 4)
    cells = [(c.source, c.metadata.get("tags", [])) for c in read.cells if c.cell_type == "code"]
    seconds = []
    for number in numbers:
        began = time.perf_counter()
        names: dict[str, object] = {}
        for source, tags in cells:
            exec(source.replace("%matplotlib inline", "").replace("plt.show()", ""), names)
            if "parameters" in tags:
                names.update(values(number))
            for figure in plt.get_fignums():
                plt.figure(figure).savefig(io.BytesIO(), format="png", bbox_inches="tight", dpi=72)
            plt.close("all")
        for name in ("own", "ahead"):
            names[name].to_html()  # type: ignore[attr-defined]
        names["fitted"].summary().as_html()  # type: ignore[attr-defined]
        seconds.append(time.perf_counter() - began)
    return seconds

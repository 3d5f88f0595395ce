"""The demonstration of the methods on a real table: what each step gave, as small tables in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from dxanalysis import charts
from dxanalysis.accounts.definitions import Coverage, Definition, registry, unsettled
from dxanalysis.accounts.linkages.extraction import Extraction
from dxanalysis.accounts.linkages.multipliers import Linkages
from dxanalysis.accounts.measures.compare import Comparison
from dxanalysis.accounts.tables.models import Transformed
from dxanalysis.accounts.tables.table import InputOutputTable, Vector
from dxanalysis.accounts.worked_example import DEFINITION
from dxanalysis.errors import ParameterError
from dxanalysis.i18n import Texts
from dxanalysis.pages.page import each
from dxanalysis.reports.recording.recorder import Recorder


def start(recorder: Recorder, t: Texts, year: int) -> None:
    """Give the demonstration its title."""
    recorder.meta(title=t("pages.demo.title", year=str(year)), subtitle=t("pages.demo.subtitle"), language=t.language)


def show_table(recorder: Recorder, t: Texts, made: Transformed, embodied: Vector) -> None:
    """What the table of the economy holds, and whether final demand explains all of its value added."""
    table = made.table
    rows = [
        (t("pages.demo.sectors"), t.number(table.n)),
        (t("pages.demo.value_added"), t.number(table.gdp, 0)),
        (t("pages.demo.embodied"), t.percent(100 * float(embodied.sum()) / table.gdp, 1)),
        (t("pages.demo.negatives"), t.number(len(made.negatives))),
    ]
    _facts(recorder, t, "table", rows, t("pages.demo.table_caption"), note=t("pages.demo.table_note"))


def show_definitions(recorder: Recorder, t: Texts, table: InputOutputTable, ratios: Mapping[str, float]) -> None:
    """Which definitions of the registry fit the table, and what the others would need."""
    rows = [
        {"id": one.id, "title": f"{one.title} ({one.owner})", "fits": _fits(t, table, one, ratios)}
        for one in registry().values()
    ]
    labels = {name: t(f"pages.demo.column_{name}") for name in ("id", "title", "fits")}
    recorder.table("definitions", rows, t("pages.demo.definitions_caption"), labels=labels)


def _fits(t: Texts, table: InputOutputTable, one: Definition, ratios: Mapping[str, float]) -> str:
    try:
        open_sectors = unsettled(table, one)
    except ParameterError:
        return t("pages.demo.fits_not", codes=", ".join(one.codes))
    missing = [code for code in open_sectors if code not in ratios]
    if missing:
        return t("pages.demo.fits_with_more", sectors=", ".join(missing))
    return t("pages.demo.fits_with", sectors=", ".join(open_sectors)) if open_sectors else t("pages.demo.fits")


def settled(table: InputOutputTable, chosen: Definition, ratios: Mapping[str, float]) -> dict[str, float]:
    """Those of the ratios that the definition asks for: it holds the whole of the other sectors or nothing of them."""
    return {code: ratios[code] for code in unsettled(table, chosen) if code in ratios}


def show_coverage(recorder: Recorder, t: Texts, table: InputOutputTable, covered: Coverage) -> None:
    """Which sectors are digital by the definition, and how much of each."""
    rows = [
        {
            "sector": _sector(t, table, code),
            "part": t.percent(100 * float(weight), 0),
            "value": t.percent(100 * float(weight * earned) / table.gdp, 2),
        }
        for code, weight, earned in zip(table.sectors, covered.weights, table.gross_value_added, strict=True)
        if weight > 0
    ]
    labels = {
        "sector": t("pages.demo.column_sector"),
        "part": t("pages.demo.column_part"),
        "value": t("pages.example.axis"),
    }
    caption = t("pages.demo.coverage_caption", title=_title(t, covered.definition))
    recorder.table("coverage", rows, caption, labels=labels, number_columns=("part", "value"))


def show_methods(recorder: Recorder, t: Texts, comparison: Comparison, chosen: Definition) -> None:
    """Every method's share with its parts, as a table and as a picture, and what the others would need."""
    rows = [
        {
            "method": t(f"pages.example.method_{one.method}"),
            "share": t.percent(one.estimate, 2),
            "parts": "; ".join(f"{_part(t, name)} {t.number(value, 2)}" for name, value in one.parts),
        }
        for one in comparison.shares
    ]
    missing = [
        t(
            "pages.demo.missing",
            method=t(f"pages.methods.{one.wanted.partition(':')[2]}"),
            reason=t(f"pages.reason.{one.reason}"),
        )
        for one in comparison.missing
    ]
    labels = {
        "method": t("pages.column.method"),
        "share": t("pages.example.axis"),
        "parts": t("pages.demo.column_parts"),
    }
    caption = t("pages.demo.methods_caption", title=_title(t, chosen), year=comparison.period)
    recorder.table("methods", rows, caption, labels=labels, number_columns=("share",), note=" ".join(missing))
    _draw_methods(recorder, t, comparison, chosen, caption)


def _draw_methods(recorder: Recorder, t: Texts, comparison: Comparison, chosen: Definition, caption: str) -> None:
    frame = comparison.to_frame()
    frame = frame.assign(
        definition=_title(t, chosen), method=[t(f"pages.example.method_{name}") for name in frame["method"]]
    )
    chart = charts.methods(
        frame, number=lambda value: t.percent(value, 1), ticks=t.percent_tick, axis=t("pages.example.axis"),
        headings={
            "definition": t("pages.example.column_definition"), "method": t("pages.column.method"), "share": t("pages.column.share"),
            "low": t("pages.column.low"), "high": t("pages.column.high"), "bound": t("pages.example.column_bound"),
        },
    )  # fmt: skip
    alt = t(
        "pages.example.methods_alt",
        parts=t.listing([f"{row.method} {t.percent(float(row.share), 1)}" for row in each(frame)]),
    )
    recorder.figure(
        "methods", wide_svg=chart.wide_svg, narrow_svg=chart.narrow_svg, alt=alt, caption=caption, data=chart.data
    )


def show_linkages(
    recorder: Recorder, t: Texts, table: InputOutputTable, links: Linkages, sectors: Sequence[str]
) -> None:
    """Linkages of some sectors and what they make of each."""
    frame: pd.DataFrame = links.to_frame().set_index("sector").loc[list(sectors)].reset_index()
    rows = [
        {
            "sector": _sector(t, table, str(row.sector)),
            "backward": t.number(float(row.backward), 2),
            "forward": t.number(float(row.forward), 2),
            "role": t(f"pages.demo.role_{row.role}"),
        }
        for row in each(frame)
    ]
    labels = {
        "sector": t("pages.demo.column_sector"),
        "backward": t("pages.example.backward"),
        "forward": t("pages.example.forward"),
        "role": t("pages.demo.column_role"),
    }
    recorder.table(
        "linkages", rows, t("pages.demo.linkages_caption"), labels=labels, number_columns=("backward", "forward")
    )


def show_extraction(recorder: Recorder, t: Texts, lost: Extraction) -> None:
    """What the economy would lose without some sectors."""
    rows = [
        (t("pages.demo.lost_all"), t.percent(lost.total_share, 2)),
        (t("pages.demo.lost_own"), t.percent(lost.total_share - lost.others_share, 2)),
        (t("pages.demo.lost_others"), t.percent(lost.others_share, 2)),
    ]
    caption = t("pages.demo.extraction_caption", sectors=", ".join(lost.extracted))
    _facts(recorder, t, "extraction", rows, caption)


def _facts(
    recorder: Recorder, t: Texts, name: str, rows: Sequence[tuple[str, str]], caption: str, note: str = ""
) -> None:
    labels = {"what": t("pages.demo.column_what"), "value": t("pages.demo.column_number")}
    told = [{"what": what, "value": value} for what, value in rows]
    recorder.table(name, told, caption, labels=labels, number_columns=("value",), note=note)


def _title(t: Texts, chosen: Definition) -> str:
    """Title of a definition: as its owner prints it, or this project's own in the reader's language."""
    return t("pages.example.definition") if chosen.id == DEFINITION else chosen.title


def _sector(t: Texts, table: InputOutputTable, code: str) -> str:
    """Code and name of a sector; its name in the source where there is none in the reader's language."""
    key = f"pages.example.industry_{code}"
    return f"{code} {t(key) if t.has(key) else table.labels[table.position(code)]}"


def _part(t: Texts, name: str) -> str:
    key = f"pages.demo.part_{name}"
    return t(key) if t.has(key) else name

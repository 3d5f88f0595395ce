"""Which text keys the code asks for: written out, or put together from the codes that results carry."""

from __future__ import annotations

import ast
import csv
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args

import dxanalysis
from dxanalysis.accounts.assumption import Basis
from dxanalysis.accounts.definitions import cover, registry, unsettled
from dxanalysis.accounts.linkages.multipliers import Role
from dxanalysis.accounts.measures.compare import TABLE_METHODS
from dxanalysis.accounts.national import LevelEvidence
from dxanalysis.accounts.worked_example import LAST, brazilian_table
from dxanalysis.data.schema import STATUSES
from dxanalysis.forecast.answers.scenarios import Name as ScenarioName
from dxanalysis.forecast.choice import Model
from dxanalysis.forecast.evidence import Gap, Reason
from dxanalysis.forecast.official import (
    AarrClass,
    AnticipatedClass,
    EurostatClass,
    EurostatTrendClass,
    NotApplicableReason,
    OecdClass,
    Rule,
    SdsnClass,
    StatusClass,
    UnClass,
)
from dxanalysis.forecast.panel import PER_YEAR
from dxanalysis.forecast.prior import shipped
from dxanalysis.forecast.reliability import measured
from dxanalysis.pages.contribution import INDUSTRIES
from dxanalysis.pages.methods import FROM_TABLES
from dxanalysis.pages.promises import CASES
from dxanalysis.reports.recording.items import NoteKind, Tone
from trial import ROOT

SOURCE = Path(dxanalysis.__file__).parent
# Rooms whose results no page says yet: an economist reads their codes.
UNSAID = tuple(f"accounts/{room}/" for room in ("elasticity", "growth", "quarterly", "regional"))
# Catalogues whose keys the code writes out whole; the words of the report pages ("reports") are named by templates too.
WHOLE = sorted({path.name.split(".")[0] for path in (SOURCE / "i18n").glob("*.toml")} - {"reports"})
_KEY = re.compile(rf"(?:{'|'.join(WHOLE)})(?:\.[a-z0-9_]+)+")
_FILE_NAME = re.compile(r"\.(?:html|json|md|j2|css)$")
_FAMILY = re.compile(rf"(?:{'|'.join(WHOLE)})\..*")


@cache
def _modules() -> tuple[tuple[str, tuple[ast.AST, ...]], ...]:
    """Every module of the package with the nodes of its syntax tree."""
    return tuple(
        (path.relative_to(SOURCE).as_posix(), tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
        for path in sorted(SOURCE.rglob("*.py"))
    )


def modules(folder: str = "") -> Iterator[tuple[str, tuple[ast.AST, ...]]]:
    """Modules of one folder of the package, or all, with the nodes of their syntax trees."""
    return ((module, nodes) for module, nodes in _modules() if not folder or module.startswith(f"{folder}/"))


@cache
def literal_keys() -> dict[str, str]:
    """Keys written out as one string -> module."""
    found: dict[str, str] = {}
    for module, nodes in modules():
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            text = node.value if isinstance(node, ast.Constant) and id(node) not in parts else None
            if isinstance(text, str) and _KEY.fullmatch(text) and not _FILE_NAME.search(text):
                found[text] = module
    return found


def family_patterns() -> dict[str, str]:
    """Keys put together by an f-string, each value replaced by ``{}`` -> module."""
    found: dict[str, str] = {}
    for module, nodes in modules():
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
                if _FAMILY.fullmatch(text):
                    found[text] = module
    return found


def _branches(value: ast.expr) -> list[ast.expr]:
    """What a value can be, through nested conditional expressions."""
    if isinstance(value, ast.IfExp):
        return [*_branches(value.body), *_branches(value.orelse)]
    return [value]


@cache
def _keyword_texts(folder: str, name: str, *, call: str = "") -> frozenset[tuple[str, str]]:
    """Texts given to a keyword, or put into a variable of that name: (module, text)."""
    found: set[tuple[str, str]] = set()
    for module, nodes in modules(folder):
        for node in nodes:
            values: list[ast.expr] = []
            if isinstance(node, ast.Call) and (not call or (isinstance(node.func, ast.Name) and node.func.id == call)):
                values = [keyword.value for keyword in node.keywords if keyword.arg == name]
            elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                values = [node.value]
            for value in values:
                for branch in _branches(value):
                    if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                        found.add((module, branch.value))
    return frozenset(found)


def _other_kinds() -> set[str]:
    """Codes of provinces that the transfer is not meant for."""
    (function,) = (
        node
        for _, nodes in modules("accounts")
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name == "other_kind"
    )
    texts = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and text.endswith("_heavy")}


def owner_slug(owner: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", owner.lower()).strip("_")


def _owners() -> set[str]:
    with (ROOT / "data" / "raw" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        return {owner_slug(row["owner"]) for row in csv.DictReader(stream)}


def _page_kinds() -> set[str]:
    """Kinds of pages that the notebooks start."""
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    return set(re.findall(r"page\.start\(\\\"([a-z]+)\\\"\)", texts))


def families(assumptions: set[str]) -> dict[str, set[str]]:
    """Members of every family of keys, by pattern, from the codes in the library; ``assumptions`` are the ids of a transfer's own."""
    # A check that cannot be made is only counted on the page, so its reason is never said; what a backtest lacks has sentences of its own.
    reasons = {
        text
        for folder in ("accounts", "pages")
        for module, text in _keyword_texts(folder, "reason")
        if module not in {"accounts/check.py", "pages/backtest.py"} and not module.startswith(UNSAID)
    }
    kinds = _page_kinds()
    return {
        "common.period.half{}": {"1", "2"},
        "common.status.{}": set(STATUSES),
        # Percent signs, plain counts, ranks, yes and no, and group names have no unit word.
        "common.unit.{}": {"bn_vnd", "m_vnd", "usd", "bn_usd", "points", "score_0_1", "mbps", "km2", "per_100"},
        "pages.aim.{}": {"at_least", "at_most", "exactly", "full"},
        "pages.answer.{}": {"met", "missed"},
        "pages.area.{}": {"agri", "indcon", "services", "core", "digitalised"},
        "pages.assumption.{}": assumptions,
        "pages.attainment.count_{}": set(CASES),
        "pages.attainment.method_{}": {"model", "official", "revisions", "limits"},
        "pages.basis.{}": {basis.replace(" ", "_") for basis in get_args(Basis)},
        "pages.contribution.composition_{}_alt": {"areas", "kinds"},
        "pages.contribution.composition_{}_caption": {"areas", "kinds"},
        "pages.contribution.{}": _other_kinds(),
        "pages.evidence.{}": {"caller", *get_args(LevelEvidence)}
        | {text for _, text in _keyword_texts("accounts", "evidence")},
        "pages.example.industry_{}": _industries(),
        "pages.demo.column_{}": {"id", "title", "fits"},
        "pages.demo.part_{}": _parts(),
        "pages.demo.role_{}": set(get_args(Role)),
        "pages.example.method_{}": set(TABLE_METHODS) - {"growth_accounting"},
        "pages.example.part_{}": {"electronics", "ict_services", "others", "structure"},
        "pages.industry.{}": set(INDUSTRIES.values()),
        "pages.example.unknown_{}": {"definition", "split", "delta", "quotient", "release"},
        "pages.fan.{}": {"history", "median", "range80", "range95", "year", "value", "kind"},
        "pages.figures.{}": set(PER_YEAR),
        "pages.gap.{}": set(get_args(Gap)),
        "pages.methods.{}": set(FROM_TABLES),
        "pages.methods.needs_{}": set(FROM_TABLES),
        "pages.model.{}": set(get_args(Model)),
        "pages.note.{}": _other_kinds() | {
            text for module, text in _keyword_texts("accounts", "code", call="Note") if not module.startswith(UNSAID)
        },
        "pages.official.aarr.{}": set(get_args(AarrClass)),
        "pages.official.escap_anticipated_progress.{}": set(get_args(AnticipatedClass)),
        "pages.official.escap_current_status.{}": set(get_args(StatusClass)),
        "pages.official.eurostat.{}": set(get_args(EurostatClass)),
        "pages.official.eurostat_trend.{}": set(get_args(EurostatTrendClass)),
        "pages.official.oecd.{}": set(get_args(OecdClass)),
        "pages.official.reason.{}": set(get_args(NotApplicableReason)),
        "pages.official.sdsn.{}": set(get_args(SdsnClass)),
        "pages.official.un_progress_chart.{}": set(get_args(UnClass)),
        "pages.official.un_progress_chart_trend.{}": set(get_args(UnClass)),
        "pages.attainment.{}": {"evidence_weak", "evidence_short"},
        "pages.backtest.word_{}": {"kind", "forecast", "met", "n", "honest"},
        "pages.panel.{}": {family.name for family in shipped().families} | {one.name for one in measured().panels},
        "pages.scenario.{}": set(get_args(ScenarioName)),
        "pages.outlook.{}": {
            "latest", "chance", "chance_upper", "chance_by", "chance_by_part", "date_reached", "date_reached_part", "pace_soon", "similar", "range", "date", "pace", "mean", "evidence", *get_args(Rule),
        },
        "pages.quantile.q{}": {"25", "500", "975"},
        "pages.reason.{}": reasons,
        "pages.unknown.{}": set(get_args(Reason)),
        "pages.{}.short": kinds,
        "pages.{}.subtitle": kinds,
        "pages.{}.title": kinds,
        "pages.{}.title_nation": {"contribution"},
        **_room_families(),
    }  # fmt: skip


def _industries() -> set[str]:
    """Industries of the worked example that a definition of the registry touches."""
    table = brazilian_table(LAST)
    fitting = [one for one in registry().values() if {"isic4", table.classification} & set(one.codes)]
    return {
        code
        for one in fitting
        for code in (
            *unsettled(table, one),
            *cover(table, one, ratios=dict.fromkeys(unsettled(table, one), 0.5)).groups,
        )
    }


def _parts() -> set[str]:
    """Parts of a digital share: the groups of the definitions, and the parts that a method divides it into."""
    groups = {code.group for one in registry().values() for listed in one.codes.values() for code in listed}
    return (groups - {""}) | {
        "digital_output", "digital_sectors", "other_sectors_in_digital_demand", "core", "digitalised",
    }  # fmt: skip


def _room_families() -> dict[str, set[str]]:
    """Families that a room of the package lists in a file of its own beside this one: ``families_ROOM.py``."""
    return {pattern: members for module in _rooms() for pattern, members in module.FAMILIES.items()}


def room_exceptions(name: str) -> dict[str, str]:
    """What the files of the rooms list as ``SAME`` or ``NO_DIACRITICS``: key -> reason."""
    return {key: why for module in _rooms() for key, why in getattr(module, name, {}).items()}


@cache
def _rooms() -> list[ModuleType]:
    found: list[ModuleType] = []
    for path in sorted(Path(__file__).parent.glob("families_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.append(module)
    return found


def wanted(assumptions: set[str]) -> set[str]:
    """Every key, but those of the report pages, that the code can ask for."""
    made = {pattern.replace("{}", member) for pattern, members in families(assumptions).items() for member in members}
    return set(literal_keys()) | made | {f"pages.owner.{owner}" for owner in _owners()}


def labels_named() -> set[str]:
    """Words of the report pages that templates and modules of ``reports`` name."""
    templates = "".join(p.read_text(encoding="utf-8") for p in (SOURCE / "reports").rglob("*.j2"))
    named = set(re.findall(r'"([a-z_]+)"', templates))
    for _, nodes in modules("reports"):
        named |= {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    named |= {f"tone_{tone}" for tone in get_args(Tone)} | {f"note_{kind}" for kind in get_args(NoteKind)}
    return {f"reports.{name}" for name in named | {"digest_code", "digest_data", "digest_environment"}}

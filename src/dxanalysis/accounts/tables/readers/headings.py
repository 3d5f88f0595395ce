"""What the headings of a table mean, in English and Vietnamese; a heading that is not listed is asked about, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from dxanalysis.accounts.tables.table import DEMANDS
from dxanalysis.errors import ParameterError

# Sums that are checked and not added; what each may be the sum of is in totals.py.
TOTALS: Final = (
    "total", "total_intermediate", "total_final", "total_use", "total_value_added", "total_consumption", "total_investment",
)  # fmt: skip
COLUMNS: Final = (*DEMANDS, "imports", "output", *TOTALS, "ignore")
ROWS: Final = ("imports", "taxes", "component", "output", *TOTALS, "ignore")

_BOTH: Final = {
    "total": ("total", "sum", "tổng", "tổng số", "tổng cộng", "cộng"),
    "total_intermediate": (
        "intermediate", "total intermediate", "intermediate consumption", "total intermediate consumption", "intermediate use",
        "intermediate demand", "total intermediate use", "total intermediate demand", "intermediate inputs", "total intermediate inputs",
        "chi phí trung gian", "tổng chi phí trung gian", "tiêu dùng trung gian", "tổng tiêu dùng trung gian", "nhu cầu trung gian",
        "tổng nhu cầu trung gian", "sử dụng trung gian",
    ),
    "output": (
        "output", "gross output", "total output", "output at basic prices", "total input", "total inputs", "giá trị sản xuất",
        "tổng giá trị sản xuất", "giá trị sản xuất theo giá cơ bản", "tổng đầu vào", "go",
    ),
    "imports": ("imports", "import", "total imports", "imported inputs", "nhập khẩu", "tổng nhập khẩu", "imports of goods and services", "nhập khẩu hàng hóa và dịch vụ"),
}  # fmt: skip
_COLUMNS: Final = {
    **_BOTH,
    "households": (
        "households", "household consumption", "household final consumption", "household final consumption expenditure", "private consumption",
        "final consumption expenditure by households", "hfce", "tiêu dùng của hộ gia đình", "tiêu dùng hộ gia đình", "hộ gia đình",
        "tiêu dùng cuối cùng của hộ gia đình", "tiêu dùng cuối cùng hộ gia đình", "chi tiêu của hộ gia đình", "tiêu dùng cá nhân",
    ),
    "npish": (
        "npish", "non profit institutions serving households", "final consumption of npish",
        "final consumption expenditure by non profit organisations serving households",
        "tổ chức không vì lợi phục vụ hộ gia đình", "tiêu dùng của các tổ chức không vì lợi phục vụ hộ gia đình", "tổ chức không vì lợi",
    ),
    "government": (
        "government", "government consumption", "government final consumption", "general government final consumption", "ggfc",
        "government final consumption expenditure", "final consumption expenditure by government", "public consumption",
        "chi tiêu của chính phủ", "chi tiêu chính phủ", "tiêu dùng của chính phủ", "tiêu dùng chính phủ", "tiêu dùng cuối cùng của chính phủ",
        "tiêu dùng của nhà nước", "tiêu dùng cuối cùng của nhà nước", "chính phủ", "nhà nước",
    ),
    "investment": (
        "investment", "gfcf", "gross fixed capital formation", "fixed capital formation", "tích lũy tài sản cố định",
        "tổng tích lũy tài sản cố định", "tích lũy tscđ", "tài sản cố định", "đầu tư",
    ),
    "inventories": (
        "inventories", "changes in inventories", "change in inventories", "inventory change", "changes in stocks", "invnt",
        "changes in inventories and valuables", "changes in inventories and acquisitions less disposals of valuables",
        "thay đổi tồn kho", "tích lũy tài sản lưu động", "thay đổi hàng tồn kho", "tồn kho", "tích lũy tài sản lưu động và tài sản quý hiếm",
    ),
    "exports": ("exports", "export", "total exports", "exports of goods and services", "xuất khẩu", "tổng xuất khẩu", "xuất khẩu hàng hóa và dịch vụ"),
    "other": (
        "other", "other final demand", "changes in valuables", "acquisitions less disposals of valuables", "statistical discrepancy", "discrepancy",
        "sai số", "sai số thống kê", "khác", "tích lũy tài sản quý hiếm", "tài sản quý hiếm",
    ),
    "total_final": (
        "total final", "total final demand", "final demand", "total final use", "final use", "total final uses", "sử dụng cuối cùng",
        "tổng sử dụng cuối cùng", "nhu cầu cuối cùng", "tổng nhu cầu cuối cùng", "cầu cuối cùng",
    ),
    "total_use": ("total use", "total uses", "total demand", "total supply", "tổng sử dụng", "tổng nhu cầu", "tổng cầu", "tổng cung"),
    "total_consumption": ("final consumption", "total final consumption", "final consumption expenditure", "tiêu dùng cuối cùng", "tổng tiêu dùng cuối cùng"),
    "total_investment": ("gross capital formation", "total gross capital formation", "capital formation", "tích lũy", "tích lũy tài sản", "tổng tích lũy", "tổng tích lũy tài sản"),
}  # fmt: skip
# Components of value added by the name that a table made here gives them.
_COMPONENTS: Final = {
    "compensation": (
        "compensation", "compensation of employees", "employee compensation", "wages", "wages and salaries", "thu nhập của người lao động",
        "thu của người lao động", "thu nhập người lao động", "thu nhập của người lao động từ sản xuất",
    ),
    "taxes_on_production": (
        "taxes on production", "taxes less subsidies on production", "other taxes less subsidies on production", "net taxes on production",
        "other taxes on production", "production taxes", "thuế sản xuất", "thuế sản xuất khác", "thuế sản xuất trừ trợ cấp sản xuất",
        "thuế sản xuất trừ trợ cấp", "thuế sản xuất khác trừ trợ cấp sản xuất",
    ),
    "depreciation": (
        "depreciation", "consumption of fixed capital", "fixed capital consumption", "khấu hao", "khấu hao tài sản cố định", "khấu hao tscđ",
        "tiêu dùng tài sản cố định",
    ),
    "surplus": (
        "surplus", "operating surplus", "net operating surplus", "gross operating surplus", "operating surplus gross", "operating surplus net",
        "gross operating surplus and mixed income", "net operating surplus and mixed income", "thặng dư", "thặng dư sản xuất", "thặng dư hoạt động",
        "thặng dư và thu nhập hỗn hợp",
    ),
    "mixed_income": ("mixed income", "gross mixed income", "thu nhập hỗn hợp"),
}  # fmt: skip
_ROWS: Final = {
    **_BOTH,
    **_COMPONENTS,
    "taxes": (
        "taxes", "taxes on products", "taxes less subsidies on products", "net taxes on products", "product taxes", "tls", "taxsub",
        "thuế sản phẩm", "thuế trừ trợ cấp sản phẩm", "thuế sản phẩm trừ trợ cấp sản phẩm", "thuế trừ trợ cấp sản xuất sản phẩm",
    ),
    "component": ("component of value added",),
    "total_value_added": (
        "value added", "total value added", "gross value added", "value added at basic prices", "gva", "va", "valu", "giá trị tăng thêm",
        "tổng giá trị tăng thêm", "giá trị gia tăng", "tổng giá trị gia tăng", "giá trị tăng thêm theo giá cơ bản",
    ),
}  # fmt: skip
COMPONENTS: Final = tuple(_COMPONENTS)
NAMES_COLUMN: Final = frozenset(
    {"name", "names", "label", "labels", "description", "sector", "industry", "product", "ten", "ten nganh", "nganh", "ten san pham", "san pham", "dien giai"}
)  # fmt: skip


def plain(heading: str) -> str:
    """A heading for comparison: small letters without accents, brackets, punctuation or doubled blanks."""
    text = unicodedata.normalize("NFD", re.sub(r"\([^)]*\)", " ", heading).casefold().replace("đ", "d"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def _flat(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {plain(name): meaning for meaning, listed in names.items() for name in listed}


_KNOWN: Final = {"column": _flat(_COLUMNS), "row": _flat(_ROWS)}


def meaning(heading: str, side: str, given: Mapping[str, str]) -> str | None:
    """What a heading of a ``row`` or ``column`` means, or None where it is not known; what the caller gave goes first.

    A row of value added means its component's name: ``compensation``, ``taxes_on_production``, ``depreciation``, ``surplus`` or
    ``mixed_income``, or ``component`` for one that keeps its heading as its name.
    """
    text = plain(heading)
    return given.get(text) or _KNOWN[side].get(text) if text else None


def given_meanings(given: Mapping[str, str] | None, side: str) -> Mapping[str, str]:
    """A caller's headings, made comparable.

    Raises
    ------
    ParameterError
        When a meaning is none of ``COLUMNS`` or ``ROWS``.
    """
    allowed = COLUMNS if side == "column" else (*ROWS, *COMPONENTS)
    for heading, meant in (given or {}).items():
        if meant not in allowed:
            raise ParameterError(
                f"{side}s={{{heading!r}: {meant!r}}}: {meant!r} is no meaning of a {side}",
                fix=f"Use one of {', '.join(allowed)}",
            )
    return {plain(heading): meant for heading, meant in (given or {}).items()}

"""Published figures, as published: reading, checking, storing, and looking up what was known when."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dxanalysis.data.store import Store, open_store

__all__ = ["Store", "open_store"]

# Loaded when first asked for: the freshness check must not pay for pandas.
_HOMES = {
    "Store": "dxanalysis.data.store",
    "open_store": "dxanalysis.data.store",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)


def __dir__() -> list[str]:
    return sorted(__all__)
